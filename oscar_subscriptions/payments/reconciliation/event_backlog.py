"""What happened while nobody listened: the provider's own list of events, read from where we left.

The mark is the provider's clock, never ours; and each reading begins a little before it, because
events of one second need not appear in one go.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from oscar_subscriptions.daily_run import checkpoints, runner
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.provider import events, fields, key_alert
from oscar_subscriptions.payments.provider.events import EVENTS
from oscar_subscriptions.payments.reconciliation import matching

logger = logging.getLogger(__name__)

CHECKPOINT = "provider-events"
OVERLAP = timedelta(hours=1)
# Stripe lists the events of the last 30 days (https://docs.stripe.com/api/events).
LISTED = timedelta(days=30)


def read_events(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Mark the attempts as due that an event since the last run is about.

    The mark moves on only when the whole list was read and followed, so that a run that dies midway
    is followed by one that begins at the same place. One event that can't be followed does not stop
    the others. ``day`` has no part in it.
    """
    since = _since()
    if since is None:
        return
    newest, failed = 0, False
    marked: set[int] = set()
    for event in events.events_since(since, EVENTS):
        try:
            newest = max(newest, event["created"])
            marked.update(_follow(event.to_dict()["data"]["object"], dry_run))
        except Exception as error:
            failed = True
            logger.exception("Event %s not followed", fields.get(event, "id"))
            yield runner.Outcome(f"event {fields.get(event, 'id')}: {error}", failed=True)
    if not dry_run:
        key_alert.accepted()
        if newest and not failed:
            checkpoints.reach(CHECKPOINT, datetime.fromtimestamp(newest, UTC))
    if marked:
        yield runner.Outcome(f"{len(marked)} payments touched by events of the provider")


def _follow(thing: Any, dry_run: bool) -> Iterable[int]:
    if dry_run:
        return matching.attempts_for(thing).values_list("pk", flat=True)
    return matching.mark_due(thing)


def _since() -> datetime | None:
    """From where to read; ``None`` while there is no attempt that an event could be about."""
    reached = checkpoints.reached(CHECKPOINT)
    if reached is None:
        attempts: Any = registered_payments.Attempt.objects
        reached = attempts.order_by("created_at").values_list("created_at", flat=True).first()
    if reached is None:
        return None
    return max(reached - OVERLAP, timezone.now() - LISTED)
