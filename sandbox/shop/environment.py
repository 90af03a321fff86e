"""What the environment variables say about this run of the shop. Plain values, no Django."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

SANDBOX = Path(__file__).resolve().parent.parent

# Everything that a run writes is in here; removing it starts over.
VAR = Path(os.environ.get("SANDBOX_VAR", SANDBOX / "var"))
# Off: a page that is missing or broken looks as it does in a shop. DJANGO_DEBUG=1 shows why.
DEBUG = os.environ.get("DJANGO_DEBUG", "0") not in ("0", "false", "no", "")


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SystemExit(f"{variable} must be a port between 1 and 65535, not {text!r}.")
    return int(text)


PORT = _port("PORT", 8000)
STANDIN_PORT = _port("STANDIN_PORT", PORT + 1)

# Where the world reaches this shop, if it does: the address of a tunnel to this machine.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "").rstrip("/")
BASE_URL = PUBLIC_URL or f"http://127.0.0.1:{PORT}"

# A test key of Stripe's; without it the payment stand-in plays Stripe.
STRIPE_SECRET_KEY = os.environ.get("STRIPE_SECRET_KEY", "")
STANDIN_URL = f"http://127.0.0.1:{STANDIN_PORT}"
# Not a secret: the stand-in accepts any key of the right form, and dj-stripe checks the form.
STANDIN_SECRET_KEY = "sk_test_" + "0sandbox" * 4


def secret_key() -> str:
    """Return the shop's secret key, made once and kept with the rest of the data."""
    path = VAR / "secret-key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def database() -> dict:
    """Return Django's description of the database.

    SQLite in the data directory; or PostgreSQL by ``DATABASE_URL``, such as
    ``postgresql://user:password@host:5432/name`` (options after ``?``, a socket by ``?host=``).

    Raises:
        ValueError: ``DATABASE_URL`` names another kind of database.
    """
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "shop.sqlite3",
            "OPTIONS": {
                # Web threads and webhooks write at the same time. A transaction that begins as a
                # reader and then writes fails at once in SQLite, however long the timeout; one
                # that asks for the lock at its beginning waits for its turn.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    url = urlsplit(address)
    if url.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must be an address such as postgresql://user@host/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "OPTIONS": dict(parse_qsl(url.query)),
    }
