"""Money goes back for days that are no longer where it had paid for them.

A policy knows only the term that was bought. Whether another member, or another plan, keeps days
that nobody has paid for is an operator's decision: he is told, and nothing is done to any term.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from oscar_subscriptions import alerts, conf, journal
from oscar_subscriptions.fulfilment import transfers
from oscar_subscriptions.loading import registered

STANDS, SUSPENDED, REVOKED = "", "suspended", "revoked"


@dataclass(frozen=True)
class _Case:
    """What an operator has to decide: the kind of the alert, whose page shows it, and why."""

    kind: str
    subscription: Any
    words: list[str]


def alert_if_unfunded(term: Any, effect: str, *, reason: str) -> None:
    """Tell operators what it means elsewhere that the money of ``term`` has gone back; or that it
    stands again, and what they had decided may have to be undone.

    Called in a transaction, once for each change of ``effect``, and after ``term`` was written.

    Args:
        term: the ``Term`` that an order gave. Its days may have gone to another one, or others may
            have been given up for it; if neither, nobody is told.
        effect: what the shop's policy does to a term whose money this happens to: ``SUSPENDED``,
            ``REVOKED`` or ``STANDS``.
        reason: what the provider said.
    """
    about = f"unpaid-{term.pk}-"
    alerts_before = registered.Alert.objects.filter(key__startswith=about).exclude(
        key=about + effect
    )
    for key in alerts_before.open().values_list("key", flat=True):
        alerts.settle(key, _("The provider has reported something else since."))
    if effect == STANDS:
        if alerts_before.exclude(resolved_by_name="").exists():
            _raise(term, _Case(alerts.PAID_AGAIN, term.subscription, []), _again(term), reason)
        return
    alerts.settle(_again(term), _("The provider has reported something else since."))
    if case := _gone_elsewhere(term, effect) or _given_up(term, effect):
        _raise(term, case, about + effect, reason)


def _gone_elsewhere(term: Any, effect: str) -> _Case | None:
    """The days of ``term`` went to another one, which counts on."""
    steps = transfers.transfers_from(term)
    if not steps or not _is_unfinished(steps[-1].new):
        return None
    would = {
        SUSPENDED: _("By the shop's policy it would have been suspended: %(term)s."),
        REVOKED: _("By the shop's policy it would have been revoked: %(term)s."),
    }[effect]
    is_handed_over = any(transfer.kind == journal.HANDED_OVER for transfer in steps)
    return _Case(
        alerts.HANDED_OVER_UNPAID if is_handed_over else alerts.CREDIT_UNPAID,
        steps[-1].new.subscription,
        [*map(_in_words, steps), would % {"term": term}],
    )


def _given_up(term: Any, effect: str) -> _Case | None:
    """``term`` is withdrawn, and what was given up for it stays given up."""
    given_up = transfers.given_up_for(term)
    if not given_up or term.covered_until < conf.today():
        return None
    now = {
        SUSPENDED: _("That one is suspended: %(term)s."),
        REVOKED: _("That one is revoked: %(term)s."),
    }[effect]
    return _Case(
        alerts.GIVEN_UP,
        given_up[-1].old.subscription,
        [*map(_in_words, given_up), now % {"term": term}],
    )


def _is_unfinished(term: Any) -> bool:
    return term.revoked_at is None and term.covered_until >= conf.today()


def _in_words(transfer: transfers.Transfer) -> str:
    facts = {"old": transfer.old.subscription, "new": transfer.new.subscription}
    if transfer.kind == journal.HANDED_OVER:
        words = _("%(old)s was handed over to %(new)s: %(first)s – %(last)s.")
        facts |= {"first": transfer.new.starts_on, "last": transfer.new.ends_on}
    else:
        words = _(
            "%(old)s, %(first)s – %(last)s, was given up for the credit of %(days)s days to "
            "%(new)s."
        )
        first, last = transfer.detail["from"], transfer.detail["to"]
        facts |= {"first": first, "last": last, "days": transfer.detail["days"]}
    return words % facts


def _raise(term: Any, case: _Case, key: str, reason: str) -> None:
    alerts.raise_alert(
        case.kind,
        key,
        order=term.order_line.order,
        subscription=case.subscription,
        reason="\n".join([*case.words, reason]),
        lasting=True,
    )


def _again(term: Any) -> str:
    return f"paid-again-{term.pk}"
