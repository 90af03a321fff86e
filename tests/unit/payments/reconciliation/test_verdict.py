"""What a session means: paid only if everything is there and matches."""

from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oscar_subscriptions.payments.reconciliation import verdict

REFERENCE = UUID("0b9e3a52-7c5d-4f0e-9b5a-1c2d3e4f5a6b")

EXPECTED = SimpleNamespace(
    reference=REFERENCE,
    session_id="cs_test_1",
    payment_intent_id="pi_1",
    amount=24000,
    currency="EUR",
    livemode=False,
)
PAID = {
    "id": "cs_test_1",
    "client_reference_id": str(REFERENCE),
    "status": "complete",
    "payment_status": "paid",
    "amount_total": 24000,
    "currency": "eur",
    "livemode": False,
    "payment_intent": {"id": "pi_1", "status": "succeeded"},
}
# What the verdict rests on; the intent matters only while nothing is paid.
NEEDED = sorted(set(PAID) - {"payment_intent"})

junk = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers(), max_size=2)


def judge(**changes):
    return verdict.verdict_on_session(PAID | changes, EXPECTED)


def test_a_session_that_matches_in_everything_is_paid():
    assert judge() == verdict.Verdict(verdict.PAID)
    assert judge().problem == ""


def test_a_session_that_collected_nothing_is_refused_with_the_reason():
    result = judge(payment_status="no_payment_required")
    assert result == verdict.Verdict(verdict.REFUSED, "the provider collected nothing")


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("amount_total", 23999, "amount"),
        ("amount_total", 24001, "amount"),
        ("currency", "usd", "currency"),
        ("livemode", True, "livemode"),
        ("client_reference_id", "0b9e3a52-7c5d-4f0e-9b5a-000000000000", "reference"),
        ("id", "cs_test_2", "session"),
    ],
)
def test_fault_16_17_28_money_that_does_not_match_is_refused_with_the_reason(field, value, fault):
    result = judge(**{field: value})
    assert result.status == verdict.REFUSED
    assert result.problem.startswith(
        f"{fault}: the provider has {value!r}".replace("'usd'", "'USD'")
    )


@pytest.mark.parametrize("field", NEEDED)
def test_fault_34_a_session_without_a_field_is_never_paid(field):
    session = {name: value for name, value in PAID.items() if name != field}
    assert verdict.verdict_on_session(session, EXPECTED).status != verdict.PAID


@given(st.dictionaries(st.sampled_from(NEEDED), junk, min_size=1))
def test_fault_34_a_session_with_anything_else_in_a_field_is_never_paid(changes):
    changed = {name: value for name, value in changes.items() if value != PAID[name]}
    assert (judge(**changes).status == verdict.PAID) is (not changed)


@given(st.dictionaries(st.text(), junk))
def test_fault_34_any_other_object_leaves_the_attempt_open(session):
    assert verdict.verdict_on_session(session, EXPECTED) == verdict.Verdict(verdict.OPEN)


def test_fault_20_nothing_collected_is_paid_only_where_nothing_was_due():
    free = SimpleNamespace(**{**vars(EXPECTED), "amount": 0})
    assert judge(payment_status="no_payment_required").status == verdict.REFUSED
    session = PAID | {"payment_status": "no_payment_required", "amount_total": 0}
    assert verdict.verdict_on_session(session, free).status == verdict.PAID


def test_fault_06_complete_but_unpaid_is_pending():
    assert judge(payment_status="unpaid", payment_intent="pi_1").status == verdict.PENDING
    assert judge(payment_status="unpaid", payment_intent=None).status == verdict.PENDING
    processing = {"id": "pi_1", "status": "processing"}
    assert judge(payment_status="unpaid", payment_intent=processing).status == verdict.PENDING


@pytest.mark.parametrize("status", ["requires_payment_method", "canceled"])
def test_fault_08_a_debit_that_failed_can_be_paid_again(status):
    intent = {"id": "pi_1", "status": status}
    assert judge(payment_status="unpaid", payment_intent=intent).status == verdict.EXPIRED


@pytest.mark.parametrize(
    ("status", "payment_status", "expected"),
    [
        ("open", "unpaid", verdict.OPEN),
        ("expired", "unpaid", verdict.EXPIRED),
        ("expired", "paid", verdict.OPEN),
        ("archived", "paid", verdict.OPEN),
        ("complete", "partially_paid", verdict.OPEN),
        (None, None, verdict.OPEN),
    ],
)
def test_a_status_that_is_new_or_odd_is_not_paid(status, payment_status, expected):
    assert judge(status=status, payment_status=payment_status).status == expected


def test_objects_of_the_stripe_library_are_read_like_mappings():
    import stripe

    session = stripe.checkout.Session.construct_from(PAID, "key")
    assert verdict.verdict_on_session(session, EXPECTED).status == verdict.PAID
    del session["amount_total"]
    assert verdict.verdict_on_session(session, EXPECTED).status == verdict.REFUSED


# A payment without the member

CHARGED = {
    "id": "pi_1",
    "status": "succeeded",
    "amount_received": 24000,
    "currency": "eur",
    "livemode": False,
    "metadata": {"attempt": str(REFERENCE)},
    "last_payment_error": None,
}


def judge_intent(**changes):
    return verdict.verdict_on_intent(CHARGED | changes, EXPECTED)


def test_a_payment_that_matches_in_everything_is_paid():
    assert judge_intent() == verdict.Verdict(verdict.PAID)


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("id", "pi_2", "payment"),
        ("amount_received", 23999, "amount"),
        ("amount_received", 24001, "amount"),
        ("currency", "usd", "currency"),
        ("livemode", True, "livemode"),
        ("metadata", {}, "reference"),
        ("metadata", {"attempt": "another"}, "reference"),
    ],
)
def test_a_payment_that_does_not_match_is_refused_with_the_reason(field, value, fault):
    result = judge_intent(**{field: value})
    assert result.status == verdict.REFUSED and result.problem.startswith(f"{fault}: ")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("requires_confirmation", verdict.OPEN),
        ("requires_payment_method", verdict.OPEN),
        ("requires_action", verdict.OPEN),
        ("requires_capture", verdict.OPEN),
        ("processing", verdict.PENDING),
        ("canceled", verdict.EXPIRED),
        ("a_new_status", verdict.OPEN),
        (None, verdict.OPEN),
    ],
)
def test_only_a_payment_that_succeeded_is_paid(status, expected):
    assert judge_intent(status=status).status == expected


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (None, ""),
        ({"code": "card_declined", "decline_code": "insufficient_funds"}, "insufficient_funds"),
        ({"code": "expired_card"}, "expired_card"),
    ],
)
def test_a_cancelled_payment_keeps_the_banks_word(error, word):
    result = judge_intent(status="canceled", last_payment_error=error)
    assert result == verdict.Verdict(verdict.EXPIRED, word)


@pytest.mark.parametrize("field", sorted(set(CHARGED) - {"last_payment_error"}))
@given(value=junk)
def test_a_payment_with_anything_odd_is_never_paid(field, value):
    if value != CHARGED[field]:
        assert judge_intent(**{field: value}).status != verdict.PAID
