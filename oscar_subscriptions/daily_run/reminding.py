"""A step of the run: write the reminders that are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from oscar_subscriptions.daily_run import runner, sharing, turns, work
from oscar_subscriptions.loading import registered
from oscar_subscriptions.reminders import due, mails
from oscar_subscriptions.sql.key_lists import among

if TYPE_CHECKING:
    from oscar_subscriptions.querysets import TermQuerySet

CHECKPOINT = "reminders"


@sharing.shared_out(sharing.by_rows(lambda: registered.Term.objects.all()))
def remind_members(
    day: date, dry_run: bool, keys: sharing.KeyRange = sharing.EVERYTHING
) -> Iterator[runner.Outcome]:
    """Write the reminders that are due on ``day``; ``steps.send_outbox`` sends them.

    Looks at the terms whose day for a reminder has come since the last run, those of subscriptions
    that something happened to, and some others in turn.

    Args:
        keys: of terms.
    """
    span = keys.of(due.span(day, mails.last_end(day)))
    turn = turns.begin(keys.named(CHECKPOINT), day, span)
    seen: set[int] = set()
    to_write = mails.to_write(day)
    for some in work.chunks(_candidates(span, turn, keys), work.BATCH):
        work.made_progress(len(some))
        fresh = [key for key in dict.fromkeys(some) if key not in seen]
        seen.update(fresh)
        found = [one for one in to_write.filter(pk__in=among(fresh)) if mails.is_news(one)]
        if dry_run:
            work.foretell_mails(len(found))
            yield from (runner.Outcome(mails.describe_reminder(term)) for term in found)
        else:
            yield from work.for_each_of_batch(
                found,
                lambda terms: mails.write_reminders(terms, day),
                lambda term: bool(mails.write_reminders([term], day)),
                mails.describe_reminder,
            )
    if not dry_run:
        turn.done()


def _candidates(span: TermQuerySet, turn: turns.Turn, keys: sharing.KeyRange) -> Iterator[int]:
    if turn.days is None:
        return (term.pk for term in work.in_batches(span.only("pk")))
    by_date = keys.of(mails.reached(*turn.days)).values_list("pk", flat=True)
    in_news = span.filter(subscription__in=turn.subscriptions_with_news())
    news = in_news.order_by().values_list("pk", flat=True)
    return chain(by_date.iterator(work.BATCH), news.iterator(work.BATCH), turn.keys)
