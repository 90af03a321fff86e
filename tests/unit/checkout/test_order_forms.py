"""The forms of the order page, without the page: what they offer, and what they refuse."""

from decimal import Decimal as D

import pytest
from oscar.core.loading import get_model
from oscar.core.prices import Price

from oscar_subscriptions.checkout.order_forms import (
    BeginningForm,
    ConsentForm,
    PlanBillingForm,
    RenewalForm,
)
from oscar_subscriptions.plans import changes as plans_changes

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


def test_the_page_carries_the_total_and_the_text_that_it_shows(shop):
    form = ConsentForm(total=D("240.00"), terms=shop.terms_of_sale)
    assert 'value="240.00"' in str(form["shown_total"])
    assert f'value="{shop.terms_of_sale.pk}"' in str(form["shown_terms"])
    assert "checked" not in str(form["accept_terms"])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"accept_terms": ""}, "tick the box"),
        ({"shown_terms": "0"}, "have changed meanwhile"),
        ({"shown_total": "120.00"}, "price has changed"),
        ({"terms": None}, "not published its terms"),
    ],
)
def test_consent_is_given_to_what_is_in_force(consent, changes, problem):
    assert consent().is_valid()
    [said] = problems(consent(**changes))
    assert problem in said


def test_the_total_is_compared_again_as_the_order_is_written(consent):
    form = consent()
    assert form.is_valid()
    assert form.problem_with_total(total("240.00")) == ""
    assert "price has changed" in form.problem_with_total(total("240.01"))


# When the plan begins.


def ten_days(subscription, plan, today):
    """A shop's own credit policy."""
    return 10


def test_a_member_without_another_plan_has_nothing_to_choose(shop, member):
    shop.grant(member)
    form = BeginningForm({}, plan=shop.plan, user=member)
    assert form.is_valid()
    assert not form.has_choice
    assert form.change == plans_changes.TODAY


def test_a_member_with_another_plan_chooses_between_today_and_its_end(shop, member):
    running = shop.grant(member, shop.make_plan("Gold")).subscription
    at_end = plans_changes.Change(running, at_end=True)
    assert BeginningForm(plan=shop.plan, user=member).has_choice
    for chosen, change in (("today", plans_changes.TODAY), (at_end.code, at_end)):
        form = BeginningForm({"begins": chosen}, plan=shop.plan, user=member)
        assert form.is_valid()
        assert form.change == change


def test_a_credit_is_offered_where_the_shop_gives_one(shop, member, settings):
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.ten_days"
    running = shop.grant(member, shop.make_plan("Gold")).subscription
    form = BeginningForm({"begins": f"now-{running.pk}"}, plan=shop.plan, user=member)
    assert form.is_valid()
    assert form.change.credit == 10
    words = dict(form.fields["begins"].choices)[form.change.code]
    assert words.startswith("Today in place of “Gold”, of which 10 days are credited")


def test_a_beginning_that_was_not_offered_is_refused(shop, member):
    other = shop.grant(shop.make_user("other"), shop.make_plan("Gold")).subscription
    form = BeginningForm({"begins": f"end-{other.pk}"}, plan=shop.plan, user=member)
    assert not form.is_valid()


# Automatic renewal.


@pytest.fixture
def renewal(shop, member, settings):
    """``renewal(data)`` – the form of a shop that offers automatic renewal."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True

    def make(data=None, price="240.00"):
        return RenewalForm(data, plan=shop.plan, user=member, total=total(price))

    return make


def test_renewal_is_offered_and_never_ticked_beforehand(renewal):
    form = renewal()
    assert form.is_offered
    assert "240.00" in form.text
    assert "checked" not in str(form["auto_renewal"])


def test_an_order_goes_on_without_renewal(renewal):
    form = renewal({})
    assert form.is_valid()
    assert not form.is_wanted


def test_renewal_is_wanted_under_the_words_that_were_shown_and_no_others(renewal):
    form = renewal({"auto_renewal": "on", "shown_renewal": renewal().shown})
    assert form.is_valid()
    assert form.is_wanted
    [said] = problems(renewal({"auto_renewal": "on", "shown_renewal": "other"}))
    assert "conditions of automatic renewal have changed" in said


def test_renewal_is_not_offered_where_it_could_not_be_kept(shop, renewal):
    assert not renewal(price="0.00").is_offered
    shop.plan.months = 1
    assert not renewal().is_offered


def test_a_tick_where_nothing_is_offered_renews_nothing(renewal, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
    form = renewal({"auto_renewal": "on"})
    assert form.is_valid()
    assert not form.is_wanted


def test_renewal_that_is_on_already_is_not_offered_again(shop, member, renewal):
    shop.make_renewal(shop.grant(member))
    form = renewal()
    assert form.is_on
    assert not form.is_offered


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
    assert form["country"].value() == "BE"


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
