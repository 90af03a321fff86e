"""Alerts when a refund or dispute hits a term whose days were handed over or credited elsewhere.

A reversal policy knows only the term that was bought. Whether another member or another plan keeps
unpaid days is an operator's decision: the operator is alerted, and no term changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from oscar_subscriptions import alerts, conf, journal
from oscar_subscriptions.fulfilment import transfers
from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OrderLine, Subscription, Term

STANDS, SUSPENDED, REVOKED = "", "suspended", "revoked"


@dataclass(frozen=True)
class _Case:
    """An operator's decision: the kind of the alert, whose page shows it, and why."""

    kind: str
    subscription: Subscription
    lines: list[dict[str, object]]


def alert_if_unfunded(term: Term, effect: str, *, reason: str) -> None:
    """Alert operators that days without money count elsewhere, or that the money stands again.

    Call it once for each change of ``effect``, after ``term`` was written. Without days that went
    elsewhere, or others that were given up for ``term``, nobody is alerted.

    Args:
        term: a ``Term`` that an order gave.
        effect: of the shop's policy on a term whose money went back: ``SUSPENDED``, ``REVOKED`` or
            ``STANDS``.
        reason: the provider's report.
    """
    about = f"unpaid-{term.pk}-"
    alerts_before = registered.Alert.objects.filter(key__startswith=about).exclude(
        key=about + effect
    )
    for key in alerts_before.open().values_list("key", flat=True):
        alerts.settle(key, gettext_noop("The provider has reported something else since."))
    if effect == STANDS:
        if alerts_before.exclude(resolved_by_name="").exists():
            _raise(term, _Case(alerts.PAID_AGAIN, term.subscription, []), _again(term), reason)
        return
    alerts.settle(_again(term), gettext_noop("The provider has reported something else since."))
    if case := _gone_elsewhere(term, effect) or _given_up(term, effect):
        _raise(term, case, about + effect, reason)


def _gone_elsewhere(term: Term, effect: str) -> _Case | None:
    """Return the case of days that went from ``term`` to another one and still count there."""
    steps = transfers.transfers_from(term)
    if not steps or not _is_unfinished(steps[-1].new):
        return None
    is_handed_over = any(transfer.kind == journal.HANDED_OVER for transfer in steps)
    return _Case(
        alerts.HANDED_OVER_UNPAID if is_handed_over else alerts.CREDIT_UNPAID,
        steps[-1].new.subscription,
        [*map(_step, steps), _about(term, f"would-be-{effect}")],
    )


def _given_up(term: Term, effect: str) -> _Case | None:
    """Return the case of terms that stay given up for ``term``, although it no longer counts."""
    given_up = transfers.given_up_for(term)
    if not given_up or term.covered_until < conf.today():
        return None
    return _Case(
        alerts.GIVEN_UP,
        given_up[-1].old.subscription,
        [*map(_step, given_up), _about(term, f"is-{effect}")],
    )


def _is_unfinished(term: Term) -> bool:
    return term.revoked_at is None and term.covered_until >= conf.today()


def _about(term: Term, name: str) -> dict[str, object]:
    return alerts.line(name, term=alerts.term(term))


def _step(transfer: transfers.Transfer) -> dict[str, object]:
    sides = {
        "old": alerts.subscription(transfer.old.subscription),
        "new": alerts.subscription(transfer.new.subscription),
    }
    if transfer.kind == journal.HANDED_OVER:
        first, last = alerts.day(transfer.new.starts_on), alerts.day(transfer.new.ends_on)
        return alerts.line("handed-over", first=first, last=last, **sides)
    detail = transfer.detail
    first, last = {"day": detail["from"]}, {"day": detail["to"]}
    return alerts.line("credited", first=first, last=last, days=detail["days"], **sides)


def _raise(term: Term, case: _Case, key: str, reason: str) -> None:
    line: OrderLine | None = term.order_line
    assert line is not None  # only money that was paid goes back
    alerts.raise_alert(
        case.kind,
        key,
        order=line.order,
        subscription=case.subscription,
        detail={"lines": case.lines},
        reason=reason,
        lasting=True,
    )


def _again(term: Term) -> str:
    return f"paid-again-{term.pk}"
