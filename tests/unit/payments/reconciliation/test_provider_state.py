"""The provider is asked about an attempt, and its refunds and disputes are read."""

from dataclasses import replace

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.payments.provider import client, sessions
from oscar_subscriptions.payments.reconciliation import provider_state
from oscar_subscriptions.payments.reconciliation.provider_state import (
    ProviderState,
    ReportedReversal,
)
from tests.bank import PRICE, Payment

Attempt = get_model("oscar_subscriptions_payments", "Attempt")


@pytest.fixture
def payment(shop, standin):
    """Paid, as the provider knows; the shop has not asked yet."""
    return Payment(shop, standin).pay()


def reversals(payment):
    return provider_state.fetch(payment.attempt, thorough=False).reversals


def test_of_a_page_that_nobody_paid_its_session_alone_is_known(shop, standin):
    payment = Payment(shop, standin)
    answer = provider_state.fetch(payment.attempt, thorough=True)
    session = answer.session_or_intent
    assert (session["id"], session["status"]) == (payment.session, "open")
    assert answer.reversals is None


def test_of_a_payment_that_stands_refunds_are_asked_for_only_on_demand(payment):
    answer = provider_state.fetch(payment.attempt, thorough=False)
    assert (answer.session_or_intent["payment_status"], answer.reversals) == ("paid", None)
    assert provider_state.fetch(payment.attempt, thorough=True).reversals == []


@pytest.mark.parametrize("thorough", [False, True])
def test_an_attempt_that_the_provider_does_not_know_gets_an_empty_answer(standin, db, thorough):
    attempt = Attempt(session_id="cs_test_unknown")
    assert provider_state.fetch(attempt, thorough=thorough) == ProviderState(None, None)
    attempt = Attempt(kind="off-session", payment_intent_id="pi_unknown")
    assert provider_state.fetch(attempt, thorough=False) == ProviderState(None, None)


def test_of_an_off_session_attempt_the_payment_is_known(payment):
    paid = sessions.fetch_session(payment.session)["payment_intent"]["id"]
    attempt = Attempt(kind="off-session", payment_intent_id=paid)
    intent = provider_state.fetch(attempt, thorough=False).session_or_intent
    assert intent["object"] == "payment_intent"
    refund = payment.refund(1_000)
    [reported] = provider_state.fetch(attempt, thorough=False).reversals
    assert reported.provider_id == refund


def test_refunds_and_disputes_that_the_charge_mentions_are_told(payment):
    refund, dispute = payment.refund(1_000), payment.dispute()
    told, disputed = sorted(reversals(payment), key=lambda one: one.amount)
    assert told == ReportedReversal(refund, "refund", "succeeded", 1_000, "EUR", False)
    assert disputed.evidence_due is not None and disputed.evidence_due > conf.today()
    assert replace(disputed, evidence_due=None) == ReportedReversal(
        dispute, "dispute", "needs_response", PRICE, "EUR", True, "fraudulent"
    )


def test_the_money_of_a_dispute_is_gone_until_it_is_won(payment):
    dispute = payment.dispute(inquiry=True)
    expected = {"warning_needs_response": False}
    found = {}
    for status, is_money_gone in (("needs_response", True), ("under_review", True), ("won", False)):
        [reported] = reversals(payment)
        found[reported.status] = reported.is_money_gone
        payment.change(dispute, status)
        expected[status] = is_money_gone
    [reported] = reversals(payment)
    assert found | {reported.status: reported.is_money_gone} == expected


def test_a_refund_that_can_not_be_read_counts_as_money_in_danger(standin, payment):
    refund = payment.refund()
    for change, status, amount in (
        ({"status": None}, "pending", PRICE),
        ({"status": ""}, provider_state.UNREADABLE, PRICE),
        ({"status": 7}, provider_state.UNREADABLE, PRICE),
        ({"status": "x" * 100}, "x" * 64, PRICE),
        ({"amount": -5}, provider_state.UNREADABLE, 0),
        ({"amount": None, "status": "succeeded"}, provider_state.UNREADABLE, 0),
    ):
        standin.control("amend", id=refund, set=change)
        [reported] = reversals(payment)
        assert (reported.status, reported.amount) == (status, amount), change


def test_of_a_dispute_whose_entries_can_not_be_read_the_money_counts_as_gone(standin, payment):
    dispute = payment.dispute()
    for entries in (None, [{"amount": "much"}], [{}], 7):
        standin.control("amend", id=dispute, set={"balance_transactions": entries, "status": None})
        [reported] = reversals(payment)
        assert (reported.status, reported.is_money_gone) == (provider_state.UNREADABLE, True), (
            entries
        )


def test_a_provider_that_does_not_answer_is_no_answer(standin, db, monkeypatch):
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    standin.fault(status=500, times=None)
    with pytest.raises(client.ProviderUnavailableError):
        provider_state.fetch(Attempt(session_id="cs_test_1"), thorough=False)
