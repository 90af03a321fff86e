"""The forms of the order page, without the page: what they offer, and what they refuse."""

from decimal import Decimal as D

import pytest
from oscar.core.loading import get_model
from oscar.core.prices import Price

from oscar_subscriptions.checkout.order_forms import (
    ConsentForm,
    PlanBillingForm,
    RenewalForm,
)

Country = get_model("address", "Country")
UserAddress = get_model("address", "UserAddress")


@pytest.fixture
def member(shop):
    return shop.make_user(first_name="Ada", last_name="Martin")


def total(gross="240.00"):
    return Price(currency="EUR", excl_tax=D(gross) / D("1.2"), incl_tax=D(gross))


def problems(form):
    return [problem for several in form.errors.values() for problem in several]


# The tick under the terms of sale.


@pytest.fixture
def consent(shop):
    """``consent(…)`` – the form of now, posted with what the page showed; changes replace that."""

    def post(**changes):
        now = {"total": D("240.00"), "terms": shop.terms_of_sale}
        data = {
            "accept_terms": "on",
            "shown_total": "240.00",
            "shown_terms": str(shop.terms_of_sale.pk),
        }
        now |= {name: value for name, value in changes.items() if name in now}
        return ConsentForm(data | {k: v for k, v in changes.items() if k in data}, **now)

    return post


# Automatic renewal.


@pytest.fixture
def renewal(shop, member, settings):
    """``renewal(data)`` – the form of a shop that offers automatic renewal."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True

    def make(data=None, price="240.00"):
        return RenewalForm(data, plan=shop.plan, user=member, total=total(price))

    return make


# The billing address.


def test_the_address_for_bills_comes_before_newer_ones(shop, member):
    for line, is_default in (("Old street", False), ("For bills", True), ("New street", False)):
        UserAddress.objects.create(
            user=member,
            last_name="Martin",
            line1=line,
            country=shop.country,
            is_default_for_billing=is_default,
        )
    form = PlanBillingForm(user=member)
    assert form["line1"].value() == "For bills"


def test_a_member_without_an_address_finds_the_own_name_and_the_first_country(shop, member):
    Country.objects.create(
        iso_3166_1_a2="BE", printable_name="Belgium", name="Belgium", is_shipping_country=True,
        display_order=1,
    )  # fmt: skip
    form = PlanBillingForm(user=member)
    assert (form["first_name"].value(), form["last_name"].value()) == ("Ada", "Martin")
    [first, *_others] = form["country"].subwidgets
    assert first.data["value"] == "BE"


@pytest.mark.parametrize(("names", "kept"), [({}, "Grace Hopper"), ({"first_name": "A."}, "A.")])
def test_the_name_on_the_bill_becomes_that_of_an_account_without_one(shop, names, kept):
    user = shop.make_user(**names)
    data = {
        "first_name": "Grace",
        "last_name": "Hopper",
        "line1": "1 rue de la Paix",
        "line4": "Paris",
        "postcode": "75002",
        "country": "FR",
    }
    form = PlanBillingForm(data, user=user)
    assert form.is_valid(), form.errors
    form.address()
    form.keep_for_next_time()
    user.refresh_from_db()
    assert user.get_full_name() == kept
