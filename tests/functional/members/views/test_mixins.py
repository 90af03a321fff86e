"""Who is not let into the member space, and what he is told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, sellers, terms
from oscar_subscriptions.sellers import parking

SPACE = reverse("subscriptions:member-space")
ADD = reverse("subscriptions:service-add")


def refused(client, user, url=SPACE, method="get"):
    client.force_login(user)
    response = getattr(client, method)(url)
    assert response.status_code == 403
    return response.content.decode()


@pytest.mark.parametrize("url", [SPACE, ADD])
def test_visitor_is_led_to_sign_in_and_back(client, shop, url):
    assert client.get(url).headers["Location"] == f"{reverse('customer:login')}?next={url}"


def test_visitor_who_posts_is_led_to_a_page_that_can_be_opened(client, shop):
    url = reverse("subscriptions:service-withdraw", kwargs={"pk": 1})
    assert client.post(url).headers["Location"] == f"{reverse('customer:login')}?next={SPACE}"


@pytest.mark.parametrize("url", [SPACE, ADD])
def test_member_who_never_subscribed(client, shop, url):
    page = refused(client, shop.make_user(), url)
    assert "The member space is for sellers" in page
    assert reverse("subscriptions:plan-list") in page


def test_superuser_has_every_permission_and_is_no_seller(client, shop):
    refused(client, shop.make_user("root", is_staff=True, is_superuser=True))


def test_lapsed_seller_learns_that_the_services_are_kept(client, shop):
    seller = shop.make_seller(starts_on=terms.months_after(conf.today(), -12) - timedelta(days=1))
    service = shop.make_service(seller)
    parking.park(seller)
    page = refused(client, seller.user)
    assert "Your subscription is over" in page
    assert "Your service is kept" in page
    assert "comes back" in page
    renew = reverse("subscriptions:renew", kwargs={"pk": seller.user.oscar_subscriptions.get().pk})
    assert f'action="{renew}"' in page
    # Neither form nor forged request gets further.
    for name in ("edit", "withdraw", "publish"):
        url = reverse(f"subscriptions:service-{name}", kwargs={"pk": service.pk})
        refused(client, seller.user, url, "post")
    service.refresh_from_db()
    assert not service.is_public


def test_lapsed_seller_of_a_retired_plan_is_led_to_the_list(client, shop):
    seller = shop.make_seller(starts_on=terms.months_after(conf.today(), -13))
    shop.plan.is_on_sale = False
    shop.plan.save()
    page = refused(client, seller.user)
    assert shop.plan.product.get_absolute_url() not in page
    assert reverse("subscriptions:plan-list") in page


def test_suspended_seller(client, shop):
    seller = shop.make_seller()
    get_model("oscar_subscriptions", "Term").objects.update(suspended_at=timezone.now())
    sellers.forget(seller.user)
    assert "Your subscription is suspended" in refused(client, seller.user)


def test_revoked_seller(client, shop):
    seller = shop.make_seller()
    shop.make_service(seller)
    get_model("oscar_subscriptions", "Term").objects.update(revoked_at=timezone.now())
    page = refused(client, seller.user)
    assert "Your subscription is over" in page
    assert "Your last day was" not in page


def test_member_whose_term_is_still_to_come(client, shop):
    user = shop.make_user()
    shop.grant(user, starts_on=conf.today() + timedelta(days=2))
    assert "has not started yet" in refused(client, user)


def test_last_day_is_still_a_sellers_day(client, shop):
    seller = shop.make_seller(starts_on=terms.months_after(conf.today(), -12))
    client.force_login(seller.user)
    assert client.get(SPACE).status_code == 200
