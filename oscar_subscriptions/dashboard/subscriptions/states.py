"""The state of a subscription on a day, in SQL, so that a list can filter by it.

The first that holds: *active* and *grace*: a valid term covers today; *suspended*: a term
is frozen; *upcoming*: a valid term begins later; *lapsed*: a term is over; *revoked*: all
terms are; *unpaid*: there never was a term; its order may be paid all the same.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Case, CharField, Exists, OuterRef, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans.term_status import TermStatus, describe

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Subscription, Term
    from oscar_subscriptions.querysets import SubscriptionQuerySet

Rows = TypeVar("Rows", bound="SubscriptionQuerySet")

ACTIVE, GRACE, SUSPENDED, UPCOMING = "active", "grace", "suspended", "upcoming"
LAPSED, REVOKED, UNPAID = "lapsed", "revoked", "unpaid"

CHOICES = [
    (ACTIVE, gettext_lazy("active")),
    (GRACE, gettext_lazy("in grace")),
    (SUSPENDED, gettext_lazy("suspended")),
    (UPCOMING, gettext_lazy("not begun")),
    (LAPSED, gettext_lazy("ended")),
    (REVOKED, gettext_lazy("revoked")),
    (UNPAID, gettext_lazy("ordered, no term yet")),
]


def with_state(subscriptions: Rows, today: date) -> Rows:
    """Return the queryset with ``state``, one of the codes above, on ``today`` (shop timezone)."""
    own = registered.Term.objects.filter(subscription=OuterRef("pk"))
    held = own.not_revoked()
    first_that_holds = [
        (ACTIVE, own.covering(today).filter(ends_on__gte=today)),
        (GRACE, own.covering(today)),
        (SUSPENDED, held.filter(suspended_at__isnull=False)),
        (UPCOMING, own.valid().filter(starts_on__gt=today)),
        (LAPSED, held),
        (REVOKED, own),
    ]
    whens = [When(Exists(terms), then=Value(code)) for code, terms in first_that_holds]
    return subscriptions.annotate(
        state=Case(*whens, default=Value(UNPAID), output_field=CharField())
    )


def in_words(subscription: Subscription, today: date) -> TermStatus:
    """Return the status to show of a row from :func:`with_state`.

    Args:
        subscription: with its terms prefetched.
        today: the day given to :func:`with_state`.
    """
    if subscription.state == UNPAID:
        return TermStatus(UNPAID, _("ordered, no term yet"), "light")
    statuses = [(term, describe(term, today)) for term in _in_order(subscription)]
    alike = [(term, status) for term, status in statuses if status.code == subscription.state]
    # Operators ask for the upcoming term that begins first, or else for the last one.
    _term, status = alike[0] if subscription.state == UPCOMING else alike[-1]
    if subscription.state == ACTIVE:
        last = date_format(chain_ends_on(subscription, today), "DATE_FORMAT")
        return replace(status, words=_("active until %s") % last)
    return status


def chain_ends_on(subscription: Subscription, today: date) -> date:
    """Return the last day, without grace, of the valid terms without a gap from ``today`` on."""
    last = today
    for term in _in_order(subscription):
        if term.is_valid and term.starts_on <= last + date.resolution:
            last = max(last, term.ends_on)
    return last


def _in_order(subscription: Subscription) -> list[Term]:
    return sorted(subscription.terms.all(), key=lambda term: (term.starts_on, term.pk))
