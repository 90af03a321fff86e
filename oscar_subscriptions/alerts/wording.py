"""What an alert says, in the language of its reader. The row keeps facts: JSON, made by ``line``,
``money``, ``day``, ``subscription``, ``term`` and ``mail_kind``, and written when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext
from oscar.templatetags.currency_filters import currency as in_currency

from oscar_subscriptions.alerts.kinds import KINDS, LINES
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import kinds as mail_kinds

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Alert, Subscription, Term

Fact = dict[str, object]


def line(name: str, **facts: object) -> Fact:
    """Return a sentence for ``detail["lines"]``.

    Args:
        name: a key of ``LINES``.
        facts: what the sentence mentions.
    """
    assert name in LINES
    return {"line": name, **facts}


def money(amount: Decimal, currency: str) -> Fact:
    """Return ``amount`` in major units of ``currency`` (ISO 4217) as a fact."""
    return {"amount": str(amount), "currency": currency}


def day(value: date | None) -> Fact:
    """Return a day as a fact."""
    return {"day": value.isoformat() if value is not None else ""}


def subscription(row: Subscription) -> Fact:
    """Return a subscription as a fact: its name is read with the alert."""
    return {"subscription": row.pk}


def term(row: Term) -> Fact:
    """Return a term as a fact: its plan and its days."""
    return {"plan": row.plan_title, "first": day(row.starts_on), "last": day(row.ends_on)}


def mail_kind(name: str) -> Fact:
    """Return a kind of mail, a key of ``mail.kinds.KINDS``, as a fact."""
    return {"mail": name}


def title(alert: Alert) -> str:
    """Return the title of ``alert`` in the active language; its kind if there is none."""
    kind = KINDS.get(alert.kind)
    facts = {"day": day(None)} | (alert.detail or {})
    return (kind and _written(str(kind.title), facts)) or alert.kind


def text(alert: Alert) -> str:
    """Return what has happened, in the active language: a line for each sentence; empty if the
    title says it all."""
    lines = (alert.detail or {}).get("lines", [])
    known = [(str(LINES[one["line"]]), one) for one in lines if one.get("line") in LINES]
    return "\n".join(filter(None, (_written(words, facts) for words, facts in known)))


def explanation(alert: Alert) -> str:
    """Return :func:`text`, then the message of another system that the alert keeps, if any."""
    return "\n".join(filter(None, (text(alert), alert.reason)))


def advice(alert: Alert) -> str:
    """Return the advice about ``alert`` in the active language, or an empty string."""
    kind = KINDS.get(alert.kind)
    return str(kind.advice) if kind else ""


def note(alert: Alert) -> str:
    """Return the note with which ``alert`` was closed: an operator's as it was typed, the
    software's in the active language."""
    return alert.note if alert.resolved_by_name or not alert.note else gettext(alert.note)


def _written(words: str, facts: Mapping[str, object]) -> str:
    """``words`` with ``facts`` as the reader writes them; "" if one is missing."""
    try:
        return words % {name: _shown(fact) for name, fact in facts.items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        return ""


def _shown(fact: object) -> object:
    if not isinstance(fact, dict):
        return fact
    if "amount" in fact:
        return in_currency(fact["amount"], fact["currency"])
    if "day" in fact:
        return date_format(date.fromisoformat(fact["day"]), "DATE_FORMAT") if fact["day"] else "–"
    if "mail" in fact:
        kind = mail_kinds.KINDS.get(fact["mail"])
        return kind.name if kind else fact["mail"]
    if "subscription" in fact:
        row = registered.Subscription.objects.filter(pk=fact["subscription"]).first()
        return row or "–"
    if "plan" in fact:
        return f"{fact['plan']}: {_shown(fact['first'])} – {_shown(fact['last'])}"
    return fact
