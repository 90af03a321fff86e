"""Consequences of a paid change of plan for the subscription that the member changes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from oscar_subscriptions import conf, journal
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.fulfilment import ledger, transfers
from oscar_subscriptions.plans import changes

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Subscription, Term


def apply_change(change: changes.Change, term: Term) -> None:
    """End the automatic renewal of the old subscription, and revoke its rest if it was credited.

    Args:
        change: as ordered; without an old subscription nothing changes.
        term: the ``Term`` of the new plan.
    """
    if change.subscription is None:
        return
    _end_renewal(change.subscription)
    if change.credit:
        _give_up(change, term)


def _end_renewal(subscription: Subscription) -> None:
    """Stop auto-renewal of the old plan and tell the member by mail."""
    auto_renewal.switch_off(
        subscription,
        reason=_("The member has changed to another plan."),
        facts={"is_changed": True},
    )


def _give_up(change: changes.Change, term: Term) -> None:
    reason = _("Changed to “%(plan)s”; %(days)s days were credited.") % {
        "plan": term.plan_title,
        "days": change.credit,
    }
    assert change.subscription is not None  # credit is for its rest
    for old in changes.rest_of(change.subscription):
        ledger.revoke(old, reason=reason, tell=False)
        detail = transfers.credit_detail(old, conf.today(), change.credit)
        transfers.record_transfer(journal.CREDITED, old, term, detail=detail, reason=reason)
