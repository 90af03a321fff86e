"""The bank says no, or wants to ask the member: told, tried again, and in the end given up."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from oscar_subscriptions import journal
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.payments.provider import intents
from tests.functional import pages
from tests.functional.renewals.renewing import (
    CHARGED,
    LAST_DAY,
    SECOND_TRY,
    THIRD_TRY,
    Attempt,
    AutoRenewal,
    Order,
    StoredPaymentMethod,
    Term,
)

pytestmark = pytest.mark.django_db(transaction=True)

DECLINED = "4000000000009995"
ASKS = "4000002760003184"


def hosted_page(renewing):
    """Where the link of the e-mail leads a member who signs in."""
    renewing.client.force_login(renewing.subscription.user)
    return renewing.client.get(pages.pay_url(Order.objects.latest("pk"))).url


@pytest.mark.parametrize(
    ("card", "problem"),
    [(DECLINED, "insufficient_funds"), (ASKS, "authentication_required")],
)
def test_a_refusal_is_told_with_a_link_to_pay_the_very_order(announced, card, problem):
    announced.turn_bad(card)
    assert announced.run(CHARGED) == []
    assert announced.mails() == ["renewal-announced", "renewal-failed"]
    attempt = Attempt.objects.get(kind="off-session")
    assert (attempt.status, attempt.problem) == ("expired", problem)
    assert (announced.planned.status, announced.planned.problem) == ("waiting", problem)
    message = mail.outbox[-1]
    assert pages.pay_url(attempt.order) in message.body
    # Nothing is left at the provider that could still be charged.
    statuses = [one["data"]["object"]["status"] for one in announced.standin.events()[-1:]]
    assert statuses == ["canceled"]


def test_the_member_pays_by_the_link_and_is_not_charged_again(announced):
    announced.turn_bad(ASKS)
    announced.run(CHARGED)
    announced.standin.submit_card(hosted_page(announced))
    announced.run(SECOND_TRY)
    announced.run(SECOND_TRY + timedelta(days=1))
    assert announced.planned.status == "done"
    assert announced.charges() == ["succeeded", "failed", "succeeded"]
    assert Term.objects.count() == 2
    announced.run(THIRD_TRY)
    assert len(announced.charges()) == 3


def test_the_card_typed_on_the_link_is_the_one_that_is_charged_next_year(announced):
    before = StoredPaymentMethod.objects.get().payment_method_id
    announced.turn_bad(DECLINED)
    announced.run(CHARGED)
    announced.standin.submit_card(hosted_page(announced))
    announced.run()
    after = StoredPaymentMethod.objects.get().payment_method_id
    assert after != before
    assert auto_renewal.is_on(announced.subscription)


def test_after_the_last_try_it_is_switched_off_and_the_member_told(announced):
    announced.turn_bad(DECLINED)
    for day in (CHARGED, SECOND_TRY, THIRD_TRY):
        announced.run(day)
    assert announced.mails() == [
        "renewal-announced", "renewal-failed", "renewal-failed", "renewal-stopped",
    ]  # fmt: skip
    assert announced.planned.status == "failed"
    assert not auto_renewal.is_on(announced.subscription)
    assert AutoRenewal.objects.get().end_reason == "insufficient_funds"
    kinds = list(announced.subscription.journal.values_list("kind", flat=True))
    assert kinds.count(journal.RENEWAL_REFUSED) == 3 and kinds.count(journal.RENEWAL_OFF) == 1
    order = Order.objects.latest("pk")
    assert pages.pay_url(order) in mail.outbox[-1].body
    # Payable by hand for some days more, then cancelled.
    announced.run(LAST_DAY + timedelta(days=6))
    assert hosted_page(announced).startswith(announced.standin.url)
    announced.run(LAST_DAY + timedelta(days=9))
    order.refresh_from_db()
    assert order.status == "Cancelled"
    assert announced.charges() == ["succeeded", "failed", "failed", "failed"]


def test_nothing_is_charged_behind_the_back_of_a_member_who_is_paying(announced):
    announced.turn_bad(DECLINED)
    announced.run(CHARGED)
    announced.turn_bad("4242424242424242")
    announced.go_to(SECOND_TRY)
    hosted = hosted_page(announced)
    announced.run()
    assert announced.charges() == ["succeeded", "failed"]
    announced.standin.submit_card(hosted)
    announced.run()
    announced.run()
    assert announced.charges() == ["succeeded", "failed", "succeeded"]
    assert announced.planned.status == "done"


def test_a_stranger_finds_no_renewal_to_pay(announced, shop):
    announced.turn_bad(DECLINED)
    announced.run(CHARGED)
    stranger = Client()
    stranger.force_login(shop.make_user("stranger"))
    assert stranger.get(pages.pay_url(Order.objects.latest("pk"))).status_code == 404


def test_a_member_whose_means_are_gone_is_told_as_of_a_refusal(announced):
    StoredPaymentMethod.objects.all().delete()
    announced.run(CHARGED)
    assert announced.mails() == ["renewal-announced", "renewal-failed"]
    assert announced.charges() == ["succeeded"]


def test_an_answer_that_was_lost_is_read_again_and_nobody_charged_twice(announced):
    announced.standin.fault(path="payment_intents/.*/confirm", lose="after", times=2)
    assert announced.run(CHARGED) != []
    # Later in the same run the provider was asked what had become of it.
    assert announced.charges() == ["succeeded", "succeeded"]
    assert Term.objects.count() == 2
    # Longer than the provider remembers what it answered to a key.
    announced.run(CHARGED + timedelta(days=2))
    assert announced.charges() == ["succeeded", "succeeded"]
    assert announced.planned.status == "done"


def test_an_answer_to_the_making_of_a_payment_that_was_lost_charges_once(announced):
    announced.standin.fault(path="payment_intents$", lose="after", times=2)
    assert announced.run(CHARGED) != []
    assert announced.charges() == ["succeeded"]
    announced.run(CHARGED + timedelta(days=2))  # the first payment is forgotten, unconfirmed
    assert announced.charges() == ["succeeded", "succeeded"]
    assert announced.planned.tries == 1


# What the bank said is gone at the provider as soon as the payment is cancelled (fault 87).


def must_have_the_banks_word(renewing, problem):
    attempt = Attempt.objects.get(kind="off-session")
    intent = intents.fetch_intent(attempt.payment_intent_id)
    assert (intent["status"], intent["last_payment_error"]) == ("canceled", None)
    assert (attempt.status, attempt.problem) == ("expired", problem)
    assert (renewing.planned.status, renewing.planned.problem) == ("waiting", problem)
    assert renewing.mails() == ["renewal-announced", "renewal-failed"]


@pytest.mark.parametrize(
    ("card", "problem"), [(DECLINED, "insufficient_funds"), (ASKS, "authentication_required")]
)
def test_fault_87_the_banks_word_is_read_before_the_payment_is_cancelled(announced, card, problem):
    announced.turn_bad(card)
    assert announced.run(CHARGED) == []
    must_have_the_banks_word(announced, problem)


@pytest.mark.parametrize("function", ["cancel_intent", "fetch_intent"])
def test_fault_87_the_banks_word_outlives_a_crash_before_it_was_read(announced, function):
    announced.turn_bad(DECLINED)
    announced.die_in(intents, function)
    announced.go_to(CHARGED, 12)
    assert announced.run() == []
    must_have_the_banks_word(announced, "insufficient_funds")


def test_fault_87_the_banks_word_is_kept_if_the_provider_is_busy_when_it_is_to_be_cancelled(
    announced,
):
    announced.turn_bad(DECLINED)
    announced.standin.fault(path="/cancel$", error="lock_timeout", times=2)
    assert announced.run(CHARGED) != []
    assert announced.run() == []
    must_have_the_banks_word(announced, "insufficient_funds")


def test_fault_87_the_banks_word_is_kept_if_the_member_pays_by_hand_meanwhile(announced):
    announced.turn_bad(DECLINED)
    announced.die_in(intents, "fetch_intent")
    announced.go_to(CHARGED, 12)
    assert hosted_page(announced).startswith(announced.standin.url)
    announced.run()
    must_have_the_banks_word(announced, "insufficient_funds")
