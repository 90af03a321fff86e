"""Who is reminded of which term, and with which kind of reminder.

Members are reminded of their last term only: a renewal bought already, another plan that covers at
least as long, or an announced renewal replaces the reminder. Another plan that allows fewer
services does not replace the reminders before the last day: some services will leave the shop.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypedDict

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

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

    from oscar_subscriptions.protocols import Term
    from oscar_subscriptions.querysets import TermQuerySet

# Kinds of mail.
EXPIRING = "expiring"
LAST_DAY = "last-day"
LAPSED = "lapsed"

# Older ends are no news: the first run in an old shop does not write to all its former members, yet
# after weeks without a run the mails about recent ends are still sent.
LAPSED_WITHIN = timedelta(days=30)


class Kind(TypedDict):
    """Annotation of the terms of :func:`terms_due`: the kind of mail."""

    reminder: str


def expiring(day: date) -> TermQuerySet:
    """Return the terms whose last day is after ``day`` (shop timezone)."""
    return _spoken_of(day).filter(_is_expiring(day))


def ending(day: date) -> TermQuerySet:
    """Return the terms with ``day`` as their last day or in their grace."""
    return _spoken_of(day).filter(_is_ending(day))


def lapsed(day: date) -> TermQuerySet:
    """Return the terms that are over on ``day``, grace included, for at most ``LAPSED_WITHIN``."""
    return _spoken_of(day).filter(_is_lapsed(day))


def span(day: date, until: date) -> TermQuerySet:
    """Return all terms that :func:`terms_due` chooses from, by their days alone."""
    return _terms().filter(covered_until__gte=day - LAPSED_WITHIN, ends_on__lte=until)


def terms_due(day: date, until: date) -> QuerySet[WithAnnotations[Term, Kind]]:
    """Return the terms of all three kinds, annotated with ``reminder``: ``EXPIRING`` (last day at
    most ``until``), ``LAST_DAY`` or ``LAPSED``."""
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


def _is_lapsed(day: date) -> Q:
    covered = _terms().covering(day).filter(subscription__user=OuterRef("subscription__user"))
    since = day - LAPSED_WITHIN
    return Q(covered_until__lt=day, covered_until__gte=since) & Q(~Exists(covered))


def _spoken_of(day: date) -> TermQuerySet:
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
    # Even if its member wants no reminder of it, they remain a seller.
    longer = other_plan.filter(covered_until__gt=OuterRef("covered_until"))
    # Of several that end together, remind of the largest whose reminders are not stopped.
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
        .exclude(Exists(auto_renewal.told_by_announcement(day).filter(pk=OuterRef("pk"))))
        .select_related("subscription__user", "subscription__plan__product")
    )


def _terms() -> TermQuerySet:
    return registered.Term.objects.all()
