"""The daily run's own steps: park and restore services, write reminders, send the outbox last."""

from collections.abc import Iterator
from datetime import date

from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.reminders import mails
from oscar_subscriptions.sellers import listings, parking


def park_lapsed_sellers(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Park the services of sellers without a term on ``day``, and those above a seller's limit."""
    yield from runner.for_each_row(
        runner.in_batches(listings.to_park(day)),
        lambda seller: parking.park(seller, day),
        lambda seller: f"services of {seller} parked",
        dry_run,
    )


def restore_returned_sellers(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Restore parked services of sellers whose term covers ``day``, as far as the limit allows."""
    yield from runner.for_each_row(
        runner.in_batches(listings.to_restore(day)),
        lambda seller: parking.restore(seller, day),
        lambda seller: f"services of {seller} back in the shop",
        dry_run,
    )


def remind_members(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Write the reminders that are due on ``day``; :func:`send_outbox` sends them."""
    yield from runner.for_each_row(
        filter(mails.is_news, runner.in_batches(mails.to_write(day))),
        lambda term: mails.write_reminder(term, day),
        mails.describe_reminder,
        dry_run,
        carried_out_in_dry_run=True,
    )


def send_outbox(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Send what is due in the outbox."""
    if dry_run:
        due = outbox.waiting().count() + runner.mails_foretold()
        if due:
            yield runner.Outcome(f"{due} e-mails sent")
        return
    sent = outbox.send_due()
    if sent:
        yield runner.Outcome(f"{sent} e-mails sent")
    failed = outbox.waiting().count()
    if failed:
        yield runner.Outcome(f"{failed} e-mails could not be sent", failed=True)
