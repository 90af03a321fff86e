"""A change of plan that is paid: what becomes of the subscription that the member changes from."""

from typing import Any

from django.utils.translation import gettext as _

from oscar_subscriptions import conf, journal
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.fulfilment import ledger, term_notices, transfers
from oscar_subscriptions.plans import changes


def apply_change(change: changes.Change, term: Any) -> None:
    """End the automatic renewal of the old subscription, and give up its rest for what is credited.

    Args:
        change: as it was ordered; one from no other plan changes nothing.
        term: of the new plan.
    """
    if change.subscription is None:
        return
    _end_renewal(change.subscription)
    if change.credit:
        _give_up(change, term)


def _end_renewal(subscription: Any) -> None:
    """Who has changed is not charged for the plan that he has left; he is told."""
    was_on, last = auto_renewal.is_on(subscription), auto_renewal.last_term(subscription)
    consent = auto_renewal.switch_off(
        subscription, reason=_("The member has changed to another plan.")
    )
    if was_on and last is not None and last.covered_until >= conf.today():
        term_notices.renewal_ended(last, consent)


def _give_up(change: changes.Change, term: Any) -> None:
    reason = _("Changed to “%(plan)s”; %(days)s days were credited.") % {
        "plan": term.plan_title,
        "days": change.credit,
    }
    assert change.subscription is not None  # credit is for its rest
    for old in changes.rest_of(change.subscription):
        ledger.revoke(old, reason=reason, tell=False)
        detail = transfers.credit_detail(old, conf.today(), change.credit)
        transfers.record(journal.CREDITED, old, term, detail=detail, reason=reason)
