"""A plan in the basket: alone, once, by a signed-in member."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from tests.factories import PASSWORD
from tests.functional import pages
from tests.functional.basket.contents import lines, saved

Basket = get_model("basket", "Basket")

pytestmark = pytest.mark.django_db


def test_visitor_who_picks_a_plan_signs_in_and_comes_back_to_it(shop, client):
    shop.make_user()
    product = shop.plan.product
    response = pages.add_to_basket(client, product)
    login_url = response.redirect_chain[-1][0]
    assert login_url.startswith(reverse("customer:login"))
    assert "sign in or create your account" in pages.text(response)
    values = pages.form_values(response, "login_form")
    values |= {"login-username": "member@example.com", "login-password": PASSWORD}
    back = client.post(login_url, values | {"login_submit": "Log In"})
    assert back.url == product.get_absolute_url()
    assert lines() == []


def test_visitor_without_an_account_registers_and_comes_back_to_the_plan(shop, client):
    product = shop.plan.product
    login_url = pages.add_to_basket(client, product).redirect_chain[-1][0]
    values = pages.form_values(client.get(login_url), "register_form")
    values |= {
        "registration-email": "new@example.com",
        "registration-password1": PASSWORD,
        "registration-password2": PASSWORD,
        "registration_submit": "Register",
    }
    assert client.post(login_url, values).url == product.get_absolute_url()


def test_plan_lands_in_the_basket_with_its_dates_and_a_fixed_quantity(shop, member, client):
    response = pages.add_to_basket(client, shop.plan.product)
    page = pages.soup(response)
    assert lines() == [("Silver", 1)]
    assert "From " in pages.text(response) and "inclusive" in pages.text(response)
    quantity = page.find("input", attrs={"name": "form-0-quantity"})
    assert quantity["type"] == "hidden"


def test_adding_the_same_plan_twice_keeps_one(shop, member, client):
    pages.add_to_basket(client, shop.plan.product)
    pages.add_to_basket(client, shop.plan.product)
    assert lines() == [("Silver", 1)]


def test_another_plan_takes_the_place_of_the_first(shop, member, client):
    gold = shop.make_plan("Gold")
    pages.add_to_basket(client, shop.plan.product)
    pages.add_to_basket(client, gold.product)
    assert lines() == [("Gold", 1)]


def test_plan_that_can_not_be_bought_does_not_empty_the_basket(shop, member, client):
    retired = shop.make_plan("Bronze", is_on_sale=False)
    pages.add_to_basket(client, shop.plan.product)
    response = pages.add_to_basket(client, retired.product)
    assert lines() == [("Silver", 1)]
    assert response.status_code == 200


def test_sign_in_with_a_service_in_the_visitors_basket_leaves_the_plan_alone(shop, client):
    member = shop.make_user()
    client.force_login(member)
    pages.add_to_basket(client, shop.plan.product)
    client.logout()
    pages.add_to_basket(client, shop.make_service(shop.make_seller()))
    page = client.get(reverse("customer:login"))
    values = pages.form_values(page, "login_form")
    values |= {"login-username": "member@example.com", "login-password": PASSWORD}
    client.post(reverse("customer:login"), values | {"login_submit": "Log In"})
    response = client.get(reverse("basket:summary"))
    assert lines() == [("Silver", 1)]
    assert saved() == ["Coaching"]
    assert "Coaching" in pages.text(response)


def test_reorder_of_an_earlier_year_keeps_quantity_one(shop, member, client):
    order = shop.make_order(member)
    url = reverse("customer:order", args=[order.number])
    for _ in range(2):
        client.post(url, {"action": "reorder", "order_id": order.pk})
    assert lines() == [("Silver", 1)]


def test_merge_of_two_baskets_with_the_same_plan_keeps_quantity_one(shop, member):
    strategy = shop.strategy(member)
    baskets = []
    for _ in range(2):
        basket = Basket.objects.create(owner=member)
        basket.strategy = strategy
        basket.add_product(shop.plan.product, 1)
        baskets.append(basket)
    baskets[0].merge(baskets[1], add_quantities=True)
    assert lines() == [("Silver", 1)]


def test_basket_page_costs_the_same_for_one_line_and_for_ten(
    shop, member, client, django_assert_max_num_queries
):
    seller = shop.make_seller()
    pages.add_to_basket(client, shop.make_service(seller, "First"))
    client.get(reverse("basket:summary"))
    with django_assert_max_num_queries(60) as few:
        client.get(reverse("basket:summary"))
    for number in range(9):
        pages.add_to_basket(client, shop.make_service(seller, f"Service {number}"))
    per_line = 6  # Oscar's own: strategy, product class, options and pictures of each line
    with django_assert_max_num_queries(len(few) + 9 * per_line):
        client.get(reverse("basket:summary"))
