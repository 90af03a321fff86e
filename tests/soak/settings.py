"""The sandbox shop on PostgreSQL, with a fuse; ``tests.soak.place`` says where everything is."""

import os

from runner.ports import HOST
from shop.settings import *
from tests.own_migrations import OnlyOurs

MIDDLEWARE = ["tests.soak.fuse.outermost", *MIDDLEWARE, "tests.soak.fuse.innermost"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = HOST, int(os.environ["SOAK_MAIL_PORT"]), 30
MIGRATION_MODULES = OnlyOurs()
# A slow hash protects passwords; here it would only take time from what is tested.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
