"""The provider's answer is written to the attempt, the order and the term."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.apps.order.signals import order_status_changed
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.provider import key_alert
from oscar_subscriptions.payments.reconciliation import reconcile
from oscar_subscriptions.payments.reconciliation.provider_state import (
    ProviderState,
    ReportedReversal,
)

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")
Order = get_model("order", "Order")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")


def opened(order, number=1, **fields):
    """An attempt whose page is open."""
    attempt = hosted.begin(order)
    Attempt.objects.filter(pk=attempt.pk).update(
        session_id=f"cs_{number}", url="https://pay.example/", asked=1, **fields
    )
    return fresh(attempt)


def fresh(attempt):
    return Attempt.objects.get(pk=attempt.pk)


@pytest.fixture
def attempt(shop):
    return opened(shop.make_order(shop.make_user()))


def paid(attempt, **fields):
    """The session of ``attempt``, paid."""
    intent = {
        "id": f"pi_{attempt.pk}",
        "status": "succeeded",
        "latest_charge": {"id": f"ch_{attempt.pk}"},
        "customer": "cus_1",
        "payment_method": "pm_1",
    }
    return {
        "id": attempt.session_id,
        "client_reference_id": str(attempt.reference),
        "status": "complete",
        "payment_status": "paid",
        "amount_total": attempt.amount,
        "currency": attempt.currency.lower(),
        "livemode": attempt.livemode,
        "payment_intent": intent,
    } | fields


def apply(attempt, thing, reversals=None, *, seen=None):
    """Apply an answer to ``attempt``, which was ``seen`` so; return it as it is now."""
    answer = ProviderState(thing, reversals)
    reconcile._apply(seen or attempt, answer, timezone.now())
    return fresh(attempt)


def test_money_that_matches_pays_the_attempt_and_gives_the_term(attempt):
    now = apply(attempt, paid(attempt))
    assert (now.status, now.received, now.problem) == ("paid", 24_000, "")
    assert (now.payment_intent_id, now.charge_id) == (f"pi_{now.pk}", f"ch_{now.pk}")
    assert not now.is_due and now.reconciled_at is not None
    assert fulfilment.term_of(now.order) == Term.objects.get()
    assert Source.objects.get().amount_debited == 240
    assert not StoredPaymentMethod.objects.exists(), "the member has not asked for that"


def test_the_same_answer_applied_twice_changes_nothing(attempt):
    apply(attempt, paid(attempt))
    before = (Term.objects.get(), Source.objects.get(), JournalEntry.objects.count())
    Attempt.objects.mark_due()
    now = apply(fresh(attempt), paid(attempt))
    assert (now.status, now.is_surplus, now.received) == ("paid", False, 24_000)
    assert (Term.objects.get(), Source.objects.get(), JournalEntry.objects.count()) == before


def test_an_answer_to_an_older_question_writes_nothing(attempt):
    key_alert.key_refused("Expired", lacks_right=False)
    Attempt.objects.update(asked=2, answered=attempt.asked)
    now = apply(attempt, paid(attempt))
    assert (now.status, now.reconciled_at, now.is_due) == ("open", None, True)
    assert not Term.objects.exists()
    assert Alert.objects.open().exists(), "an answer that is not applied settles nothing"


def test_a_hint_that_came_in_while_the_provider_was_asked_is_kept(attempt):
    Attempt.objects.all().mark_due()
    now = apply(fresh(attempt), paid(attempt), seen=attempt)
    assert now.status == "paid" and now.is_due
    assert not apply(now, paid(now)).is_due


def test_an_answer_says_that_the_key_is_accepted_again(attempt):
    key_alert.key_refused("Expired", lacks_right=False)
    apply(attempt, paid(attempt, status="open", payment_status="unpaid"))
    assert not Alert.objects.open().exists()


def test_money_that_does_not_match_gives_nothing_and_operators_are_told_once(attempt):
    for _ in range(2):
        now = apply(fresh(attempt), paid(attempt, amount_total=100))
    assert (now.status, now.received) == ("refused", 100)
    assert now.problem.startswith("amount: ")
    assert not Term.objects.exists() and not Source.objects.exists()
    alert = Alert.objects.get()
    assert alert.kind == alerts.PAYMENT_MISMATCH
    assert alert.reason == now.problem
    assert alerts.text(alert) == "Expected: €240.00; arrived: €1.00 (cs_1)."


def test_a_debit_under_way_leaves_nothing_to_be_paid_on_the_page(attempt):
    now = apply(attempt, paid(attempt, payment_status="unpaid"))
    assert (now.status, now.url) == ("open", "")


def test_a_page_that_expired_and_is_paid_after_all_counts(attempt):
    assert apply(attempt, paid(attempt, status="expired", payment_status="unpaid")).status == (
        "expired"
    )
    Attempt.objects.mark_due()
    assert apply(fresh(attempt), paid(attempt)).status == "paid"
    assert Term.objects.count() == 1


@pytest.mark.parametrize(
    ("hours", "fields", "status"),
    [
        (24, {}, "open"),
        (26, {}, "expired"),
        (0, {"livemode": True}, "expired"),
        (26, {"status": "cancelled"}, "cancelled"),
        (26, {"status": "paid", "received": 24_000}, "paid"),
    ],
)
def test_an_attempt_that_the_provider_does_not_know_is_given_up_once_nobody_can_pay_it(
    attempt, hours, fields, status
):
    Attempt.objects.update(created_at=timezone.now() - timedelta(hours=hours), **fields)
    assert apply(fresh(attempt), None).status == status


def test_the_second_payment_of_an_order_gives_nothing_and_is_told(attempt):
    apply(attempt, paid(attempt))
    second = opened(attempt.order, 2)
    now = apply(second, paid(second))
    assert (now.status, now.is_surplus) == ("paid", True)
    assert now.problem == "The order was paid a second time."
    assert Term.objects.count() == 1
    assert Alert.objects.get().kind == alerts.SECOND_PAYMENT


def test_money_for_an_order_that_staff_marked_as_paid_is_a_second_payment(attempt):
    assert fulfilment.order_paid(attempt.order).created
    assert apply(attempt, paid(attempt)).is_surplus
    assert Term.objects.count() == 1


def test_money_for_an_order_without_a_plan_is_told(shop):
    seller = shop.make_seller()
    attempt = opened(shop.order_products(shop.make_user(), [shop.make_service(seller)]))
    now = apply(attempt, paid(attempt))
    assert (now.status, now.problem) == ("paid", "The order holds no plan.")
    assert Alert.objects.get().kind == alerts.PAYMENT_MISMATCH


def test_money_that_has_gone_back_before_it_was_seen_gives_no_standing_term(attempt):
    refund = ReportedReversal("re_1", "refund", "succeeded", 24_000, "EUR", False)
    now = apply(attempt, paid(attempt), [refund])
    assert (now.status, now.effect) == ("paid", "revoked")
    assert not Term.objects.valid().exists()


def test_an_order_put_right_after_its_money_has_gone_back_gives_no_term(attempt):
    attempt.order.lines.update(quantity=2)
    refund = ReportedReversal("re_1", "refund", "succeeded", 24_000, "EUR", False)
    now = apply(apply(attempt, paid(attempt)), paid(attempt), [refund])
    attempt.order.lines.update(quantity=1)
    assert apply(now, paid(attempt), [refund]).status == "paid"
    assert not Term.objects.exists()


def test_the_means_are_kept_where_the_member_asked_for_it(attempt):
    Attempt.objects.update(keeps_payment_method=True)
    apply(fresh(attempt), paid(attempt))
    kept = StoredPaymentMethod.objects.get()
    assert (kept.user, kept.customer_id, kept.payment_method_id) == (
        attempt.order.user,
        "cus_1",
        "pm_1",
    )


def test_an_off_session_payment_is_judged_by_the_payment_itself(attempt):
    Attempt.objects.update(kind="off-session", session_id=None, payment_intent_id="pi_7")
    now = fresh(attempt)
    intent = {
        "id": "pi_7",
        "status": "succeeded",
        "amount": 24_000,
        "amount_received": 24_000,
        "currency": "eur",
        "livemode": False,
        "latest_charge": "ch_7",
        "metadata": {"attempt": str(attempt.reference)},
    }
    now = apply(now, intent)
    assert (now.status, now.problem) == ("paid", "")
    assert (now.received, now.payment_intent_id, now.charge_id) == (24_000, "pi_7", "ch_7")


def test_the_order_shows_the_payment_after_commit_and_a_receiver_can_not_undo_it(
    attempt, commit, raising
):
    with commit():
        apply(attempt, paid(attempt))
        assert Order.objects.get().status == "Pending"
    assert Order.objects.get().status == "Paid"

    raising(order_status_changed)
    other = opened(Order.objects.get(), 2)
    Order.objects.update(status="Pending")
    with commit():
        apply(other, paid(other))
    assert fresh(other).status == "paid"
