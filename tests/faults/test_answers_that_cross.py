"""Fault 24 as well: not the events but the provider's answers arrive in the wrong order."""

from unittest import mock

import pytest
from django.core.management import call_command
from oscar.core.loading import get_model

from oscar_subscriptions import journal
from oscar_subscriptions.payments.reconciliation import matching, provider_state, reconcile
from tests.bank import Payment
from tests.faults import controls, interleave, invariants

Attempt = get_model("oscar_subscriptions_payments", "Attempt")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payment(shop, standin):
    """A payment that gave a term; from now on only who asks hears anything."""
    payment = Payment(shop, standin).pay()
    reconcile.reconcile(payment.attempt)
    return payment


def older_answer_is_applied_last(payment):
    """One process has heard that the dispute is open, and is so slow that another one hears
    meanwhile that it is won."""
    dispute = payment.dispute()

    def newer():
        payment.change(dispute, "won")
        reconcile.reconcile(payment.attempt)

    with interleave.run_after(provider_state, "fetch", newer):
        return reconcile.reconcile(payment.attempt)


def test_fault_24_answer_that_is_older_than_one_applied_is_thrown_away(shop, payment):
    attempt = older_answer_is_applied_last(payment)
    assert (payment.state, attempt.effect) == ("valid", "")
    assert payment.reversals == [("dispute", "won", attempt.amount)]
    assert payment.term.journal.exclude(kind=journal.TERM_STARTED).count() == 0
    invariants.check(shop)


def test_fault_24_without_numbers_the_older_answer_wins_control(payment):
    # Without a second look, which the unanswered question asks for.
    with controls.without_numbers(), mock.patch.object(reconcile, "ROUNDS", 1):
        older_answer_is_applied_last(payment)
    assert payment.state == "suspended", "although the dispute is won"


def refund_while_the_provider_is_asked(payment):
    """The answer is on its way and knows of no refund; an event tells of one."""

    def refund():
        payment.refund()
        matching.mark_due({"object": "refund", "payment_intent": payment.attempt.payment_intent_id})

    with interleave.run_after(provider_state, "fetch", refund):
        reconcile.reconcile(payment.attempt)


def test_fault_24_hint_that_comes_in_while_the_provider_is_asked_is_followed(shop, payment):
    refund_while_the_provider_is_asked(payment)
    assert payment.state == "revoked"
    assert not payment.attempt.is_due
    invariants.check(shop)


def test_fault_24_hint_that_comes_in_at_the_last_is_left_to_the_next_run(shop, payment):
    with mock.patch.object(reconcile, "ROUNDS", 1):
        refund_while_the_provider_is_asked(payment)
    assert payment.state == "valid"
    assert payment.attempt.is_due
    call_command("subscriptions_run", verbosity=0)
    assert payment.state == "revoked"
    invariants.check(shop)
