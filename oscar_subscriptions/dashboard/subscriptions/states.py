"""Where a subscription stands today: one question, asked in SQL so that a list can filter by it.

Legend, the first that holds: *active* and *grace*: a valid term covers today; *suspended*: a term
is frozen; *upcoming*: a valid term begins later; *lapsed*: the last one is over; *revoked*: all
were taken back; *unpaid*: there never was one, because the order is not paid.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans.term_status import TermStatus, describe

ACTIVE, GRACE, SUSPENDED, UPCOMING = "active", "grace", "suspended", "upcoming"
LAPSED, REVOKED, UNPAID = "lapsed", "revoked", "unpaid"

CHOICES = [
    (ACTIVE, gettext_lazy("active")),
    (GRACE, gettext_lazy("in grace")),
    (SUSPENDED, gettext_lazy("suspended")),
    (UPCOMING, gettext_lazy("not begun")),
    (LAPSED, gettext_lazy("ended")),
    (REVOKED, gettext_lazy("revoked")),
    (UNPAID, gettext_lazy("ordered, not paid")),
]


def with_state(subscriptions: Any, today: date) -> Any:
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


def in_words(subscription: Any, today: date) -> TermStatus:
    """Return what to say of a subscription from :func:`with_state`; its terms are prefetched."""
    if subscription.state == UNPAID:
        return TermStatus(UNPAID, _("ordered, not paid"), "light")
    statuses = [(term, describe(term, today)) for term in _in_order(subscription)]
    alike = [(term, status) for term, status in statuses if status.code == subscription.state]
    # What begins first, or what ended last, is what an operator asks about.
    _term, status = alike[0] if subscription.state == UPCOMING else alike[-1]
    if subscription.state == ACTIVE:
        last = date_format(chain_ends_on(subscription, today), "DATE_FORMAT")
        return replace(status, words=_("active until %s") % last)
    return status


def chain_ends_on(subscription: Any, today: date) -> date:
    """Return the last day, without grace, of the terms that follow each other from today on."""
    last = today
    for term in _in_order(subscription):
        if term.is_valid and term.starts_on <= last + date.resolution:
            last = max(last, term.ends_on)
    return last


def _in_order(subscription: Any) -> list[Any]:
    return sorted(subscription.terms.all(), key=lambda term: (term.starts_on, term.pk))
