"""From the link that an operator has sent to the order page; the member orders, nobody else."""

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.plans import eligibility, order_links
from tests import factories
from tests.functional import pages

Consent = get_model("oscar_subscriptions", "Consent")
Line = get_model("basket", "Line")
Order = get_model("order", "Order")
Plan = get_model("oscar_subscriptions", "Plan")


@pytest.fixture
def member(shop, client):
    user = shop.make_user("ada")
    client.force_login(user)
    return user


def link_to(plan, member, until=None):
    return order_links.OrderLink(str(member.pk), plan.pk, until or conf.today())


def path(link):
    return reverse("subscriptions:order-link", kwargs={"token": link.token})


@pytest.fixture
def url(shop, member):
    return path(link_to(shop.plan, member))


def in_basket(member):
    lines = Line.objects.filter(basket__owner=member, basket__status="Open")
    return list(lines.values_list("product__title", flat=True))


def click(client, url):
    """Open the link, and click the button of its page."""
    values = pages.form_values(client.get(url), "renew_form")
    return client.post(url, values, follow=True)


def test_one_click_leads_to_the_order_page_where_the_member_agrees_and_orders(
    client, shop, member, url, standin
):
    page = client.get(url)
    assert "Order “Silver”" in pages.text(page)
    assert "Nothing is ordered or paid yet" in pages.text(page)
    page = click(client, url)
    assert pages.soup(page).find("form", id="place_order_form")
    assert in_basket(member) == ["Silver"] and not Order.objects.exists()
    ticked = pages.form_values(page, "place_order_form").get("accept_terms")
    assert ticked is None, "no consent is given for anybody"
    client.post(
        reverse("checkout:preview"), pages.form_values(page, "place_order_form") | pages.ADDRESS
    )
    assert not Order.objects.exists()
    pages.place_order(client)
    assert Consent.objects.get().order == Order.objects.get()
    assert Order.objects.get().user == member


@pytest.mark.parametrize("method", ["head", "get"])
def test_fault_118_an_order_link_that_is_only_opened_changes_nothing(
    client, shop, member, url, method
):
    pages.add_to_basket(client, shop.make_plan("Gold").product)
    page = getattr(client, method)(url)
    assert page.status_code == 200 and in_basket(member) == ["Gold"]
    if method == "get":
        assert "“Gold”, which is in your basket, makes room for it" in pages.text(page)


def test_fault_118_nor_does_an_order_link_posted_by_another_site(member, url):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(member)
    assert browser.post(url).status_code == 403
    assert in_basket(member) == []


def test_another_plan_makes_room_and_a_second_click_changes_nothing(client, shop, member, url):
    pages.add_to_basket(client, shop.make_plan("Gold").product)
    for _again in range(2):
        page = click(client, url)
        assert pages.soup(page).find("form", id="place_order_form")
        assert in_basket(member) == ["Silver"]


def test_what_else_is_in_the_basket_stays_and_the_reason_is_told(client, shop, member, url):
    pages.add_to_basket(client, shop.make_service(shop.make_seller("other")))
    page = click(client, url)
    assert eligibility.alone() in pages.text(page)
    assert in_basket(member) == ["Coaching"]


def test_whoever_is_not_signed_in_signs_in_and_comes_back(client, member, url):
    client.logout()
    response = client.get(url)
    assert response.headers["Location"] == f"{reverse('customer:login')}?next={url}"
    page = client.post(
        response.headers["Location"],
        {
            "login-username": member.email,
            "login-password": factories.PASSWORD,
            "login-redirect_url": url,
            "login_submit": "1",
        },
        follow=True,
    )
    assert page.redirect_chain[-1][0] == url
    assert in_basket(member) == []


def test_another_account_is_told_so_and_may_switch(client, shop, member, url):
    client.force_login(shop.make_user("other"))
    page = client.get(url)
    assert page.status_code == 403
    assert "is for another account; you are signed in as other@example.com" in pages.text(page)
    assert "Silver" not in pages.text(page) and member.email not in pages.text(page)
    # The button of the page that this member has open in another tab signs nobody out.
    assert client.post(url).status_code == 403 and "_auth_user_id" in client.session
    response = client.post(url, pages.form_values(page, "switch_form"))
    assert response.headers["Location"] == f"{reverse('customer:login')}?next={url}"
    assert "_auth_user_id" not in client.session
    assert not Line.objects.exists()


def without_token(page, url):
    text = page.content.decode().replace(url, "")
    return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]


def test_it_reads_the_same_whoever_and_whatever_the_link_is_about(client, shop, member, url):
    """Nobody learns from a link that was passed on whether its account or plan still exist."""
    client.force_login(shop.make_user("other"))
    gone = order_links.OrderLink("999999", 999999, conf.today())
    first, second = client.get(url), client.get(path(gone))
    assert first.status_code == second.status_code
    assert without_token(first, url) == without_token(second, path(gone))


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_link_that_is_over_or_damaged_says_so_before_anybody_signs_in(
    client, shop, member, url, is_signed_in, time_machine
):
    if not is_signed_in:
        client.logout()
    damaged = client.get(url[:-2] + "/")
    assert damaged.status_code == 404
    assert "This link is not valid." in pages.text(damaged)
    late = link_to(shop.plan, member, conf.today() - conf.today().resolution)
    for send in (client.get, client.post):
        page = send(path(late))
        assert page.status_code == 410 and "This link is over." in pages.text(page)
    assert pages.soup(page).find("a", href=reverse("subscriptions:plan-list"))
    assert not Line.objects.exists()


def gone_off_sale(shop, member):
    Plan.objects.update(is_on_sale=False)
    return "“Silver” is no longer on sale."


def suspended(shop, member):
    fulfilment.suspend(shop.grant(member), reason="disputed")
    return "is suspended. It can be renewed once that is settled"


def deleted(shop, member):
    Plan.objects.all().delete()
    return "This plan is no longer on sale."


@pytest.mark.parametrize("change", [gone_off_sale, suspended, deleted])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_plan_that_can_not_be_bought_meanwhile_says_why(
    client, shop, member, url, change, method
):
    said = change(shop, member)
    page = getattr(client, method)(url)
    assert page.status_code == 410 and said in pages.text(page)
    assert in_basket(member) == []
