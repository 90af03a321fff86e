"""The doctor asks the provider about a limited number of payments, and finds where it differs."""

import socket
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run import doctor as whole_doctor
from oscar_subscriptions.payments import provider_doctor
from oscar_subscriptions.payments.provider import sessions
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import Payment
from tests.unit.payments.examining import examined, found, heal

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def payment(shop, standin):
    """Paid, and known to be."""
    payment = Payment(shop, standin).pay()
    reconcile(payment.attempt)
    return payment


@pytest.fixture
def asked(monkeypatch):
    """The paths of all requests to the provider from now on, below ``/v1/``."""
    paths, send = [], requests.Session.send

    def record(self, request, **kwargs):
        paths.append(urlsplit(request.url).path.removeprefix("/v1/"))
        return send(self, request, **kwargs)

    monkeypatch.setattr(requests.Session, "send", record)
    return paths


# The provider.


def test_a_payment_that_only_the_provider_knows_of_is_found_and_reconciled(shop, standin):
    payment = Payment(shop, standin).pay()
    assert found(provider_doctor.provider_and_attempts) == [
        ("provider-differs", payment.order.number, "the provider says paid, the shop open")
    ]
    assert payment.attempt.reconciled_at is None, "looking changes nothing"
    heal(provider_doctor.provider_and_attempts)
    assert payment.state == "valid"


def test_a_refund_that_only_the_provider_knows_of_is_found_while_the_term_runs(
    payment, time_machine
):
    refund = payment.refund(1_000)
    assert found(provider_doctor.provider_and_attempts) == [
        ("provider-differs", payment.order.number, f"{refund} is succeeded at the provider")
    ]
    time_machine.move_to(timezone.now() + timedelta(days=400))
    assert found(provider_doctor.provider_and_attempts) == []
    Attempt.objects.all().mark_due()
    heal(provider_doctor.provider_and_attempts)
    assert payment.reversals == [("refund", "succeeded", 1_000)]


def test_a_page_that_the_provider_forgot_differs_until_it_was_settled(shop, standin, payment):
    Attempt.objects.update(session_id="cs_test_forgotten")
    assert found(provider_doctor.provider_and_attempts) == []
    other = Payment(shop, standin, name="other")
    Attempt.objects.filter(order=other.order).update(session_id="cs_test_unknown")
    [(_, subject, problem)] = found(provider_doctor.provider_and_attempts)
    assert (subject, problem) == (other.order.number, "the provider says unknown, the shop open")


def test_a_debit_under_way_agrees(shop, standin):
    standin.control("settings", async_delay=86_400)
    payment = Payment(shop, standin).pay(method="sepa_debit")
    reconcile(payment.attempt)
    assert found(provider_doctor.provider_and_attempts) == []


def test_a_paid_session_that_no_attempt_knows_is_found_and_followed(payment):
    Attempt.objects.update(session_id=None)
    [(code, subject, _)] = found(provider_doctor.sessions_at_the_provider)
    assert code == "unknown-session"
    heal(provider_doctor.sessions_at_the_provider)
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
        assert found(provider_doctor.sessions_at_the_provider) == [], change


def test_sessions_are_compared_as_far_back_as_the_provider_lists_events(payment, time_machine):
    Attempt.objects.update(session_id=None)
    for days, number in ((29, 1), (2, 0)):
        time_machine.move_to(timezone.now() + timedelta(days=days))
        assert len(found(provider_doctor.sessions_at_the_provider)) == number


# How often the provider is asked.


@pytest.fixture
def three(shop, standin, commit):
    """Three payments that are known, in the order in which they were asked about."""
    payments = []
    for number in range(3):
        with commit():
            payment = Payment(shop, standin, name=f"member-{number}").pay()
        reconcile(payment.attempt)
        payments.append(payment)
    return payments


def sessions_among(paths):
    return [path.rpartition("/")[2] for path in paths if path.startswith("checkout/sessions/")]


def test_the_provider_is_asked_about_as_many_payments_as_the_setting_says(three, asked, settings):
    settings.OSCAR_SUBSCRIPTIONS_DOCTOR_QUESTIONS = 2
    findings, [note] = examined(provider_doctor.provider_and_attempts)
    assert findings == []
    assert str(note) == (
        "payments-left: the provider was asked about 2 payments; 1 is left for the next time"
    )
    # One request for each payment, and one for each list, however many payments there are.
    assert sorted(path.split("/")[0] for path in asked) == [
        "checkout", "checkout", "disputes", "refunds",
    ]  # fmt: skip
    assert sessions_among(asked) == [payment.session for payment in three[:2]]


def test_the_next_time_the_others_are_asked_about(three, asked, settings):
    settings.OSCAR_SUBSCRIPTIONS_DOCTOR_QUESTIONS = 2
    for _ in range(3):
        list(provider_doctor.provider_and_attempts())
    first, second, third = (payment.session for payment in three)
    assert sessions_among(asked) == [first, second, third, first, second, third]


def test_a_payment_that_differs_is_asked_about_again_until_it_agrees(three, asked, settings):
    settings.OSCAR_SUBSCRIPTIONS_DOCTOR_QUESTIONS = 1
    refund = three[0].refund(1_000)
    del asked[:]
    for _ in range(2):
        [finding], _notes = examined(provider_doctor.provider_and_attempts)
        assert finding.problem == f"{refund} is succeeded at the provider"
    assert sessions_among(asked) == [three[0].session] * 2
    finding.fix()
    assert examined(provider_doctor.provider_and_attempts)[0] == []
    assert sessions_among(asked)[-1] == three[1].session


def test_a_payment_that_was_reconciled_meanwhile_keeps_its_moment(payment, monkeypatch):
    meanwhile = timezone.now() + timedelta(hours=1)
    fetch = provider_doctor.provider_state.fetch

    def slowly(attempt, *, thorough):
        Attempt.objects.update(reconciled_at=meanwhile)
        return fetch(attempt, thorough=thorough)

    monkeypatch.setattr(provider_doctor.provider_state, "fetch", slowly)
    assert found(provider_doctor.provider_and_attempts) == []
    assert Attempt.objects.get().reconciled_at == meanwhile


def test_all_are_asked_about_where_the_setting_allows_it_and_nothing_is_said(three, settings):
    settings.OSCAR_SUBSCRIPTIONS_DOCTOR_QUESTIONS = 3
    assert examined(provider_doctor.provider_and_attempts) == ([], [])


def test_a_refund_of_a_payment_that_nobody_asks_about_is_found_by_the_list(three, asked, settings):
    refund, dispute = three[1].refund(1_000), three[2].dispute()
    settings.OSCAR_SUBSCRIPTIONS_DOCTOR_QUESTIONS = 1
    del asked[:]
    findings, _notes = examined(provider_doctor.provider_and_attempts)
    assert [(one.subject, one.problem) for one in findings] == [
        (three[1].order.number, f"{refund} is succeeded at the provider"),
        (three[2].order.number, f"{dispute} is needs_response at the provider"),
    ]
    assert sessions_among(asked) == [three[0].session]


def test_a_refund_that_came_to_nothing_before_anybody_heard_of_it_is_found_and_kept(payment):
    refund = payment.standin.control(f"charges/{payment.session}/refund", amount=1_000)["id"]
    payment.standin.control(f"refunds/{refund}", status="failed")
    [(_, _, problem)] = found(provider_doctor.provider_and_attempts)
    assert problem == f"{refund} is failed at the provider"
    heal(provider_doctor.provider_and_attempts)
    assert payment.reversals == [("refund", "failed", 1_000)]


def test_a_list_is_read_as_far_as_the_setting_says(three, settings, monkeypatch):
    monkeypatch.setattr(provider_doctor, "PAGE", 1)
    settings.OSCAR_SUBSCRIPTIONS_DOCTOR_QUESTIONS = 2
    newest_first = [payment.session for payment in reversed(three)]
    Attempt.objects.update(session_id=None)
    findings, [note] = examined(provider_doctor.sessions_at_the_provider)
    assert [one.subject for one in findings] == newest_first[:2]
    assert note.code == "list-not-finished" and "was read up to" in note.text
    settings.OSCAR_SUBSCRIPTIONS_DOCTOR_QUESTIONS = 4
    findings, notes = examined(provider_doctor.sessions_at_the_provider)
    assert (len(findings), notes) == (3, [])


def test_sessions_of_a_page_are_compared_in_one_statement(
    three, settings, django_assert_max_num_queries
):
    with django_assert_max_num_queries(2):
        assert found(provider_doctor.sessions_at_the_provider) == []


def test_without_the_provider_no_request_is_made(three, monkeypatch):
    # An order that was paid otherwise, so that the fix would close its page at the provider.
    Attempt.objects.filter(order=three[0].order).update(status="paid")
    term = Term.objects.get(order_line__order=three[0].order)
    term.journal.all().delete()
    term.delete()
    Attempt.objects.filter(order=three[1].order).update(session_id=None)
    three[2].standin.control(f"charges/{three[2].session}/refund", amount=1_000)

    def connect(self, address):
        raise AssertionError(f"connected to {address}")

    monkeypatch.setattr(socket.socket, "connect", connect)
    codes = {one.code for one in whole_doctor.examine(ask_provider=False)}
    assert "paid-without-term" in codes
    assert not codes & {"examination-failed", "provider-differs", "unknown-session"}
    monkeypatch.undo()
    codes = {one.code for one in whole_doctor.examine()}
    assert {"provider-differs", "unknown-session"} <= codes
