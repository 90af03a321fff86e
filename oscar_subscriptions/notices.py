"""What members are told of their terms, and when: each e-mail once, through the outbox."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, mails, notifications, reminders, spans

VALID = "valid"


def term_started(term: Any) -> None:
    """Tell the member of a new term: the receipt, and what the term gives.

    Args:
        term: bought or granted; its subscription has a member.
    """
    facts = {"term": term.pk}
    if term.order_line is None:
        _tell(term, mails.GRANTED, _key(term), facts)
        return
    facts["order"] = term.order_line.order_id
    _tell(term, mails.ORDER_CONFIRMED, _key(term), facts)
    kind = mails.RENEWED if spans.continues(term) else mails.SELLER_ACTIVATED
    _tell(term, kind, _key(term), facts)


def standing_of(term: Any) -> str:
    """Return how ``term`` counts: ``VALID``, ``mails.SUSPENDED`` or ``mails.REVOKED``."""
    if term.revoked_at is not None:
        return mails.REVOKED
    return mails.SUSPENDED if term.suspended_at is not None else VALID


def standing_changed(term: Any, before: str, entry: Any) -> None:
    """Tell the member that ``term`` was taken back, is frozen, or counts again.

    Nothing is told of a term that is over, nor where one reason replaces another: a term that was
    revoked and is no longer disputed is revoked as before.

    Args:
        term: the ``Term``, as it is now; its subscription has a member.
        before: :func:`standing_of` before the change.
        entry: the line of the journal about it. Each change is told, not only the first.
    """
    now = standing_of(term)
    if now == before or term.covered_until < conf.today():
        return
    kind = mails.RESTORED if now == VALID else now
    _tell(term, kind, f"{_key(term)}-{entry.pk}", {"term": term.pk})


def renewal_ended(term: Any, consent: Any) -> None:
    """Tell the member that automatic renewal has ended because he changed to another plan.

    Args:
        term: the last ``Term`` of the plan that he has left.
        consent: the ``AutoRenewal`` that ended.
    """
    _tell(term, mails.RENEWAL_STOPPED, f"consent-{consent.pk}", {"term": term.pk})


@dataclass(frozen=True)
class Reminders:
    """The terms that one reminder is due for.

    Attributes:
        kind: of the e-mail.
        days: before the last day.
        terms: as a queryset, without those that got it already.
    """

    kind: str
    days: int
    terms: Any

    def is_news(self, term: Any) -> bool:
        """Tell whether the member did not hear of the last day only just now: who is given three
        days is not reminded in the same hour that they end in three days."""
        given_on = timezone.localdate(term.created_at, timezone.get_default_timezone())
        return self.kind == mails.LAPSED or given_on < term.ends_on - timedelta(days=self.days)

    def key(self, term: Any) -> str:
        """Return the outbox's key: once for each term and kind."""
        return _key(term) + self._suffix

    @property
    def _suffix(self) -> str:
        return f"-{self.days}" if self.kind == mails.EXPIRING else ""

    def not_yet_written(self) -> Any:
        """Return the terms for which the outbox has no row."""
        key = Concat(Value("term-"), Cast("pk", CharField()), Value(self._suffix))
        rows = get_model("oscar_subscriptions", "Notification").objects.filter(
            kind=self.kind, key=OuterRef("notice_key")
        )
        return self.terms.annotate(notice_key=key).exclude(Exists(rows))


def due(day: date) -> Iterator[Reminders]:
    """Yield what is due on ``day`` (shop timezone).

    Each term is in the group of the nearest reminder only: after runs that were missed, the
    earlier ones are not made up for.
    """
    expiring, later_than = reminders.expiring(day), day
    for days in conf.settings.REMINDER_DAYS:
        until = day + timedelta(days=days)
        group = expiring.filter(ends_on__gt=later_than, ends_on__lte=until)
        yield Reminders(mails.EXPIRING, days, group)
        later_than = until
    yield Reminders(mails.LAST_DAY, 0, reminders.ending(day))
    yield Reminders(mails.LAPSED, 0, reminders.lapsed(day))


def remind(term: Any, reminder: Reminders, day: date) -> bool:
    """Write one reminder of a group of :func:`due`, for the same run to send.

    Returns:
        Whether it was written by this call, and not by another run at the same time.
    """
    facts = {"term": term.pk, "day": str(day)}
    subscription = term.subscription
    _row, created = notifications.put(
        reminder.kind,
        reminder.key(term),
        user=subscription.user,
        language=language_of(subscription),
        context=facts,
    )
    return created


def _tell(term: Any, kind: str, key: str, facts: dict[str, Any]) -> None:
    # Days that were given to thousands at once are told by the next run; nobody waits for that.
    write = notifications.queue if term.batch is None else notifications.put
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
