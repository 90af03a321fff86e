"""Reading one setting, at call time."""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings as django_settings

PREFIX = "OSCAR_SUBSCRIPTIONS_"

Value = TypeVar("Value")


def read(name: str, default: Value) -> Value:
    """Return the shop's ``OSCAR_SUBSCRIPTIONS_<NAME>``, or ``default``."""
    return getattr(django_settings, PREFIX + name, default)
