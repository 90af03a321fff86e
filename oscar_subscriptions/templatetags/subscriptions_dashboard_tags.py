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


@register.filter
def alert_text(alert: Alert) -> str:
    """Return what has happened, in the active language; empty if the title says it all."""
    return alerts.text(alert)


@register.filter
def alert_explanation(alert: Alert) -> str:
    """Return what has happened, in the active language, with the message of another system."""
    return alerts.explanation(alert)


@register.filter
def alert_note(alert: Alert) -> str:
    """Return the note with which ``alert`` was closed; the software's in the active language."""
    return alerts.note(alert)
