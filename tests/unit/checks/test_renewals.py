"""The checks of automatic renewal, by a shop that has made that mistake."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from oscar.core.loading import get_model

from oscar_subscriptions.agreements import auto_renewal
from tests.checking import found_in_data, ids

PlannedRenewal = get_model("oscar_subscriptions", "PlannedRenewal")


def offered(settings, **values):
    for name, value in ({"AUTO_RENEWAL": True} | values).items():
        setattr(settings, f"OSCAR_SUBSCRIPTIONS_{name}", value)


def test_automatic_renewal_with_the_defaults_is_no_mistake(settings):
    offered(settings)
    assert ids() == []


@pytest.mark.parametrize("is_offered", [True, False])
def test_e005_a_gateway_that_can_t_renew(settings, is_offered):
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "oscar_subscriptions.gateway.Gateway"
    offered(settings, AUTO_RENEWAL=is_offered)
    assert ids() == (["E005"] if is_offered else [])


@pytest.mark.parametrize(("days", "wrong"), [(31, True), (32, False), (90, False), (91, True)])
def test_w012_announced_one_to_three_months_before(settings, days, wrong):
    offered(settings, RENEWAL_NOTICE_DAYS=days)
    assert ids() == (["W012"] if wrong else [])


@pytest.mark.parametrize(("notice", "kept"), [(31, False), (32, True), (90, True), (91, False)])
def test_notices_that_are_not_warned_of_keep_the_law_on_every_day_of_the_year(
    shop, settings, notice, kept
):
    """One to three months before the last day on which the member can decline."""
    offered(settings, RENEWAL_NOTICE_DAYS=notice)
    term = shop.grant(shop.make_user())
    days = [date(2023, 1, 1) + timedelta(days=number) for number in range(2 * 365)]

    def is_lawful(told_on):
        term.ends_on = term.covered_until = told_on + timedelta(days=notice + 7)
        charge_on = auto_renewal.charge_day(term, told_on)
        last = PlannedRenewal(charge_on=charge_on).last_day_to_decline
        return last - relativedelta(months=3) <= told_on <= last - relativedelta(months=1)

    assert all(map(is_lawful, days)) == kept


@pytest.mark.parametrize(
    ("days", "wrong"),
    [((0,), False), ((0, 7), False), ((), True), ((1, 3), True), ((0, 3, 2), True), ((0, 8), True)],
)
def test_w013_charged_within_the_term(settings, days, wrong):
    offered(settings, RENEWAL_RETRY_DAYS=days)
    assert ids() == (["W013"] if wrong else [])


@pytest.mark.usefixtures("no_mistake")
@pytest.mark.parametrize(("months", "grace", "wrong"), [(1, 17, True), (1, 18, False)])
def test_w014_a_plan_too_short_to_announce_its_renewal(shop, settings, months, grace, wrong):
    type(shop.plan).objects.update(months=months, grace_days=grace)
    assert found_in_data() == {}
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    assert sorted(found_in_data()) == (["W014"] if wrong else [])
    type(shop.plan).objects.update(is_on_sale=False)
    assert found_in_data() == {}
