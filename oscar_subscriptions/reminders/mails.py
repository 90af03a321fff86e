"""Reminders as mails: their kinds, and those to be written on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, CharField, Exists, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import conf
from oscar_subscriptions.fulfilment.term_notices import membership
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.mail.context import TermFacts, about_term, days_left, renew_url, shop_url
from oscar_subscriptions.mail.kinds import MailKind, register
from oscar_subscriptions.plans import renewal_price
from oscar_subscriptions.reminders import due, opt_out

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

    from oscar_subscriptions.protocols import Subscription, Term
    from oscar_subscriptions.querysets import TermQuerySet


class Annotations(TypedDict):
    """Attributes of the terms of :func:`to_write`.

    Attributes:
        reminder: the kind of mail.
        reminder_days: how many days before the last day it is due.
        reminder_key: the key of its outbox row.
    """

    reminder: str
    reminder_days: int
    reminder_key: str


def renewal(values: TermFacts, day: date) -> dict[str, object]:
    """Return the context of a reminder about renewing ``values["term"]``; ``day`` is unused.

    Returns:
        ``goes_on_by``, the ``Term`` of another plan that makes the member a seller afterwards, or
        ``None``; ``renewal``, a ``renewal_price.Renewal``; the absolute addresses ``renew_url`` and
        ``unsubscribe_url``, which stops the reminders without signing in.
    """
    term = values["term"]
    others = values["held"].covering(term.covered_until + date.resolution)
    return {
        # A term without limit (``None``) replaces the reminder, so it is not among them.
        "goes_on_by": max(others, key=lambda one: (one.listing_limit or 0, -one.pk), default=None),
        "renewal": renewal_price.quote_renewal(term.subscription, values["held"]),
        "renew_url": renew_url(term.subscription),
        "unsubscribe_url": unsubscribe_url(term.subscription),
    }


def unsubscribe_url(subscription: Subscription) -> str:
    """Return the absolute address that stops the reminders without signing in."""
    path = reverse("subscriptions:reminders", kwargs={"token": opt_out.token(subscription)})
    return shop_url() + path


register(
    due.EXPIRING,
    MailKind(
        "SUBSCRIPTIONS_EXPIRING",
        _("Subscription: ends soon"),
        read=about_term(due.expiring, days_left, renewal),
        newest_only=True,
        has_calendar=True,
    ),
)
# Without calendar file: nobody needs an event of today or of the past.
register(
    due.LAST_DAY,
    MailKind(
        "SUBSCRIPTIONS_LAST_DAY",
        _("Subscription: last day"),
        read=about_term(due.ending, days_left, renewal, membership),
        newest_only=True,
    ),
)
register(
    due.LAPSED,
    MailKind(
        "SUBSCRIPTIONS_LAPSED",
        _("Subscription: ended"),
        read=about_term(due.lapsed, days_left, renewal, membership),
        newest_only=True,
    ),
)


def to_write(day: date) -> QuerySet[WithAnnotations[Term, Annotations]]:
    """Return the terms whose reminder is due on ``day`` and not written yet.

    Only the nearest reminder is due: earlier ones, which a missed run would have sent, are dropped.

    Args:
        day: in the shop's timezone.
    """
    days = conf.settings.REMINDER_DAYS
    # The nearest first: Case takes the first that holds.
    nearest = [When(ends_on__lte=day + timedelta(days=number), then=number) for number in days]
    before = Case(When(ends_on__lte=day, then=0), *nearest, output_field=IntegerField())
    suffix = Case(
        When(ends_on__lte=day, then=Value("")),
        default=Concat(Value("-"), Cast("reminder_days", CharField())),
    )
    terms = due.terms_due(day, last_end(day))
    terms = terms.annotate(reminder_days=before).annotate(
        reminder_key=Concat(Value("term-"), Cast("pk", CharField()), suffix)
    )
    written = registered.OutboxMail.objects.filter(
        kind=OuterRef("reminder"), key=OuterRef("reminder_key")
    )
    return terms.exclude(Exists(written))


def is_news(term: WithAnnotations[Term, Annotations]) -> bool:
    """Return ``False`` if the term was created after the reminder's own date: the member knows.

    Args:
        term: of :func:`to_write`.
    """
    given_on = timezone.localdate(term.created_at, timezone.get_default_timezone())
    days = timedelta(days=term.reminder_days)
    return term.reminder == due.LAPSED or given_on < term.ends_on - days


def describe_reminder(term: WithAnnotations[Term, Annotations]) -> str:
    """Return a line for operators about the reminder of a term of :func:`to_write`."""
    return f"reminder “{term.reminder}” of {term}"


def last_end(day: date) -> date:
    """Return the latest last day of which anybody is reminded on ``day``."""
    return day + timedelta(days=max(conf.settings.REMINDER_DAYS, default=0))


def reached(after: date, until: date) -> TermQuerySet:
    """Return the terms of which a reminder has its day after ``after`` and at most on ``until``:
    so many days before the last, the last day itself, or the day after it."""
    over = Q(covered_until__gte=after, covered_until__lt=until)
    for number in {0, *conf.settings.REMINDER_DAYS}:
        days = timedelta(days=number)
        over |= Q(ends_on__gt=after + days, ends_on__lte=until + days)
    return registered.Term.objects.valid().filter(over).order_by()


def write_reminders(
    terms: list[WithAnnotations[Term, Annotations]], day: date
) -> list[WithAnnotations[Term, Annotations]]:
    """Write the reminders of terms of :func:`to_write`, for the same run to send; in one statement
    unless another run writes some of them at the same time.

    Returns:
        The terms whose reminder this call has written.
    """
    written = outbox.to_members(
        outbox.MailToMember(
            term.subscription, term.reminder, term.reminder_key, {"term": term.pk, "day": str(day)}
        )
        for term in terms
    )
    return [term for term, is_new in zip(terms, written, strict=True) if is_new]
