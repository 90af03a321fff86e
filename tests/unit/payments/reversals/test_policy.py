"""What each refund and dispute does to the term it paid for: every status, every policy."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from oscar_subscriptions.payments.reversals import policy as reversals_policy
from oscar_subscriptions.payments.reversals.policy import NONE, REVOKED, SUSPENDED

PRICE = 24_000
REFUND_STATUSES = {"pending", "requires_action", "succeeded", "failed", "canceled"}
DISPUTE_STATUSES = {
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "won",
    "lost",
    "prevented",
}
DEFAULTS = {
    "FULL_REFUND_POLICY": "revoke",
    "PARTIAL_REFUND_POLICY": "alert",
    "INQUIRY_POLICY": "nothing",
    "OPEN_DISPUTE_POLICY": "suspend",
    "LOST_DISPUTE_POLICY": "revoke",
    "WON_DISPUTE_POLICY": "restore",
}
# What a policy does to the term, and whether an operator is told.
POLICIES = [
    ("revoke", REVOKED, False),
    ("suspend", SUSPENDED, False),
    ("alert", NONE, True),
    ("nothing", NONE, False),
    ("revok", SUSPENDED, True),
    ("", SUSPENDED, True),
    (None, SUSPENDED, True),
]


@dataclass
class Reported:
    kind: str
    status: str
    amount: int = PRICE
    is_money_gone: bool = False
    provider_id: str = "re_1"


def refund(status="succeeded", amount=PRICE, **fields):
    return Reported("refund", status, amount, **fields)


def dispute(status, **fields):
    return Reported("dispute", status, **{"provider_id": "du_1"} | fields)


def judge(*reported, **policies):
    return reversals_policy.assess(PRICE, reported, SimpleNamespace(**DEFAULTS | policies))


def outcome(*reported, **policies):
    effect = judge(*reported, **policies)
    return effect.on_term, bool(effect.notes)


def test_every_status_that_the_provider_documents_has_a_meaning():
    assert reversals_policy.REFUNDED | reversals_policy.NO_REFUND == REFUND_STATUSES
    known = reversals_policy.INQUIRY | reversals_policy.OPEN_DISPUTE | reversals_policy.CLOSED
    assert known == DISPUTE_STATUSES
    assert {one for one in known if one.endswith("needs_response")} == reversals_policy.UNANSWERED


def test_money_that_nobody_asked_back_does_nothing():
    assert judge() == reversals_policy.Effect(NONE, 0, {})


@pytest.mark.parametrize(
    ("status", "on_term"),
    [
        ("pending", REVOKED),
        ("requires_action", REVOKED),
        ("succeeded", REVOKED),
        ("failed", NONE),
        ("canceled", NONE),
    ],
)
def test_refund_counts_from_when_it_is_ordered_until_it_fails(status, on_term):
    effect = judge(refund(status))
    assert effect == reversals_policy.Effect(on_term, PRICE if on_term else 0, {})


@pytest.mark.parametrize(
    ("status", "is_money_gone", "on_term"),
    [
        ("warning_needs_response", False, NONE),
        ("warning_under_review", False, NONE),
        ("warning_closed", False, NONE),
        ("warning_closed", True, REVOKED),
        ("needs_response", True, SUSPENDED),
        ("needs_response", False, SUSPENDED),
        ("under_review", True, SUSPENDED),
        ("won", False, NONE),
        ("won", True, NONE),
        ("lost", True, REVOKED),
        ("lost", False, REVOKED),
        ("prevented", False, NONE),
        ("prevented", True, REVOKED),
    ],
)
def test_dispute_is_followed_by_its_status(status, is_money_gone, on_term):
    reported = dispute(status, is_money_gone=is_money_gone)
    assert judge(reported) == reversals_policy.Effect(on_term, 0, {})


@pytest.mark.parametrize("status", ["", "unreadable", "Succeeded", "charged_twice"])
@pytest.mark.parametrize("make", [lambda status: refund(status, 1), dispute])
def test_status_that_nobody_knows_suspends_and_is_told_whatever_the_policies(make, status):
    lenient = dict.fromkeys(DEFAULTS, "nothing")
    reported = make(status)
    effect = judge(reported, **lenient)
    assert effect.on_term == SUSPENDED
    assert effect.notes == {f"{reported.provider_id}-{status}": f"{reported.provider_id}: {status}"}


@pytest.mark.parametrize(("policy", "on_term", "is_told"), POLICIES)
@pytest.mark.parametrize(
    ("setting", "reported"),
    [
        ("FULL_REFUND_POLICY", refund()),
        ("FULL_REFUND_POLICY", refund(amount=PRICE + 1)),
        ("PARTIAL_REFUND_POLICY", refund(amount=PRICE - 1)),
        ("PARTIAL_REFUND_POLICY", refund(amount=1)),
        ("INQUIRY_POLICY", dispute("warning_needs_response")),
        ("INQUIRY_POLICY", dispute("warning_under_review")),
        ("OPEN_DISPUTE_POLICY", dispute("needs_response")),
        ("OPEN_DISPUTE_POLICY", dispute("under_review")),
        ("LOST_DISPUTE_POLICY", dispute("lost")),
        ("LOST_DISPUTE_POLICY", dispute("prevented", is_money_gone=True)),
        ("LOST_DISPUTE_POLICY", dispute("warning_closed", is_money_gone=True)),
    ],
)
def test_policy_is_the_shops_and_a_typing_mistake_fails_closed(
    setting, reported, policy, on_term, is_told
):
    others = {name: "nothing" for name in DEFAULTS if name != setting}
    assert outcome(reported, **others | {setting: policy}) == (on_term, is_told)


@pytest.mark.parametrize(
    ("policy", "open_policy", "expected"),
    [
        ("restore", "suspend", (NONE, False)),
        ("restore", "alert", (NONE, False)),
        ("alert", "suspend", (SUSPENDED, True)),
        ("alert", "revoke", (REVOKED, True)),
        ("alert", "nothing", (NONE, True)),
        ("Restore", "suspend", (SUSPENDED, True)),
    ],
)
def test_won_dispute_restores_or_leaves_the_term_as_it_is(policy, open_policy, expected):
    policies = {"WON_DISPUTE_POLICY": policy, "OPEN_DISPUTE_POLICY": open_policy}
    assert outcome(dispute("won"), **policies) == expected


@pytest.mark.parametrize(
    ("amounts", "refunded", "on_term"),
    [
        ([1], 1, NONE),
        ([10_000, 13_999], 23_999, NONE),
        ([10_000, 14_000], 24_000, REVOKED),
        ([8_000, 8_000, 8_000], 24_000, REVOKED),
        ([24_000, 1], 24_001, REVOKED),
    ],
)
def test_partial_refunds_add_up(amounts, refunded, on_term):
    refunds = [
        refund(amount=amount, provider_id=f"re_{place}") for place, amount in enumerate(amounts)
    ]
    effect = judge(*refunds)
    assert (effect.refunded, effect.on_term) == (refunded, on_term)
    assert judge(*reversed(refunds)) == effect
    assert effect.notes == ({} if on_term else {f"refunded-{refunded}": ""})


def test_refund_that_failed_is_taken_out_of_the_sum():
    effect = judge(refund(amount=10_000), refund("failed", 14_000, provider_id="re_2"))
    assert (effect.refunded, effect.on_term) == (10_000, NONE)


def test_same_sum_is_the_same_note_and_another_sum_another():
    first, second = refund(amount=100), refund(amount=200, provider_id="re_2")
    assert judge(first).notes.keys() == judge(first).notes.keys()
    assert judge(first).notes.keys() != judge(first, second).notes.keys()


@pytest.mark.parametrize(
    ("reported", "on_term"),
    [
        ([refund(), dispute("won")], REVOKED),
        ([refund(), dispute("needs_response")], REVOKED),
        ([refund("failed"), dispute("needs_response")], SUSPENDED),
        ([refund(amount=1), dispute("needs_response")], SUSPENDED),
        ([dispute("won"), dispute("lost", provider_id="du_2")], REVOKED),
        ([dispute("lost"), dispute("won", provider_id="du_2")], REVOKED),
        ([refund(), dispute("lost")], REVOKED),
    ],
)
def test_of_several_reversals_the_gravest_counts(reported, on_term):
    assert judge(*reported).on_term == on_term
    assert judge(*reversed(reported)).on_term == on_term


def test_payment_of_nothing_has_nothing_to_give_back():
    effect = reversals_policy.assess(0, [refund(amount=0)], SimpleNamespace(**DEFAULTS))
    assert effect == reversals_policy.Effect(NONE, 0, {})
