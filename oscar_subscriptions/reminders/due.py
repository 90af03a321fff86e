"""Which terms their members have to be reminded of, and members who do not want to be.

A term is spoken of while it is the last one of its member: a renewal that is bought already, or
another plan that covers at least as long, silences it; so does a renewal that is announced. Another
plan that allows fewer services does not silence what is said beforehand: some leave the shop.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import listings

# Kinds of e-mails.
EXPIRING = "expiring"
LAST_DAY = "last-day"
LAPSED = "lapsed"

# Older ends are no news any more: the first run in an old shop does not write to everybody who
# ever was a member, and a run that was dead for weeks still tells those whom it concerns.
LAPSED_WITHIN = timedelta(days=30)


def expiring(day: date) -> Any:
    """Return a queryset of the terms whose last day is after ``day`` (shop timezone)."""
    return _spoken_of(day).filter(_is_expiring(day))


def ending(day: date) -> Any:
    """Return the terms whose last day is ``day``, or was and in whose grace ``day`` lies."""
    return _spoken_of(day).filter(_is_ending(day))


def lapsed(day: date) -> Any:
    """Return the terms that are over on ``day``, grace included, since ``LAPSED_WITHIN``."""
    return _spoken_of(day).filter(_is_lapsed(day))


def due(day: date, until: date) -> Any:
    """Return all of these at once, ``until`` the last day of those that are expiring, with the
    attribute ``reminder``: ``EXPIRING``, ``LAST_DAY`` or ``LAPSED``."""
    kind = Case(
        When(_is_expiring(day), then=Value(EXPIRING)),
        When(_is_ending(day), then=Value(LAST_DAY)),
        default=Value(LAPSED),
    )
    soon = _is_expiring(day) & Q(ends_on__lte=until)
    terms = _spoken_of(day).filter(soon | _is_ending(day) | _is_lapsed(day))
    return terms.annotate(reminder=kind)


def _is_expiring(day: date) -> Q:
    return Q(ends_on__gt=day)


def _is_ending(day: date) -> Q:
    return Q(ends_on__lte=day, covered_until__gte=day)


def _is_lapsed(day: date) -> Any:
    covered = _terms().covering(day).filter(subscription__user=OuterRef("subscription__user"))
    since = day - LAPSED_WITHIN
    return Q(covered_until__lt=day, covered_until__gte=since) & ~Exists(covered)


def _spoken_of(day: date) -> Any:
    size = Coalesce("listing_limit", Value(listings.UNLIMITED))
    candidates = _terms().annotate(
        size=size,
        next_day=ExpressionWrapper(F("covered_until") + date.resolution, output_field=DateField()),
    )
    renewal = _terms().not_revoked().filter(starts_on__gt=OuterRef("ends_on"))
    other_plan = (
        _terms()
        .annotate(size=size)
        .valid()
        .filter(starts_on__lte=OuterRef("next_day"))
        .filter(subscription__user=OuterRef("subscription__user"))
        .exclude(subscription=OuterRef("subscription"))
    )
    # Whether anybody is reminded of it or not: its member is still a seller.
    longer = other_plan.filter(covered_until__gt=OuterRef("covered_until"))
    # Of several that end together the largest is spoken of, if its member wants it.
    together = other_plan.filter(
        Q(size__gt=OuterRef("size")) | Q(size=OuterRef("size"), pk__gt=OuterRef("pk")),
        covered_until=OuterRef("covered_until"),
        subscription__reminders_off_at=None,
    )
    return (
        candidates.valid()
        .filter(subscription__user__is_active=True, subscription__reminders_off_at=None)
        .exclude(Exists(renewal.filter(subscription=OuterRef("subscription"))))
        .exclude(Exists(together))
        .exclude(Exists(longer.filter(size__gte=OuterRef("size"))))
        .exclude(~_is_expiring(day) & Exists(longer))
        .exclude(pk__in=auto_renewal.told_by_announcement(day).values("pk"))
        .select_related("subscription__user", "subscription__plan__product")
    )


def _terms() -> Any:
    return registered.Term.objects
