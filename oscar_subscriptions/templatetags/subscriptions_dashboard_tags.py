"""What the operators' pages ask: ``{% load subscriptions_dashboard_tags %}``."""

from typing import Any

from django import template

from oscar_subscriptions import alerts

register = template.Library()


@register.filter
def alert_title(alert: Any) -> str:
    """Return what ``alert`` says, in the active language."""
    return alerts.title(alert)


@register.filter
def alert_advice(alert: Any) -> str:
    """Return what an operator can do about ``alert``, in the active language."""
    return alerts.advice(alert)
