"""The checks of automatic renewal, by a shop that has made that mistake."""

import pytest

from tests.checking import found_in_data, ids


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


@pytest.mark.parametrize(("days", "wrong"), [(29, True), (30, False), (90, False), (91, True)])
def test_w012_announced_one_to_three_months_before(settings, days, wrong):
    offered(settings, RENEWAL_NOTICE_DAYS=days)
    assert ids() == (["W012"] if wrong else [])


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
