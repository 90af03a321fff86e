"""Automatic renewal and another plan: never charged for both, never ended without a word."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal
from oscar_subscriptions.agreements import auto_renewal
from tests.functional import pages
from tests.functional.renewals.renewing import (
    ANNOUNCED,
    CHARGED,
    LAST_DAY,
    AutoRenewal,
    Order,
    Renewing,
)

pytestmark = pytest.mark.django_db(transaction=True)
Subscription = get_model("oscar_subscriptions", "Subscription")


def credit(subscription, plan, today):
    return 5


@pytest.fixture
def gold(shop):
    return shop.make_plan("Gold", price="400.00")


@pytest.fixture
def silver(bought):
    return bought.subscription


def order(client, plan, begins):
    pages.add_to_basket(client, plan.product)
    assert pages.place_order(client, begins=begins).status_code == 302
    return Order.objects.latest("pk")


def change(client, plan, begins):
    return fulfilment.order_paid(order(client, plan, begins)).term


def choices(client, plan):
    """What the order page says of each way to begin ``plan``."""
    pages.add_to_basket(client, plan.product)
    page = pages.soup(pages.order_page(client))
    return {
        radio["value"]: " ".join(page.find("label", attrs={"for": radio["id"]}).get_text().split())
        for radio in page.select("#beginning input")
    }


def stopped():
    return [one for one in mail.outbox if "no longer renewed automatically" in one.subject]


def live_until(renewing: Renewing, day):
    for one in (ANNOUNCED, CHARGED, LAST_DAY, day):
        assert renewing.run(one) == []


def test_change_at_the_end_ends_the_renewal_at_once_and_the_member_is_told(
    client, bought, silver, gold
):
    term = change(client, gold, f"end-{silver.pk}")
    assert term.starts_on == LAST_DAY + timedelta(days=1)
    assert not auto_renewal.is_on(silver)
    line = silver.journal.get(kind=journal.RENEWAL_OFF)
    assert line.reason == "The member has changed to another plan."
    [message] = stopped()
    assert message.to == ["member@example.com"]
    assert "You have changed to another plan. “Silver” is no longer renewed" in message.body
    assert "“Silver” runs until Feb. 3, 2018 inclusive." in message.body
    page = pages.text(client.get(reverse("subscriptions:my-subscription")))
    assert "Automatic renewal is off." in page and "is on since" not in page
    live_until(bought, LAST_DAY + timedelta(days=2))
    assert bought.charges() == ["succeeded"]


def test_credited_change_ends_the_renewal_at_once_and_the_member_is_told(
    client, bought, silver, gold, settings
):
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.credit"
    change(client, gold, f"now-{silver.pk}")
    assert not auto_renewal.is_on(silver)
    [message] = stopped()
    assert "nothing more is charged for it" in message.body
    assert "runs until" not in message.body
    live_until(bought, LAST_DAY + timedelta(days=2))
    assert bought.charges() == ["succeeded"]


def test_plan_beside_it_leaves_the_renewal_as_it_was(client, bought, silver, gold):
    change(client, gold, "today")
    assert auto_renewal.is_on(silver) and stopped() == []
    live_until(bought, LAST_DAY)
    assert "renewal-announced" in bought.mails()
    assert bought.charges() == ["succeeded", "succeeded"]


def test_the_order_page_says_what_becomes_of_the_renewal(client, silver, gold, settings):
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.credit"
    said = choices(client, gold)
    assert said["today"].endswith("“Silver” goes on being renewed automatically.")
    for way in (f"end-{silver.pk}", f"now-{silver.pk}"):
        assert said[way].endswith("“Silver” is then no longer renewed automatically.")


def test_the_order_page_says_nothing_of_a_renewal_that_is_off(client, silver, gold):
    auto_renewal.switch_off(silver)
    assert "automatically" not in " ".join(choices(client, gold).values())


def test_change_that_is_ordered_but_not_paid_ends_nothing(client, bought, silver, gold):
    order(client, gold, f"end-{silver.pk}")
    assert auto_renewal.is_on(silver) and stopped() == []


def test_change_of_one_member_ends_nobody_elses_renewal(client, shop, bought, silver, gold):
    term = shop.grant(shop.make_user("other"))
    shop.make_renewal(term)
    third = shop.grant(silver.user, shop.make_plan("Bronze"))
    shop.make_renewal(third)
    change(client, gold, f"end-{silver.pk}")
    ended = AutoRenewal.objects.filter(ended_at__isnull=False)
    assert [one.subscription_id for one in ended] == [silver.pk]


def test_change_that_is_announced_already_ends_the_renewal_too(announced, client, gold):
    silver = announced.subscription
    client.force_login(silver.user)
    change(client, gold, f"end-{silver.pk}")
    announced.run(CHARGED)
    assert announced.planned.status == "dropped"
    assert announced.charges() == ["succeeded"] and len(stopped()) == 1
