"""Read the provider's list of events since the last run, for events that no webhook delivered.

The checkpoint is a moment by the provider's clock, never ours. Each run begins ``OVERLAP`` before
it, because events of the same second need not be listed at the same time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from oscar_subscriptions.daily_run import checkpoints, runner
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.provider import events, fields, key_alert
from oscar_subscriptions.payments.provider.events import EVENTS
from oscar_subscriptions.payments.reconciliation import matching

if TYPE_CHECKING:
    import stripe

logger = logging.getLogger(__name__)

CHECKPOINT = "provider-events"
OVERLAP = timedelta(hours=1)
# Stripe lists the events of the last 30 days (https://docs.stripe.com/api/events).
LISTED = timedelta(days=30)


def read_events(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Mark the attempts as due that events since the last run concern.

    The checkpoint moves only when the whole list was read and followed, so that a run that dies
    midway is repeated from the same place. An event that can't be followed does not stop the
    others. ``day`` is not used.
    """
    since = _since()
    if since is None:
        return
    newest, failed = 0, False
    marked: set[int] = set()
    for event in events.events_since(since, EVENTS):
        try:
            newest = max(newest, event.created)
            marked.update(_follow(event, dry_run))
        except Exception as error:
            failed = True
            logger.exception("Event %s not followed", fields.get(event, "id"))
            yield runner.Outcome(f"event {fields.get(event, 'id')}: {error}", failed=True)
    if not dry_run:
        key_alert.key_accepted()
        if newest and not failed:
            checkpoints.reach(CHECKPOINT, datetime.fromtimestamp(newest, UTC))
    if marked:
        yield runner.Outcome(f"{len(marked)} payments touched by events of the provider")


def _follow(event: stripe.Event, dry_run: bool) -> Iterable[int]:
    thing = event.data.object
    if dry_run:
        return [attempt.pk for attempt in matching.attempts_for(thing)]
    return [attempt.pk for attempt in matching.mark_due(thing)]


def _since() -> datetime | None:
    """The moment to read from; ``None`` while there is no attempt that an event could concern."""
    reached = checkpoints.reached(CHECKPOINT)
    if reached is None:
        attempts = registered_payments.Attempt.objects.order_by("pk")
        reached = attempts.values_list("created_at", flat=True).first()
    if reached is None:
        return None
    return max(reached - OVERLAP, timezone.now() - LISTED)
