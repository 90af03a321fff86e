"""Any answer of the provider can be read: a field that is missing or odd is no error."""

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from oscar_subscriptions.payments.provider import fields

junk = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.sampled_from(["id", "amount"]), st.none() | st.text() | st.integers())
)


def stripe_object(**values):
    return stripe.StripeObject.construct_from(values, key=None)


@pytest.mark.parametrize("made", [dict, stripe_object])
def test_a_field_is_read_from_a_dictionary_and_from_an_object_of_stripe(made):
    thing = made(object="charge", amount=24_000, payment_intent="pi_1")
    assert fields.get(thing, "object") == "charge"
    assert fields.get(thing, "status") is None
    assert fields.amount(thing, "amount") == 24_000
    assert fields.id_of(thing, "payment_intent") == "pi_1"
    expanded = made(payment_intent=made(id="pi_1", status="succeeded"))
    assert fields.id_of(expanded, "payment_intent") == "pi_1"


@pytest.mark.parametrize("value", [-1, True, False, 240.0, "24000", None, [24_000], {"amount": 1}])
def test_only_a_whole_number_from_zero_on_is_an_amount(value):
    assert fields.amount({"amount": value}, "amount") is None


def test_nothing_is_an_amount_too():
    assert fields.amount({"amount": 0}, "amount") == 0


@pytest.mark.parametrize("value", [None, "", 7, True, ["pi_1"], {}, {"id": None}, {"id": 7}])
def test_an_id_that_is_no_text_is_none(value):
    assert fields.id_of({"payment_intent": value}, "payment_intent") == ""


@given(junk, junk)
def test_any_other_value_has_no_such_field(thing, value):
    for whole in (thing, {"x": value}):
        assert fields.get(whole, "y") is None
        assert fields.amount(whole, "y") is None
        assert fields.id_of(whole, "y") == ""
    assert isinstance(fields.id_of({"x": value}, "x"), str)
    assert fields.amount({"x": value}, "x") in (None, value)
