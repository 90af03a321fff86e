"""From one plan to another: beside what runs, after it, or for a credit of days."""

from datetime import timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, sellers
from tests.functional import pages

Consent = get_model("oscar_subscriptions", "Consent")
Order = get_model("order", "Order")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

CREDITED = 40


def credit(subscription, plan, today):
    return CREDITED


@pytest.fixture
def silver(shop, member):
    return shop.grant(member, starts_on=conf.today() - timedelta(days=100))


@pytest.fixture
def gold(shop):
    return shop.make_plan("Gold", price="400.00", listing_limit=20)


def change(client, plan, **begins):
    """Order ``plan`` and pay; return its term."""
    pages.add_to_basket(client, plan.product)
    assert pages.place_order(client, **begins).status_code == 302
    return fulfilment.order_paid(Order.objects.latest("pk")).term


def choices(client, plan):
    pages.add_to_basket(client, plan.product)
    page = pages.soup(pages.order_page(client))
    return [radio["value"] for radio in page.select("#beginning input")]


def test_first_purchase_is_asked_nothing(client, member, gold, standin):
    assert choices(client, gold) == []


def test_renewal_of_the_same_plan_is_asked_nothing(client, shop, silver, standin):
    assert choices(client, shop.plan) == []


def test_change_at_once_takes_nothing_away(client, member, silver, gold, standin):
    term = change(client, gold)
    silver.refresh_from_db()
    assert term.starts_on == conf.today()
    assert silver.is_valid
    assert sellers.seller_until(member) == term.ends_on


def test_change_at_the_end_begins_the_day_after(client, silver, gold, standin):
    term = change(client, gold, begins=f"end-{silver.subscription_id}")
    assert term.starts_on == silver.ends_on + timedelta(days=1)
    assert Consent.objects.get().starts_on == term.starts_on
    assert term.anchor == term.starts_on


def test_change_at_the_end_that_is_paid_after_the_end_begins_at_once(
    client, silver, gold, standin, time_machine
):
    pages.add_to_basket(client, gold.product)
    pages.place_order(client, begins=f"end-{silver.subscription_id}")
    later = silver.ends_on + timedelta(days=3)
    time_machine.move_to(f"{later} 12:00+00:00")
    assert fulfilment.order_paid(Order.objects.get()).term.starts_on == later


def test_credited_change_gives_up_the_rest_for_days(client, silver, gold, standin, settings):
    assert f"now-{silver.subscription_id}" not in choices(client, gold)
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.credit"
    term = change(client, gold, begins=f"now-{silver.subscription_id}")
    silver.refresh_from_db()
    assert silver.revoked_at
    year = Consent.objects.get().plan.preview_term(conf.today())
    assert term.ends_on == year.ends_on + timedelta(days=CREDITED)
    assert Consent.objects.get().ends_on == term.ends_on


def test_member_who_changes_for_a_credit_is_told_of_a_beginning_and_of_no_withdrawal(
    client, member, silver, gold, standin, settings, mailoutbox
):
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.credit"
    change(client, gold, begins=f"now-{silver.subscription_id}")
    subjects = [message.subject for message in mailoutbox]
    assert any("You are a seller until" in subject for subject in subjects)
    assert not any("goes on" in subject or "withdrawn" in subject for subject in subjects)


def test_year_after_a_credited_change_is_told_to_go_on(
    client, member, silver, gold, standin, settings, mailoutbox
):
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.credit"
    change(client, gold, begins=f"now-{silver.subscription_id}")
    change(client, gold)
    assert "Your subscription goes on until" in mailoutbox[-1].subject


def test_year_after_a_credited_change_is_a_whole_year(client, silver, gold, standin, settings):
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.credit"
    term = change(client, gold, begins=f"now-{silver.subscription_id}")
    after = change(client, gold)
    assert after.starts_on == term.ends_on + timedelta(days=1)
    assert after.ends_on.replace(year=term.ends_on.year) == term.ends_on


def test_somebody_elses_subscription_can_not_be_named(client, shop, silver, gold, standin):
    theirs = shop.grant(shop.make_user("other")).subscription
    pages.add_to_basket(client, gold.product)
    response = pages.place_order(client, begins=f"end-{theirs.pk}")
    assert response.status_code == 200
    assert not Order.objects.exists()


def test_waiting_order_with_another_beginning_is_not_taken_for_this_one(
    client, silver, gold, standin
):
    pages.add_to_basket(client, gold.product)
    pages.place_order(client, begins=f"end-{silver.subscription_id}")
    pages.add_to_basket(client, gold.product)
    response = pages.place_order(client, begins="today")
    assert "on other conditions" in pages.text(response)
    assert Order.objects.count() == 1
