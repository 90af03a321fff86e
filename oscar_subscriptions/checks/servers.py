"""Checks of the servers behind the shop: database and mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.mail.backends.smtp import EmailBackend
from django.db import connections, router
from django.utils.module_loading import import_string

from oscar_subscriptions.checks.database import TAG, AppConfigs
from oscar_subscriptions.loading import registered

# The test suite runs on these.
VENDORS = ("postgresql", "sqlite")
SQLITE_SECONDS = 10


@register(TAG)
def check_database(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """E003, W008: the database has the constraints and locks that terms and payments rely on."""
    connection = connections[router.db_for_write(registered.Term)]
    if connection.vendor not in VENDORS:
        return [
            Error(
                f"Subscriptions are not safe on {connection.display_name}: it ignores the "
                "constraint that an order has one open payment, may compare the provider's ids "
                "without regard to case, and the locks that keep terms apart are not tested on "
                "it.",
                hint="Use PostgreSQL, or SQLite on one machine.",
                id="oscar_subscriptions.E003",
            )
        ]
    return _sqlite(connection.settings_dict) if connection.vendor == "sqlite" else []


def _sqlite(database: dict[str, Any]) -> list[CheckMessage]:
    """Warn of settings under which transactions begin as readers, or give up waiting early."""
    options = database.get("OPTIONS", {})
    mode = str(options.get("transaction_mode") or "").upper()
    # Python's own default is 5 seconds.
    if mode in ("IMMEDIATE", "EXCLUSIVE") and options.get("timeout", 5) >= SQLITE_SECONDS:
        return []
    return [
        Warning(
            "Two who pay at once can fail with “database is locked”: a transaction that begins as "
            "a reader can't wait for its turn to write.",
            hint='Set DATABASES["default"]["OPTIONS"] to {"transaction_mode": "IMMEDIATE", '
            '"timeout": 20}, or use PostgreSQL.',
            id="oscar_subscriptions.W008",
        )
    ]


@register(TAG)
def check_mail(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """W009: connections to the mail server time out."""
    backend = import_string(django_settings.EMAIL_BACKEND)
    is_smtp = isinstance(backend, type) and issubclass(backend, EmailBackend)
    if not is_smtp or django_settings.EMAIL_TIMEOUT:
        return []
    return [
        Warning(
            "A mail server that hangs would keep every later e-mail waiting.",
            hint="Set EMAIL_TIMEOUT to a few seconds. What could not be sent is sent later.",
            id="oscar_subscriptions.W009",
        )
    ]
