"""The sandbox shop's settings, for tests: throw-away data, nothing leaves the process."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Before the shop's settings are read: they write a secret key and a search index there. One folder
# for each process, so that pytest-xdist's workers keep out of each other's way.
_VAR = Path(tempfile.mkdtemp(prefix="oscar-subscriptions-tests-"))
atexit.register(shutil.rmtree, _VAR, ignore_errors=True)
os.environ["SANDBOX_VAR"] = str(_VAR)
os.environ.pop("STRIPE_SECRET_KEY", None)
os.environ.pop("DATABASE_URL", None)

from shop.settings import *  # noqa: E402

DEBUG = False
ALLOWED_HOSTS = ["*"]
# A file, not memory: web threads need connections of their own, as in a shop.
DATABASES["default"]["TEST"] = {"NAME": _VAR / "test.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = _VAR / "media"
LANGUAGE_CODE = "en"
OSCAR_SUBSCRIPTIONS_BASE_URL = "https://shop.example"
# As by default; the tests of automatic renewal offer it.
OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
# The stand-in's address is set by the fixture that starts it; nothing listens here.
STRIPE_API_HOST = "http://127.0.0.1:9"
LOGGING = {"version": 1, "disable_existing_loggers": False}
# The search index stays the shop's, in files below _VAR. (Whoosh's index in memory would be one for
# each thread, and all processes would share, and delete, the folder of its temporary files.)
