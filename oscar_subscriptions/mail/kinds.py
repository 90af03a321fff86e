"""The kinds of e-mails to members, and which term each may be told of.

A new kind is an entry in ``KINDS`` and three files, ``commtype_<code>_subject.txt``, ``_body.txt``
and ``_body.html``, in ``oscar/communication/emails``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from oscar_subscriptions.reminders import due

ORDER_CONFIRMED = "order-confirmed"
SELLER_ACTIVATED = "seller-activated"
RENEWED = "renewed"
GRANTED = "granted"
EXPIRING, LAST_DAY, LAPSED = due.EXPIRING, due.LAST_DAY, due.LAPSED
SUSPENDED = "suspended"
RESTORED = "restored"
REVOKED = "revoked"
RENEWAL_ANNOUNCED = "renewal-announced"
RENEWAL_FAILED = "renewal-failed"
RENEWAL_STOPPED = "renewal-stopped"


def _valid(day: date) -> Any:
    return get_model("oscar_subscriptions", "Term").objects.valid()


def _suspended(day: date) -> Any:
    held = get_model("oscar_subscriptions", "Term").objects.not_revoked()
    return held.filter(suspended_at__isnull=False)


def _revoked(day: date) -> Any:
    terms = get_model("oscar_subscriptions", "Term").objects
    return terms.filter(revoked_at__isnull=False)


@dataclass(frozen=True)
class Kind:
    """One kind of e-mail to a member.

    Args:
        code: by which Oscar finds the files, and rows of the dashboard with the language added.
        name: what operators call it.
        needs_order: whether a preview in the dashboard asks for an order.
        terms: the terms that it may be told of on a day, as a queryset; an e-mail about another
            one, such as a term that was refunded before the e-mail left, is not sent.
        needs_open_renewal: whether it is pointless once the renewal that it tells of has ended.
        is_reminder: whether it is about renewing, and the member can stop it.
        tells_standing: whether it says what becomes of the member and his services now.
        has_calendar: whether the last day goes along as a calendar file.
    """

    code: str
    name: Any
    needs_order: bool = False
    terms: Callable[[date], Any] | None = None
    needs_open_renewal: bool = False
    is_reminder: bool = False
    tells_standing: bool = False
    has_calendar: bool = False


KINDS = {
    ORDER_CONFIRMED: Kind(
        "SUBSCRIPTIONS_ORDER_CONFIRMED", _("Subscription: order confirmed"), needs_order=True
    ),
    SELLER_ACTIVATED: Kind(
        "SUBSCRIPTIONS_SELLER_ACTIVATED",
        _("Subscription: seller activated"),
        terms=_valid,
        has_calendar=True,
    ),
    RENEWED: Kind(
        "SUBSCRIPTIONS_RENEWED",
        _("Subscription: renewed"),
        terms=_valid,
        tells_standing=True,
        has_calendar=True,
    ),
    GRANTED: Kind(
        "SUBSCRIPTIONS_GRANTED", _("Subscription: given"), terms=_valid, has_calendar=True
    ),
    EXPIRING: Kind(
        "SUBSCRIPTIONS_EXPIRING",
        _("Subscription: ends soon"),
        terms=due.expiring,
        is_reminder=True,
        has_calendar=True,
    ),
    # Without the file: nobody needs an event of today, or of the past.
    LAST_DAY: Kind(
        "SUBSCRIPTIONS_LAST_DAY",
        _("Subscription: last day"),
        terms=due.ending,
        is_reminder=True,
        tells_standing=True,
    ),
    LAPSED: Kind(
        "SUBSCRIPTIONS_LAPSED",
        _("Subscription: ended"),
        terms=due.lapsed,
        is_reminder=True,
        tells_standing=True,
    ),
    SUSPENDED: Kind(
        "SUBSCRIPTIONS_SUSPENDED",
        _("Subscription: suspended"),
        terms=_suspended,
        tells_standing=True,
    ),
    RESTORED: Kind(
        "SUBSCRIPTIONS_RESTORED",
        _("Subscription: counts again"),
        terms=_valid,
        tells_standing=True,
    ),
    REVOKED: Kind(
        "SUBSCRIPTIONS_REVOKED", _("Subscription: revoked"), terms=_revoked, tells_standing=True
    ),
    RENEWAL_ANNOUNCED: Kind(
        "SUBSCRIPTIONS_RENEWAL_ANNOUNCED",
        _("Subscription: automatic renewal announced"),
        needs_open_renewal=True,
    ),
    RENEWAL_FAILED: Kind(
        "SUBSCRIPTIONS_RENEWAL_FAILED",
        _("Subscription: automatic renewal not paid"),
        needs_open_renewal=True,
    ),
    RENEWAL_STOPPED: Kind(
        "SUBSCRIPTIONS_RENEWAL_STOPPED", _("Subscription: automatic renewal stopped")
    ),
}
