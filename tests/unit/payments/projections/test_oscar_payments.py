"""A payment shows where Oscar people look for it."""

from decimal import Decimal as D

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.payments.projections import oscar_payments
from oscar_subscriptions.payments.reconciliation.provider_state import ReportedReversal

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
PaymentEvent = get_model("order", "PaymentEvent")
Source = get_model("payment", "Source")
SourceType = get_model("payment", "SourceType")


@pytest.fixture
def attempt(shop):
    return Attempt.objects.create(
        order=shop.make_order(shop.make_user()),
        amount=24_000,
        currency="EUR",
        session_id="cs_1",
        payment_intent_id="pi_1",
        status="paid",
    )


@pytest.fixture
def recorded(attempt):
    oscar_payments.record_payment(attempt)
    return attempt


def refund(amount, status="succeeded", provider_id="re_1", kind="refund"):
    return ReportedReversal(provider_id, kind, status, amount, "EUR", False)


def refunds():
    rows = Source.objects.get().transactions.filter(txn_type="Refund").order_by("reference")
    return list(rows.values_list("reference", "amount", "status"))


def test_a_payment_is_a_source_with_its_transactions_and_an_event_of_every_line(recorded):
    source = Source.objects.get(order=recorded.order)
    assert (source.source_type.name, source.currency, source.reference) == (
        "Stripe Checkout", "EUR", "pi_1"
    )  # fmt: skip
    assert (source.amount_allocated, source.amount_debited, source.amount_refunded) == (240, 240, 0)
    assert sorted(source.transactions.values_list("txn_type", "amount", "status")) == [
        ("Authorise", 240, "paid"),
        ("Debit", 240, "paid"),
    ]
    event = PaymentEvent.objects.get(order=recorded.order)
    assert (event.event_type.name, event.amount, event.reference) == ("Paid", 240, "pi_1")
    [quantity] = event.line_quantities.all()
    assert (quantity.line, quantity.quantity) == (recorded.order.lines.get(), 1)


def test_a_payment_without_an_id_is_known_by_its_session(attempt):
    attempt.payment_intent_id = ""
    oscar_payments.record_payment(attempt)
    assert Source.objects.get().reference == "cs_1"


def test_a_currency_without_cents_is_not_shown_as_a_hundredth(attempt):
    attempt.currency = "JPY"
    oscar_payments.record_payment(attempt)
    assert Source.objects.get().amount_debited == 24_000
    oscar_payments.record_refunds(attempt, [refund(500)])
    assert Source.objects.get().amount_refunded == 500


def test_all_payments_are_of_one_type_whoever_named_another_alike(recorded):
    first = SourceType.objects.get()
    SourceType.objects.create(name=oscar_payments.SOURCE_TYPE)
    oscar_payments.record_payment(recorded)
    assert {source.source_type for source in Source.objects.all()} == {first}


def test_refunds_are_transactions_and_their_sum_is_on_the_source(recorded):
    reported = [refund(10_050), refund(1_000, "pending", "re_2")]
    oscar_payments.record_refunds(recorded, reported)
    assert refunds() == [("re_1", D("100.50"), "succeeded"), ("re_2", 10, "pending")]
    assert Source.objects.get().amount_refunded == D("110.50")


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_a_refund_that_came_to_nothing_is_shown_and_not_counted(recorded, status):
    oscar_payments.record_refunds(recorded, [refund(24_000, "pending")])
    oscar_payments.record_refunds(recorded, [refund(24_000, status)])
    assert refunds() == [("re_1", 240, status)]
    assert Source.objects.get().amount_refunded == 0


def test_a_dispute_is_no_refund(recorded):
    oscar_payments.record_refunds(recorded, [refund(24_000, "lost", "dp_1", "dispute")])
    assert refunds() == []
    assert Source.objects.get().amount_refunded == 0


def test_a_refund_of_a_payment_that_was_never_shown_shows_nothing(attempt):
    oscar_payments.record_refunds(attempt, [refund(24_000)])
    assert not Source.objects.exists()
