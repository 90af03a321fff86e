"""Steps of the daily run: issue missing receipts, note first terms, send the outbox last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_noop

from oscar_subscriptions import alerts, receipts
from oscar_subscriptions.daily_run import sharing, turns, work
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import sending
from oscar_subscriptions.sql.key_lists import among
from oscar_subscriptions.transactions import for_update, transactional

# The checkpoints of the steps that issue receipts and note first terms.
RECEIPTS, FIRST_TERMS = "receipts", "first-terms"

# Mails that one task sends, where the run is shared out: a slow mail server takes minutes for them.
MAILS_PER_TASK = 1000

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, Term
    from oscar_subscriptions.querysets import SubscriptionQuerySet


@sharing.shared_out(sharing.by_rows(lambda: registered.Term.objects.all()))
def issue_missing_receipts(
    day: date, dry_run: bool, keys: sharing.KeyRange = sharing.EVERYTHING
) -> Iterator[work.Outcome]:
    """Issue the receipts that could not be written when their orders were paid; alert operators to
    those that still can't. Looks at new terms, those of open alerts, and others in turn.

    Args:
        keys: of terms.
    """
    bought = keys.of(registered.Term.objects.filter(order_line__isnull=False))
    turn = turns.begin(keys.named(RECEIPTS), day, bought)
    yield from work.for_each_row(
        _without_receipt(turn, keys),
        _issue_receipt,
        lambda term: f"receipt of order {_order_of(term).number} issued",
        dry_run,
    )
    if not dry_run:
        turn.done()
        # Also of those that were issued since because somebody asked for them.
        opened = registered.Alert.objects.open().filter(kind=alerts.RECEIPT_MISSING)
        for alert in opened.filter(order__subscription_receipt__isnull=False):
            alerts.settle(alert.key, gettext_noop("The receipt is issued."))


def _without_receipt(turn: turns.Turn, keys: sharing.KeyRange) -> Iterator[Term]:
    terms = keys.of(receipts.terms_without_receipt())
    if turn.days is None:
        yield from work.in_batches(terms)
        return
    # Few alerts and few new lines of history: PostgreSQL is led from them to the terms.
    alerted = registered.Alert.objects.open().filter(kind=alerts.RECEIPT_MISSING)
    seen: set[int] = set()
    for some in (
        terms.filter(order_line__order__in=alerted.values("order")),
        terms.filter(subscription__in=turn.subscriptions_with_news()),
        receipts.terms_without_receipt(turn.keys),
    ):
        for term in work.in_batches(some):
            if term.pk not in seen:
                seen.add(term.pk)
                yield term


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


def note_first_terms(day: date, dry_run: bool) -> Iterator[work.Outcome]:
    """Note on subscriptions that they have a term (``has_term``); there is nothing to report.

    Looks at those that something happened to, and others in turn.
    """
    if not dry_run:
        rows = registered.Subscription.objects.filter(has_term=False)
        turn = turns.begin(FIRST_TERMS, day, rows)
        if turn.days is None:
            _note_terms(rows)
        else:
            _note_terms(rows.filter(pk__in=turn.subscriptions_with_news()))
            _note_terms(rows.filter(pk__in=among(turn.keys)))
        turn.done()
    yield from ()


def _note_terms(rows: SubscriptionQuerySet) -> None:
    own = registered.Term.objects.filter(subscription=OuterRef("pk")).order_by()
    # Not EXISTS: PostgreSQL would read all terms at once for few subscriptions.
    begun = rows.alias(term=Subquery(own.values("pk")[:1])).filter(term__isnull=False)
    for batch in work.batches(begun.only("pk")):
        _note_term([row.pk for row in batch])


@transactional
def _note_term(keys: list[int]) -> None:
    rows = registered.Subscription.objects
    # Those that a payment has locked can wait for the next run.
    free = for_update(rows.filter(pk__in=among(keys)).order_by("pk"), wait=False)
    rows.filter(pk__in=among(list(free.values_list("pk", flat=True)))).update(has_term=True)


@sharing.shared_out(sharing.by_number(sending.waiting, MAILS_PER_TASK))
def send_outbox(
    day: date, dry_run: bool, keys: sharing.KeyRange = sharing.EVERYTHING
) -> Iterator[work.Outcome]:
    """Send what is due in the outbox.

    Args:
        keys: of mails.
    """
    if dry_run:
        due = keys.of(sending.waiting()).count() + work.mails_foretold()
        if due:
            yield work.Outcome(f"{due} e-mails sent")
        return
    sent = sending.send_due(keys.of(sending.waiting()))
    if sent:
        yield work.Outcome(f"{sent} e-mails sent")
    failed = keys.of(sending.waiting()).count()
    if failed:
        yield work.Outcome(f"{failed} e-mails could not be sent", failed=True)
