"""Filters of the operators' pages: ``{% load subscriptions_dashboard_tags %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from oscar_subscriptions import alerts

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Alert

register = template.Library()


@register.filter
def alert_title(alert: Alert) -> str:
    """Return the title of ``alert`` in the active language."""
    return alerts.title(alert)


@register.filter
def alert_advice(alert: Alert) -> str:
    """Return what operators can do about ``alert``, in the active language; empty if unknown."""
    return alerts.advice(alert)
