"""Staff see the pages; nobody else does, with or without Oscar's partner dashboard."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from oscar.core.loading import get_class

from oscar_subscriptions import sellers
from oscar_subscriptions.dashboard import apps
from tests.functional.pages import text
from tests.projects import stock

BASE = "subscriptions-dashboard"
LABELS = {"Plans", "Subscriptions", "Alerts", "Terms of sale"}


@pytest.fixture
def addresses(shop, alert):
    """Every page, by name."""
    term = shop.grant(shop.make_user("subscriber"))
    numbers = {
        "plan-update": shop.plan.pk,
        "plan-retire": shop.plan.pk,
        "plan-offer": shop.plan.pk,
        "subscription-detail": term.subscription_id,
        "alert-detail": alert.pk,
        "terms-of-sale-detail": shop.terms_of_sale.pk,
    }
    names = ["plan-list", "plan-create", "subscription-list", "alert-list"]
    names += ["terms-of-sale-list", "terms-of-sale-create", *numbers]
    return {
        name: reverse(f"{BASE}:{name}", kwargs={"pk": numbers[name]} if name in numbers else None)
        for name in names
    }


def entries(user):
    """Return our labels in the dashboard's navigation of ``user``."""
    nodes = get_class("dashboard.menu", "get_nodes")(user)
    return {str(child.label) for node in nodes for child in node.children} & LABELS


def assert_refused(client, addresses):
    for url in addresses.values():
        assert client.get(url).status_code == 403, url
        assert client.post(url).status_code == 403, url


def test_staff_see_every_page_and_the_navigation(desk, operator, addresses):
    for url in addresses.values():
        assert desk.get(url).status_code == 200, url
    assert entries(operator) == LABELS
    page = text(desk.get(reverse("dashboard:index")))
    assert "Terms of sale" in page


def test_visitors_are_asked_to_sign_in(client, addresses):
    for url in addresses.values():
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith(reverse("dashboard:login"))


def test_members_are_refused(client, member, addresses):
    assert_refused(client, addresses)
    assert entries(member) == set()


def test_partner_users_are_refused_and_see_no_entry(client, shop, addresses):
    user = shop.make_user("partner")
    user.user_permissions.add(Permission.objects.get(codename="dashboard_access"))
    shop.vendor.users.add(user)
    client.force_login(user)
    assert client.get(reverse("dashboard:index")).status_code == 200
    assert_refused(client, addresses)
    assert entries(user) == set()


def test_sellers_in_the_partner_dashboard_are_refused(client, shop, addresses):
    user = shop.let_in(shop.make_seller().user)
    client.force_login(user)
    assert sellers.is_seller(user)
    assert client.get(reverse("dashboard:index")).status_code == 200
    assert_refused(client, addresses)
    assert entries(user) == set()


def test_a_closed_staff_account_is_refused(client, operator, addresses):
    client.force_login(operator)
    operator.is_active = False
    operator.save()
    assert client.get(addresses["plan-list"]).status_code == 302


@pytest.mark.parametrize(
    "name", ["plan-update", "plan-retire", "subscription-detail", "alert-detail"]
)
def test_numbers_of_nothing_are_not_found(desk, name):
    assert desk.get(reverse(f"{BASE}:{name}", kwargs={"pk": 987654})).status_code == 404


def test_fork_of_the_app_finds_the_files_of_this_package():
    class Fork(apps.SubscriptionsDashboardConfig):
        name = "tests.projects.stock"

    fork = Fork("tests.projects.stock", stock)
    assert (Path(fork.path) / "static" / "oscar_subscriptions").is_dir()
