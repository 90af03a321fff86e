"""The doctor finds each disagreement about money once, and nothing where all agrees."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.payments import doctor
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.provider import sessions
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import PRICE, Payment

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


def found(examination):
    return [(one.code, one.subject, one.problem) for one in examination()]


def heal(examination):
    """Put each finding right; it is not found again."""
    findings = list(examination())
    assert findings and all(one.fix for one in findings)
    for one in findings:
        one.fix()
    assert found(examination) == []


EVERYTHING = [
    doctor.payments_without_term,
    doctor.terms_without_payment,
    doctor.orders_of_payments,
    doctor.provider_and_attempts,
    doctor.sessions_at_the_provider,
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


# The provider.


def test_a_payment_that_only_the_provider_knows_of_is_found_and_reconciled(shop, standin):
    payment = Payment(shop, standin).pay()
    assert found(doctor.provider_and_attempts) == [
        ("provider-differs", payment.order.number, "the provider says paid, the shop open")
    ]
    assert payment.attempt.reconciled_at is None, "looking changes nothing"
    heal(doctor.provider_and_attempts)
    assert payment.state == "valid"


def test_a_refund_that_only_the_provider_knows_of_is_found_while_the_term_runs(
    payment, time_machine
):
    refund = payment.refund(1_000)
    assert found(doctor.provider_and_attempts) == [
        ("provider-differs", payment.order.number, f"{refund} is succeeded at the provider")
    ]
    time_machine.move_to(timezone.now() + timedelta(days=400))
    assert found(doctor.provider_and_attempts) == []
    Attempt.objects.all().mark_due()
    heal(doctor.provider_and_attempts)
    assert payment.reversals == [("refund", "succeeded", 1_000)]


def test_a_page_that_the_provider_forgot_differs_until_it_was_settled(shop, standin, payment):
    Attempt.objects.update(session_id="cs_test_forgotten")
    assert found(doctor.provider_and_attempts) == []
    other = Payment(shop, standin, name="other")
    Attempt.objects.filter(order=other.order).update(session_id="cs_test_unknown")
    [(_, subject, problem)] = found(doctor.provider_and_attempts)
    assert (subject, problem) == (other.order.number, "the provider says unknown, the shop open")


def test_a_debit_under_way_agrees(shop, standin):
    standin.control("settings", async_delay=86_400)
    payment = Payment(shop, standin).pay(method="sepa_debit")
    reconcile(payment.attempt)
    assert found(doctor.provider_and_attempts) == []


def test_a_paid_session_that_no_attempt_knows_is_found_and_followed(payment):
    Attempt.objects.update(session_id=None)
    [(code, subject, _)] = found(doctor.sessions_at_the_provider)
    assert code == "unknown-session"
    heal(doctor.sessions_at_the_provider)
    assert payment.session == subject


def test_a_session_that_is_unpaid_or_another_shops_is_not_found(standin, payment):
    session = payment.session
    values = sessions.fetch_session(session).to_dict()
    Attempt.objects.update(session_id=None)
    for change in (
        {"metadata": {"shop": "another.example"}},
        {"metadata": None},
        {"payment_status": "unpaid"},
    ):
        kept = {name: values[name] for name in ("metadata", "payment_status")}
        standin.control("amend", id=session, set=kept | change)
        assert found(doctor.sessions_at_the_provider) == [], change


def test_sessions_are_compared_as_far_back_as_the_provider_lists_events(payment, time_machine):
    Attempt.objects.update(session_id=None)
    for days, number in ((29, 1), (2, 0)):
        time_machine.move_to(timezone.now() + timedelta(days=days))
        assert len(found(doctor.sessions_at_the_provider)) == number
