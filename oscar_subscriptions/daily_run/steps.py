"""Steps of the daily run: write reminders, issue missing receipts, send the outbox last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from oscar_subscriptions import alerts, receipts
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.reminders import mails

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, Term


def remind_members(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Write the reminders that are due on ``day``; :func:`send_outbox` sends them."""
    yield from runner.for_each_row(
        filter(mails.is_news, runner.in_batches(mails.to_write(day))),
        lambda term: mails.write_reminder(term, day),
        mails.describe_reminder,
        dry_run,
        carried_out_in_dry_run=True,
    )


def issue_missing_receipts(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Issue the receipts that could not be written when their orders were paid; alert operators to
    those that still can't. ``day`` is unused."""
    yield from runner.for_each_row(
        runner.in_batches(receipts.terms_without_receipt()),
        _issue_receipt,
        lambda term: f"receipt of order {_order_of(term).number} issued",
        dry_run,
    )
    if not dry_run:
        # Also of those that were issued since because somebody asked for them.
        opened = registered.Alert.objects.open().filter(kind=alerts.RECEIPT_MISSING)
        for alert in opened.filter(order__subscription_receipt__isnull=False):
            alerts.settle(alert.key, gettext_noop("The receipt is issued."))


def _issue_receipt(term: Term) -> object:
    order = _order_of(term)
    try:
        return receipts.issue(order)
    except Exception as error:  # whatever a shop's own address or strategy raises
        alerts.raise_alert(
            alerts.RECEIPT_MISSING,
            f"receipt-{order.pk}",
            order=order,
            subscription=term.subscription,
            reason=f"{type(error).__name__}: {error}",
        )
        raise


def _order_of(term: Term) -> Order:
    assert term.order_line is not None  # it was bought
    return term.order_line.order


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
