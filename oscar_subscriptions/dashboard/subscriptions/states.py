"""The state of a subscription on a day, in SQL, so that a list can filter by it.

A list does so by :func:`in_state`: the database follows an index up to the end of the page, or goes
from the few terms of a rare state to their subscriptions.

The first that holds: *active* and *grace*: a valid term covers today; *suspended*: a term
is frozen; *upcoming*: a valid term begins later; *lapsed*: a term is over; *revoked*: all
terms are; *unpaid*: there never was a term; its order may be paid all the same.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Case, CharField, Exists, F, Max, OuterRef, Q, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans.term_status import TermStatus, describe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models.expressions import Combinable

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


# As ``TermQuerySet.valid``, for a joined term.
VALID = {"revoked_at": None, "suspended_at": None}


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


def in_state(subscriptions: Rows, state: str, today: date) -> Rows:
    """Return those of ``subscriptions`` that are in ``state`` on ``today`` (shop timezone), as
    :func:`with_state` says; in the order of :func:`ordering`.

    A state that a date decides is found by the term that decides it, along the index of that date:
    the database stops at the end of the page, wherever in the list of subscriptions they are.
    """
    own = registered.Term.objects.filter(subscription=OuterRef("pk"))
    held = own.not_revoked()
    if state == ACTIVE:
        found = subscriptions.filter(Exists(own.covering(today).filter(ends_on__gte=today)))
    elif state == GRACE:
        later = own.covering(today).filter(_is_later("ends_on"))
        found = _by_term(
            subscriptions,
            ~Exists(later),
            # Nobody has more days of grace: without this, the index is read to its beginning.
            ends_on__range=(today - _longest_grace(), today - date.resolution),
            covered_until__gte=today,
            **VALID,
        )
    elif state == SUSPENDED:
        later = held.filter(
            Q(suspended_at__isnull=True, starts_on__lte=today, covered_until__gte=today)
            | _is_later("suspended_at")
        )
        found = _by_term(subscriptions, ~Exists(later), suspended_at__isnull=False, revoked_at=None)
    elif state == UPCOMING:
        before = held.filter(
            Q(suspended_at__isnull=False)
            | Q(starts_on__lte=today, covered_until__gte=today)
            | Q(starts_on__gt=today) & _is_earlier("starts_on")
        )
        found = _by_term(subscriptions, ~Exists(before), starts_on__gt=today, **VALID)
    elif state == LAPSED:
        later = held.filter(Q(suspended_at__isnull=False) | _is_later("covered_until"))
        found = _by_term(subscriptions, ~Exists(later), covered_until__lt=today, **VALID)
    elif state == REVOKED:
        later = own.filter(Q(revoked_at__isnull=True) | _is_later("revoked_at"))
        found = _by_term(subscriptions, ~Exists(later), revoked_at__isnull=False)
    else:
        # The second alone would do, and read all subscriptions.
        found = subscriptions.filter(~Exists(own), has_term=False)
    return found.order_by(*ordering(state))


def ending(subscriptions: Rows, first: date, last: date) -> Rows:
    """Return those whose last valid day, grace included, is from ``first`` to ``last``; whose comes
    first, is first. Along the index of that day."""
    held = registered.Term.objects.filter(subscription=OuterRef("pk")).not_revoked()
    found = _by_term(
        subscriptions,
        ~Exists(held.filter(_is_later("covered_until"))),
        covered_until__range=(first, last),
        **VALID,
    )
    return found.order_by("terms__covered_until", "terms__pk")


def ordering(state: str) -> tuple[str, ...]:
    """Return the order of a list of subscriptions in ``state``.

    Those ordered last come first; but those that were suspended, were revoked or ended last, in
    grace or not, and those that begin first.
    """
    by_term = {
        SUSPENDED: ("-terms__suspended_at", "-terms__pk"),
        REVOKED: ("-terms__revoked_at", "-terms__pk"),
        GRACE: ("-terms__ends_on", "-terms__pk"),
        LAPSED: ("-terms__covered_until", "-terms__pk"),
        UPCOMING: ("terms__starts_on", "terms__pk"),
    }
    return by_term.get(state, ("-created_at", "-pk"))


def _by_term(subscriptions: Rows, is_the_one: Combinable, **wanted: object) -> Rows:
    """Join each subscription with the term that is ``wanted``.

    Args:
        is_the_one: the condition that leaves one term of each subscription. In the same call, so
            that its ``OuterRef("terms__…")`` is that very term.
    """
    return subscriptions.filter(
        is_the_one, **{f"terms__{name}": value for name, value in wanted.items()}
    )


def _is_later(day: str) -> Q:
    """The condition that a term comes after the joined one, by ``day`` and primary key."""
    joined = OuterRef(f"terms__{day}")
    return Q(**{f"{day}__gt": joined}) | Q(**{day: joined}, pk__gt=OuterRef("terms__pk"))


def _is_earlier(day: str) -> Q:
    joined = OuterRef(f"terms__{day}")
    return Q(**{f"{day}__lt": joined}) | Q(**{day: joined}, pk__lt=OuterRef("terms__pk"))


def _longest_grace() -> timedelta:
    """The longest grace of any term; one entry of an index."""
    longest = registered.Term.objects.aggregate(days=Max(F("covered_until") - F("ends_on")))
    return longest["days"] or timedelta()


def states_of(subscriptions: Iterable[Subscription], today: date) -> dict[int, str]:
    """Return the state of each of ``subscriptions`` on ``today``, by primary key."""
    keys = [row.pk for row in subscriptions]
    rows = with_state(registered.Subscription.objects.filter(pk__in=keys), today)
    return {row.pk: row.state for row in rows.only("pk")}


def in_words(subscription: Subscription, today: date) -> TermStatus:
    """Return the status to show of a subscription.

    Args:
        subscription: with ``state``, and its terms prefetched.
        today: the day of that state.
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
