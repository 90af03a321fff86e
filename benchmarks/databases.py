"""Addresses of databases, and Django's description of them. No Django is needed to import it."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit


def described(url: str) -> dict[str, object]:
    """Return Django's description of the PostgreSQL database at ``url``."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": parse_qs(parts.query).get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "ATOMIC_REQUESTS": True,
    }


def named(url: str, name: str) -> str:
    """Return the address of the database ``name`` on the server of ``url``."""
    return urlsplit(url)._replace(path=f"/{quote(name)}").geturl()
