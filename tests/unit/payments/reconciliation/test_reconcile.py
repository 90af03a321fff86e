"""One attempt is brought in line with what the provider knows, however often it is asked."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.provider import client, sessions
from oscar_subscriptions.payments.reconciliation import matching, provider_state
from oscar_subscriptions.payments.reconciliation.reconcile import ROUNDS, reconcile
from tests.bank import Payment

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Source = get_model("payment", "Source")


@pytest.fixture
def payment(shop, standin):
    return Payment(shop, standin)


@pytest.fixture
def asked(monkeypatch):
    """How often the provider was asked about an attempt."""
    calls, fetch = [], provider_state.fetch

    def note(attempt, **named):
        calls.append(attempt.pk)
        return fetch(attempt, **named)

    monkeypatch.setattr(provider_state, "fetch", note)
    return calls


def test_an_attempt_that_never_reached_the_provider_is_left_alone(shop, asked):
    attempt = hosted.begin(shop.make_order(shop.make_user()))
    assert reconcile(attempt).status == "open"
    assert asked == []


def test_a_payment_gives_its_term_once(payment):
    before = payment.attempt
    payment.pay()
    for _ in range(2):
        after = reconcile(before)
        assert (after.status, after.received) == ("paid", 24_000)
    # What was given is as it was; the answer is fresh.
    assert before.status == "open"
    assert payment.state == "valid"
    assert Source.objects.count() == 1


def test_a_page_that_is_open_changes_nothing_but_the_time_of_the_question(payment):
    attempt = reconcile(payment.attempt)
    assert attempt.status == "open" and attempt.url == payment.page
    assert attempt.reconciled_at is not None


def test_a_silent_provider_changes_nothing_and_the_hint_stays(payment, standin):
    payment.pay()
    Attempt.objects.mark_due()
    before = Attempt.objects.values().get()
    standin.fault(status=429)
    with pytest.raises(client.ProviderUnavailableError):
        reconcile(payment.attempt)
    assert Attempt.objects.values().get() == before | {"asked": before["asked"] + 1}
    assert not reconcile(payment.attempt).is_due


def test_an_answer_that_comes_after_that_to_a_newer_question_is_not_applied(payment, monkeypatch):
    payment.pay()
    fetch = provider_state.fetch

    def slow(attempt, **named):
        Attempt.objects.update(asked=attempt.asked + 1, answered=attempt.asked + 1)
        return fetch(attempt, **named)

    monkeypatch.setattr(provider_state, "fetch", slow)
    assert reconcile(payment.attempt).status == "open"
    assert payment.term is None


def test_what_happens_while_the_provider_is_asked_is_asked_for_again(payment, monkeypatch):
    fetch = provider_state.fetch

    def paid_meanwhile(attempt, **named):
        answer = fetch(attempt, **named)
        monkeypatch.setattr(provider_state, "fetch", fetch)
        payment.pay()
        matching.mark_due(sessions.fetch_session(payment.session))
        return answer

    monkeypatch.setattr(provider_state, "fetch", paid_meanwhile)
    attempt = reconcile(payment.attempt)
    assert (attempt.status, attempt.is_due) == ("paid", False)


def test_events_that_never_cease_are_left_to_the_next_run(payment, asked, monkeypatch):
    fetch = provider_state.fetch

    def hinted_meanwhile(attempt, **named):
        Attempt.objects.mark_due()
        return fetch(attempt, **named)

    monkeypatch.setattr(provider_state, "fetch", hinted_meanwhile)
    assert reconcile(payment.attempt).is_due
    assert len(asked) == ROUNDS


def test_a_second_payment_goes_back_and_the_same_look_sees_the_refund(payment, settings):
    settings.OSCAR_SUBSCRIPTIONS_REFUND_SECOND_PAYMENT = True
    fulfilment.order_paid(payment.order)
    payment.pay()
    attempt = reconcile(payment.attempt)
    assert (attempt.status, attempt.is_surplus, attempt.is_due) == ("paid", True, False)
    assert [(one.kind, one.amount) for one in attempt.reversals.all()] == [("refund", 24_000)]
    assert payment.state == "valid"
