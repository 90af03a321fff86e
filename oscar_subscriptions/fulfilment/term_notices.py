"""What members are told of their terms, and when: each e-mail once, through the outbox."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Exists, IntegerField, OuterRef, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.mail import kinds, outbox
from oscar_subscriptions.plans import previews
from oscar_subscriptions.reminders import due as reminders_due

VALID = "valid"


def term_started(term: Any) -> None:
    """Tell the member of a new term: the receipt, and what the term gives.

    Args:
        term: bought or granted; its subscription has a member.
    """
    facts = {"term": term.pk}
    if term.order_line is None:
        _tell(term, kinds.GRANTED, _key(term), facts)
        return
    facts["order"] = term.order_line.order_id
    _tell(term, kinds.ORDER_CONFIRMED, _key(term), facts)
    kind = kinds.RENEWED if previews.continues(term) else kinds.SELLER_ACTIVATED
    _tell(term, kind, _key(term), facts)


def standing_of(term: Any) -> str:
    """Return how ``term`` counts: ``VALID``, ``mails.SUSPENDED`` or ``mails.REVOKED``."""
    if term.revoked_at is not None:
        return kinds.REVOKED
    return kinds.SUSPENDED if term.suspended_at is not None else VALID


def standing_changed(term: Any, before: str, entry: Any) -> None:
    """Tell the member that ``term`` was taken back, is frozen, or counts again.

    Nothing is told of a term that is over, nor where one reason replaces another: a term that was
    revoked and is no longer disputed is revoked as before. Nor of days that were given and taken
    back before the member heard of them.

    Args:
        term: the ``Term``, as it is now; its subscription has a member.
        before: :func:`standing_of` before the change.
        entry: the line of the journal about it. Each change is told, not only the first.
    """
    now = standing_of(term)
    if now == before or term.covered_until < conf.today():
        return
    if (before, now) == (VALID, kinds.REVOKED) and outbox.take_back(kinds.GRANTED, _key(term)):
        return
    kind = kinds.RESTORED if now == VALID else now
    _tell(term, kind, f"{_key(term)}-{entry.pk}", {"term": term.pk})


def renewal_ended(term: Any, consent: Any) -> None:
    """Tell the member that automatic renewal has ended because he changed to another plan.

    Args:
        term: the last ``Term`` of the plan that he has left.
        consent: the ``AutoRenewal`` that ended.
    """
    _tell(term, kinds.RENEWAL_STOPPED, f"consent-{consent.pk}", {"term": term.pk})


def due(day: date) -> Any:
    """Return the terms that a reminder is due for on ``day`` and was not written, as a queryset.

    Each has the attributes ``reminder``, the kind of the e-mail, and ``reminder_days``, how many
    days before the last one it belongs. That is the nearest reminder only: after runs that were
    missed, the earlier ones are not made up for.

    Args:
        day: in the shop's timezone.
    """
    days = conf.settings.REMINDER_DAYS
    # The nearest first: the first that holds is taken.
    nearest = [When(ends_on__lte=day + timedelta(days=number), then=number) for number in days]
    before = Case(When(ends_on__lte=day, then=0), *nearest, output_field=IntegerField())
    suffix = Case(
        When(ends_on__lte=day, then=Value("")),
        default=Concat(Value("-"), Cast("reminder_days", CharField())),
    )
    terms = reminders_due.due(day, day + timedelta(days=max(days, default=0)))
    terms = terms.annotate(reminder_days=before).annotate(
        reminder_key=Concat(Value("term-"), Cast("pk", CharField()), suffix)
    )
    written = get_model("oscar_subscriptions", "Notification").objects.filter(
        kind=OuterRef("reminder"), key=OuterRef("reminder_key")
    )
    return terms.exclude(Exists(written))


def is_news(term: Any) -> bool:
    """Tell whether the member did not hear of the last day only just now: who is given three days
    is not reminded in the same hour that they end in three days.

    Args:
        term: of :func:`due`.
    """
    given_on = timezone.localdate(term.created_at, timezone.get_default_timezone())
    days = timedelta(days=term.reminder_days)
    return term.reminder == reminders_due.LAPSED or given_on < term.ends_on - days


def remind(term: Any, day: date) -> bool:
    """Write the reminder of a term of :func:`due`, for the same run to send.

    Returns:
        Whether it was written by this call, and not by another run at the same time.
    """
    facts = {"term": term.pk, "day": str(day)}
    subscription = term.subscription
    _row, created = outbox.put(
        term.reminder,
        term.reminder_key,
        user=subscription.user,
        language=language_of(subscription),
        context=facts,
    )
    return created


def _tell(term: Any, kind: str, key: str, facts: dict[str, Any]) -> None:
    # Days that were given to thousands at once are told by the next run; nobody waits for that.
    write = outbox.queue if term.batch is None else outbox.put
    write(
        kind,
        key,
        user=term.subscription.user,
        language=language_of(term.subscription),
        context=facts,
    )


def _key(term: Any) -> str:
    return f"term-{term.pk}"


def language_of(subscription: Any) -> str:
    """Return the language of e-mails to the member of ``subscription``; "" for the shop's.

    It is the one in which the member ordered; of what was granted, that of another order.
    """
    if subscription.language or subscription.user is None:
        return subscription.language
    others = subscription.user.subscriptions.exclude(language="").order_by("-pk")
    return others.values_list("language", flat=True).first() or ""
