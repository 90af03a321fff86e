"""The doctor finds each disagreement about money once, and nothing where all agrees."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.payments import doctor, provider_doctor
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import PRICE, Payment
from tests.unit.payments.examining import found, heal

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def written(shop):
    """An order that is paid and has no term; the provider has no part in it."""
    attempt = hosted.begin(shop.make_order(shop.make_user()))
    Attempt.objects.update(status="paid", received=PRICE, payment_intent_id="pi_1")
    return Attempt.objects.get(pk=attempt.pk)


@pytest.fixture
def payment(shop, standin):
    """Paid, and known to be."""
    payment = Payment(shop, standin).pay()
    reconcile(payment.attempt)
    return payment


EVERYTHING = [
    doctor.payments_without_term,
    doctor.terms_without_payment,
    doctor.orders_of_payments,
    provider_doctor.provider_and_attempts,
    provider_doctor.sessions_at_the_provider,
]


def test_where_all_agrees_nothing_is_found(shop, standin, payment, commit):
    with commit():
        Payment(shop, standin, name="other")  # its page is open
    Order.objects.filter(pk=payment.order.pk).update(status="Paid")
    assert [found(examination) for examination in EVERYTHING] == [[], [], [], [], []]


# Orders and terms.


def test_a_paid_order_without_a_term_is_found_and_fulfilled(written):
    number = written.order.number
    [(code, subject, _)] = found(doctor.payments_without_term)
    assert (code, subject) == ("paid-without-term", number)
    heal(doctor.payments_without_term)
    assert Term.objects.get().order_line.order == written.order


def test_a_paid_order_that_can_not_be_fulfilled_says_why(written):
    written.order.lines.update(quantity=2)
    [finding] = doctor.payments_without_term()
    with pytest.raises(ValueError, match=r"\w"):
        finding.fix()
    assert not Term.objects.exists()


@pytest.mark.parametrize(
    "change", [{"status": "expired"}, {"effect": "revoked"}, {"is_surplus": True}, "alert"]
)
def test_money_that_gives_no_term_for_a_known_reason_is_not_found(written, change):
    if change == "alert":
        alerts.raise_alert(alerts.ORDER_REFUSED, "key", order=written.order)
    else:
        Attempt.objects.update(**change)
    assert found(doctor.payments_without_term) == []


@pytest.fixture
def unpaid_term(written):
    """A term of an order that nobody paid."""
    heal(doctor.payments_without_term)
    Attempt.objects.update(status="expired")
    return Term.objects.get()


def test_a_term_that_nobody_paid_is_found_and_left_to_a_person(unpaid_term):
    [finding] = doctor.terms_without_payment()
    assert (finding.code, finding.fix) == ("term-without-payment", None)
    assert finding.subject == unpaid_term.order_line.order.number


def test_a_term_that_was_granted_or_paid_otherwise_or_revoked_is_not_found(
    shop, unpaid_term, settings
):
    shop.grant(shop.make_user("other"))
    settings.OSCAR_SUBSCRIPTIONS_PAID_ORDER_STATUSES = ("Pending",)
    assert found(doctor.terms_without_payment) == []
    settings.OSCAR_SUBSCRIPTIONS_PAID_ORDER_STATUSES = ()
    ledger.revoke(unpaid_term, reason="nobody paid")
    assert found(doctor.terms_without_payment) == []


def test_an_order_that_lags_behind_its_payment_is_moved_on_and_gets_its_source(written):
    number = written.order.number
    assert [row[:2] for row in found(doctor.orders_of_payments)] == [
        ("order-status", number),
        ("source-missing", number),
    ]
    heal(doctor.orders_of_payments)
    assert Order.objects.get().status == "Paid"
    assert Source.objects.get().amount_debited == 240


def test_an_order_that_lags_behind_is_found_although_runs_read_its_payment_no_more(written):
    heal(doctor.payments_without_term)
    heal(doctor.orders_of_payments)
    Attempt.objects.update(is_followed_up=True)
    Order.objects.update(status="Pending")
    assert [row[0] for row in found(doctor.orders_of_payments)] == ["order-status"]


def test_a_fix_that_may_ask_the_provider_says_so(written):
    [finding] = doctor.payments_without_term()
    assert finding.fix_asks_provider
