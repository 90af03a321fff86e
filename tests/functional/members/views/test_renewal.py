"""From an e-mail or the member's page to a basket with the same plan; never more."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from oscar.apps.basket.abstract_models import AbstractBasket
from oscar.core.loading import get_class, get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.plans import eligibility
from tests import factories
from tests.functional import pages

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")
Order = get_model("order", "Order")
Plan = get_model("oscar_subscriptions", "Plan")


@pytest.fixture
def term(shop, client):
    """A paid term of a member, who is signed in."""
    user = shop.make_user()
    client.force_login(user)
    return fulfilment.order_paid(shop.make_order(user)).term


def url(name, term, **kwargs):
    return reverse(f"subscriptions:{name}", kwargs={"pk": term.subscription_id} | kwargs)


def renew(client, term):
    """Open the link of an e-mail, and click the button of its page."""
    page = client.get(url("renew", term))
    values = pages.form_values(page, "renew_form")
    return client.post(url("renew", term), values, follow=True)


def in_open_basket(user):
    return list(
        Line.objects.filter(basket__owner=user, basket__status=Basket.OPEN).values_list(
            "product__title", "quantity"
        )
    )


def off_sale(is_renewable=True):
    Plan.objects.update(is_on_sale=False, is_renewable=is_renewable)


def hidden(is_renewable=True):
    Plan.objects.update(is_renewable=is_renewable)
    factories.Product.objects.filter(subscription_plan__isnull=False).update(is_public=False)


either_way = pytest.mark.parametrize("withdraw", [off_sale, hidden])


# The click.


def test_one_click_shows_the_basket_with_the_plan_and_the_new_last_day(client, term):
    response = renew(client, term)
    assert response.redirect_chain[-1][0] == reverse("basket:summary")
    assert in_open_basket(term.subscription.user) == [("Silver", 1)]
    page = pages.text(response)
    assert "Extends your subscription to" in page
    assert "no day is lost" in page


def test_a_second_click_changes_nothing(client, term):
    renew(client, term)
    page = pages.text(renew(client, term))
    assert "is in your basket already" in page
    assert in_open_basket(term.subscription.user) == [("Silver", 1)]


def test_whoever_is_not_signed_in_signs_in_and_comes_back(client, term):
    client.logout()
    response = client.get(url("renew", term))
    assert response.headers["Location"] == f"{reverse('customer:login')}?next={url('renew', term)}"
    assert not Line.objects.filter(basket__status=Basket.OPEN).exists()
    page = client.post(
        response.headers["Location"],
        {
            "login-username": "member@example.com",
            "login-password": factories.PASSWORD,
            "login-redirect_url": url("renew", term),
            "login_submit": "1",
        },
        follow=True,
    )
    assert page.redirect_chain[-1][0] == url("renew", term)
    assert in_open_basket(term.subscription.user) == []
    renew(client, term)
    assert in_open_basket(term.subscription.user) == [("Silver", 1)]


@pytest.mark.parametrize("method", ["head", "get"])
def test_fault_118_a_link_that_is_only_opened_changes_nothing(client, shop, term, method):
    gold = shop.make_plan("Gold")
    pages.add_to_basket(client, gold.product)
    page = getattr(client, method)(url("renew", term))
    assert page.status_code == 200
    assert in_open_basket(term.subscription.user) == [("Gold", 1)]
    if method == "get":
        assert "“Gold”, which is in your basket, makes room for it" in pages.text(page)
        assert "Nothing is ordered or paid yet" in pages.text(page)


def test_fault_118_nor_does_a_form_on_another_site(term, client):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(term.subscription.user)
    assert browser.post(url("renew", term)).status_code == 403
    assert in_open_basket(term.subscription.user) == []


@pytest.mark.parametrize("name", ["renew", "last-day"])
def test_somebody_elses_subscription_is_not_found(client, shop, term, name):
    client.force_login(shop.make_user("other"))
    assert client.get(url(name, term)).status_code == 404
    assert client.post(url(name, term)).status_code in (404, 405)
    assert not Line.objects.filter(basket__status=Basket.OPEN).exists()


def test_what_else_is_in_the_basket_stays_and_the_reason_is_told(client, shop, term):
    service = shop.make_service(shop.make_seller("other"))
    pages.add_to_basket(client, service)
    page = pages.text(renew(client, term))
    assert eligibility.alone() in page
    assert in_open_basket(term.subscription.user) == [("Coaching", 1)]


def test_another_plan_that_was_chosen_before_makes_room(client, shop, term):
    pages.add_to_basket(client, shop.make_plan("Gold").product)
    renew(client, term)
    assert in_open_basket(term.subscription.user) == [("Silver", 1)]


def test_a_suspended_subscription_is_not_renewed(client, term):
    fulfilment.suspend(term, reason="disputed")
    assert "is suspended" in pages.text(renew(client, term))
    assert in_open_basket(term.subscription.user) == []


def test_the_page_of_the_member_leads_to_the_same_place(client, term):
    page = pages.soup(client.get(reverse("subscriptions:my-subscription")))
    button = page.find("form", action=url("renew", term), method="post")
    assert button.get_text(strip=True) == "Renew"


# The price.


def old_and_new(response):
    return [
        p.get_text(" ", strip=True)
        for p in pages.soup(response).select(".subscriptions-price-change")
    ]


def test_a_new_price_is_told_beside_the_old_one_before_paying(client, shop, term, standin):
    shop.plan.product.stockrecords.update(price=250)
    told = "it was €240.00, now it is €300.00 incl. tax."
    for response in (
        client.get(shop.plan.product.get_absolute_url()),
        renew(client, term),
        pages.order_page(client),
    ):
        [note] = old_and_new(response)
        assert note.endswith(told)


def test_the_same_price_needs_no_words(client, shop, term):
    assert old_and_new(renew(client, term)) == []
    assert old_and_new(pages.order_page(client)) == []


def test_the_price_of_somebody_else_is_not_told(client, shop, term):
    shop.plan.product.stockrecords.update(price=250)
    other = shop.make_user("other")
    client.force_login(other)
    assert old_and_new(pages.add_to_basket(client, shop.plan.product)) == []


def test_what_was_refunded_was_not_paid(client, shop, term):
    shop.plan.product.stockrecords.update(price=250)
    fulfilment.revoke(term, reason="refunded")
    assert old_and_new(renew(client, term)) == []


# A plan that is no longer on sale.


@either_way
def test_a_member_renews_a_plan_that_is_no_longer_on_sale(client, shop, term, standin, withdraw):
    withdraw()
    assert "Renew" in pages.text(client.get(reverse("subscriptions:my-subscription")))
    page = pages.text(renew(client, term))
    assert "Extends your subscription to" in page
    response = pages.place_order(client)
    order = Order.objects.latest("pk")
    assert response.headers["Location"] == pages.pay_url(order)
    renewal = fulfilment.order_paid(order).term
    assert renewal.starts_on == term.ends_on + timedelta(days=1)


@either_way
def test_without_the_operators_leave_it_is_over(client, term, withdraw):
    withdraw(is_renewable=False)
    assert "Renew" not in pages.text(client.get(reverse("subscriptions:my-subscription")))
    assert "no longer on sale" in pages.text(renew(client, term)).lower()
    assert in_open_basket(term.subscription.user) == []


def test_a_member_whose_term_is_long_over_may_come_back_to_it(client, shop):
    user = shop.make_user()
    client.force_login(user)
    old = shop.grant(user, starts_on=date(2017, 2, 3))
    off_sale()
    renew(client, old)
    assert in_open_basket(user) == [("Silver", 1)]


def stranger(shop, user):
    pass


def only_ordered(shop, user):
    fulfilment.lock_for_checkout(user, shop.plan)


def refunded(shop, user):
    fulfilment.revoke(fulfilment.order_paid(shop.make_order(user)).term, reason="refunded")


def member_of_another_plan(shop, user):
    shop.grant(user, shop.make_plan("Gold"))


everybody_else = pytest.mark.parametrize(
    "before", [stranger, only_ordered, refunded, member_of_another_plan]
)


@everybody_else
@either_way
def test_nobody_else_can_put_it_into_a_basket_by_its_number(
    client, shop, standin, before, withdraw
):
    user = shop.make_user()
    client.force_login(user)
    before(shop, user)
    withdraw()
    page = pages.text(pages.add_to_basket(client, shop.plan.product))
    assert "no longer on sale" in page.lower()
    assert in_open_basket(user) == []


@everybody_else
@either_way
def test_nobody_else_can_order_what_was_in_the_basket_before(
    client, shop, standin, before, withdraw
):
    user = shop.make_user()
    client.force_login(user)
    before(shop, user)
    pages.add_to_basket(client, shop.plan.product)
    page = pages.order_page(client)
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS | {"accept_terms": "on"}
    ordered = Order.objects.count()
    withdraw()
    client.post(reverse("checkout:preview"), values)
    assert Order.objects.count() == ordered
    client.get(reverse("checkout:index"), follow=True)
    client.post(reverse("checkout:preview"), values)
    assert Order.objects.count() == ordered


@either_way
def test_an_anonymous_visitor_can_t_either_and_sees_it_nowhere(client, shop, term, withdraw):
    withdraw()
    client.logout()
    assert "Silver" not in pages.text(client.get(reverse("subscriptions:plan-list")))
    strategy = get_class("partner.strategy", "Selector")().strategy()
    assert not strategy.fetch_for_product(shop.plan.product).availability.is_available_to_buy
    pages.add_to_basket(client, shop.plan.product)
    assert not Line.objects.filter(basket__status=Basket.OPEN).exists()


def test_an_order_that_another_way_put_together_is_refused_under_lock(shop):
    """A basket that some other app of the shop has filled."""
    off_sale()
    basket = Basket.objects.create(owner=shop.make_user())
    basket.strategy = get_class("partner.strategy", "Selector")().strategy()
    AbstractBasket.add_product(basket, shop.plan.product)
    assert "no longer on sale" in eligibility.problem_with_lines(basket.all_lines(), basket.owner)
    shop.grant(basket.owner)
    assert eligibility.problem_with_lines(basket.all_lines(), basket.owner) == ""


# The last day, and the reminders.


def test_the_last_day_is_a_file_for_the_calendar(client, term):
    link = url("last-day", term)
    page = pages.soup(client.get(reverse("subscriptions:my-subscription")))
    assert page.find("a", href=link)
    response = client.get(link)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="subscription.ics"'
    [event] = Calendar.from_ical(response.content).walk("VEVENT")
    assert event["dtstart"].dt == term.ends_on


def test_the_file_has_the_last_day_of_all_that_is_bought(client, shop, term):
    renewal = fulfilment.order_paid(shop.make_order(term.subscription.user)).term
    [event] = Calendar.from_ical(client.get(url("last-day", term)).content).walk("VEVENT")
    assert event["dtstart"].dt == renewal.ends_on


@pytest.mark.parametrize("field", ["revoked_at", "suspended_at"])
def test_a_term_that_does_not_count_has_no_last_day(client, term, field):
    setattr(term, field, timezone.now())
    term.save(update_fields=[field])
    assert client.get(url("last-day", term)).status_code == 404
    page = pages.soup(client.get(reverse("subscriptions:my-subscription")))
    assert page.find("a", href=url("last-day", term)) is None


def test_a_term_that_is_over_has_no_last_day_to_come(client, shop):
    user = shop.make_user()
    client.force_login(user)
    old = shop.grant(user, starts_on=date(2017, 2, 3))
    assert old.covered_until < conf.today()
    assert client.get(url("last-day", old)).status_code == 404
