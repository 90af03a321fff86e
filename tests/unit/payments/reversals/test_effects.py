"""What becomes of a term when the money that paid for it goes back."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.payments.reconciliation.provider_state import ReportedReversal
from oscar_subscriptions.payments.reversals import effects, policy

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")
PRICE = 24_000


@pytest.fixture
def term(shop):
    """A term that is paid."""
    order = shop.make_order(shop.make_user())
    term = fulfilment.order_paid(order).term
    pay(term)
    return term


def pay(term, status="paid", **fields):
    fields = {"amount": PRICE, "received": PRICE, "currency": "EUR"} | fields
    return Attempt.objects.create(order=order_of(term), status=status, **fields)


def order_of(term):
    return term.order_line.order


def all_with(attempt):
    """The attempts of its order, ``attempt`` itself among them."""
    others = attempt.order.subscription_attempts.exclude(pk=attempt.pk)
    return [*others, attempt]


def report(attempt, status, kind="dispute", provider_id="dp_1", amount=PRICE, is_gone=None):
    """The provider says what has become of the money of ``attempt``."""
    is_gone = kind == "dispute" and status != "won" if is_gone is None else is_gone
    said = ReportedReversal(provider_id, kind, status, amount, "EUR", is_gone)
    attempts = all_with(attempt)
    before = effects.effect_on(attempts)
    effects.apply_reversals(attempts, attempt, [said], before)
    attempt.refresh_from_db()


def refund(attempt, status="succeeded", provider_id="re_1", amount=PRICE):
    report(attempt, status, "refund", provider_id, amount)


def state(term):
    term.refresh_from_db()
    return "revoked" if term.revoked_at else "suspended" if term.suspended_at else "valid"


def told():
    """What operators are told and have not resolved."""
    return [
        (alert.kind, alerts.explanation(alert)) for alert in Alert.objects.open().order_by("pk")
    ]


def test_a_refund_of_the_whole_price_ends_the_term_and_its_failure_brings_it_back(term):
    attempt = Attempt.objects.get()
    refund(attempt)
    assert (state(term), attempt.effect) == ("revoked", "revoked")
    refund(attempt, "failed")
    assert (state(term), attempt.effect) == ("valid", "")
    assert Reversal.objects.count() == 1


@pytest.mark.parametrize(("end", "then"), [("won", "valid"), ("lost", "revoked")])
def test_a_dispute_suspends_the_term_until_it_is_decided(term, end, then):
    attempt = Attempt.objects.get()
    report(attempt, "needs_response")
    assert state(term) == "suspended"
    report(attempt, end)
    assert state(term) == then


def test_what_an_operator_had_decided_the_end_of_a_dispute_does_not_undo(shop, term):
    operator = shop.make_user("operator", first_name="Olga", is_staff=True)
    attempt = Attempt.objects.get()
    report(attempt, "needs_response")
    ledger.resume(term, reason="a friend", actor=operator)
    ledger.suspend(term, reason="no friend", actor=operator)
    report(attempt, "won")
    assert state(term) == "suspended"
    assert alerts.REVERSAL_ENDED in dict(told())


def test_a_term_that_an_operator_restored_is_not_suspended_again_by_the_next_look(shop, term):
    operator = shop.make_user("operator", first_name="Olga", is_staff=True)
    attempt = Attempt.objects.get()
    report(attempt, "needs_response")
    ledger.resume(term, reason="a friend", actor=operator)
    report(attempt, "under_review")
    assert state(term) == "valid"


def test_of_several_partial_refunds_only_the_sum_waits_for_an_operator(term):
    attempt = Attempt.objects.get()
    refund(attempt, amount=1_000)
    refund(attempt, amount=2_050, provider_id="re_2")
    assert state(term) == "valid"
    assert told() == [(alerts.REVERSAL, "€30.50 of €240.00 refunded.")]


def test_nothing_that_was_not_asked_for_is_taken_for_gone(term):
    attempt = Attempt.objects.get()
    refund(attempt)
    attempts = all_with(attempt)
    before = effects.effect_on(attempts)
    effects.apply_reversals(attempts, attempt, None, before)
    assert state(term) == "revoked"
    assert effects.effect_on(order_of(term).subscription_attempts.all()) == policy.REVOKED


@pytest.mark.parametrize(
    ("payments", "effect"),
    [
        ([], ""),
        ([("paid", False, "revoked")], "revoked"),
        ([("paid", False, "revoked"), ("refused", False, "")], "revoked"),
        # A term stands as long as one payment stands.
        ([("paid", False, "revoked"), ("paid", True, "")], ""),
        ([("paid", False, "revoked"), ("paid", True, "suspended")], "suspended"),
        # The first payment was made elsewhere.
        ([("paid", True, "revoked")], ""),
    ],
)
def test_the_payment_that_stands_best_says_what_becomes_of_the_term(shop, payments, effect):
    order = shop.make_order(shop.make_user())
    for status, is_surplus, on_term in payments:
        Attempt.objects.create(
            order=order, amount=1, currency="EUR", status=status, is_surplus=is_surplus,
            effect=on_term,
        )  # fmt: skip
    assert effects.effect_on(order.subscription_attempts.all()) == effect


@pytest.mark.parametrize(
    ("said", "has_gone"),
    [
        ([], False),
        ([("re_1", "refund", "pending", PRICE, False)], True),
        ([("re_1", "refund", "failed", PRICE, False)], False),
        ([("re_1", "refund", "succeeded", PRICE - 1, False)], False),
        ([("dp_1", "dispute", "lost", PRICE, True)], True),
        ([("dp_1", "dispute", "lost", PRICE, False)], False),
        # It may still be won.
        ([("dp_1", "dispute", "under_review", PRICE, True)], False),
        (
            [
                ("re_1", "refund", "succeeded", 4_000, False),
                ("dp_1", "dispute", "lost", 20_000, True),
            ],
            True,
        ),
    ],
)
def test_money_has_gone_back_once_all_of_it_is_given_or_taken(term, said, has_gone):
    attempt = Attempt.objects.get()
    for provider_id, kind, status, amount, is_gone in said:
        Reversal.objects.create(
            attempt=attempt, provider_id=provider_id, kind=kind, status=status, amount=amount,
            is_money_gone=is_gone,
        )  # fmt: skip
    assert effects.has_gone_back(attempt) is has_gone
    assert effects.may_fulfil(all_with(attempt), attempt) is not has_gone


def test_an_attempt_that_received_nothing_has_nothing_that_went_back(term):
    attempt = pay(term, "expired", received=None)
    assert not effects.has_gone_back(attempt)


def test_money_that_bought_nothing_needs_nobody_once_it_went_back_and_again_when_it_returns(term):
    second = pay(term, is_surplus=True)
    alerts.raise_alert(alerts.SECOND_PAYMENT, effects.alert_key(second), order=second.order)
    refund(second)
    assert (told(), state(term)) == ([], "valid")
    refund(second, "failed")
    assert [kind for kind, _ in told()] == [alerts.SECOND_PAYMENT]


def test_a_second_payment_stands_in_for_a_first_that_went_back(term):
    second = pay(term, is_surplus=True)
    alerts.raise_alert(alerts.SECOND_PAYMENT, effects.alert_key(second), order=second.order)
    refund(Attempt.objects.get(is_surplus=False))
    assert (told(), state(term)) == ([], "valid")


def second_payment(term, kind=alerts.SECOND_PAYMENT, **fields):
    """Another payment of the order, of which operators have been told."""
    attempt = pay(term, **{"is_surplus": True} | fields)
    alerts.raise_alert(kind, effects.alert_key(attempt), order=attempt.order)
    return attempt


def test_of_three_payments_two_that_stand_still_wait_for_an_operator(term):
    second, third = second_payment(term), second_payment(term)
    refund(Attempt.objects.get(is_surplus=False))
    assert [kind for kind, _ in told()] == [alerts.SECOND_PAYMENT] * 2
    refund(second, provider_id="re_2")
    assert (told(), state(term)) == ([], "valid")
    refund(third, provider_id="re_3")
    assert state(term) == "revoked"
    assert Alert.objects.filter(resolved_at=None).count() == 0


@pytest.mark.parametrize(
    "other", [{}, {"is_surplus": False, "status": "refused", "kind": alerts.PAYMENT_MISMATCH}]
)
def test_a_second_payment_waits_for_an_operator_while_the_first_made_elsewhere_stands(term, other):
    Attempt.objects.all().delete()
    refund(second_payment(term), amount=1_000)
    assert alerts.SECOND_PAYMENT in dict(told())
    refund(second_payment(term, **other), provider_id="re_2")
    assert alerts.SECOND_PAYMENT in dict(told())


def test_money_that_did_not_match_stands_in_for_nothing(term):
    second_payment(term, alerts.PAYMENT_MISMATCH, status="refused", is_surplus=False)
    refund(Attempt.objects.get(status="paid"))
    assert [kind for kind, _ in told()] == [alerts.PAYMENT_MISMATCH]


def refused(order):
    """Operators are told that the order is paid and gives no term."""
    alerts.raise_alert(alerts.ORDER_REFUSED, fulfilment.refusal_key(order), order=order)


def test_a_refused_order_needs_nobody_once_its_money_went_back_and_again_when_it_returns(shop):
    order = shop.make_order(shop.make_user())
    attempt = Attempt.objects.create(
        order=order, amount=PRICE, received=PRICE, currency="EUR", status="paid"
    )
    refused(order)
    refund(attempt)
    assert told() == []
    refund(attempt, "failed")
    assert [kind for kind, _ in told()] == [alerts.ORDER_REFUSED]


def test_an_order_that_gave_its_term_after_all_is_not_told_as_refused_again(term):
    order = order_of(term)
    refused(order)
    alerts.settle(fulfilment.refusal_key(order), "It gave a term.")
    refund(Attempt.objects.get(), "failed")
    assert told() == []
