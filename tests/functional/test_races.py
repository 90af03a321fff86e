"""Two doors at once, in threads with connections of their own."""

import threading

import pytest
from django.db import connection
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.payments.reconcile import reconcile
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Seller = get_model("oscar_subscriptions", "Seller")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions):
    """Run ``actions`` in threads that start together; return what each returned or raised."""
    barrier = threading.Barrier(len(actions))
    results = [None] * len(actions)

    def run(place, action):
        try:
            barrier.wait(timeout=10)
            results[place] = action()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_order_confirmed_by_four_doors_at_once_gives_one_term(shop):
    order = shop.make_order(shop.make_user())
    results = at_once(*[lambda: fulfilment.order_paid(order)] * 4)
    assert [result.created for result in results].count(True) == 1
    assert Term.objects.count() == 1


def test_return_and_webhook_at_once_give_one_term_and_one_payment(shop, member, client, standin):
    pages.add_to_basket(client, shop.plan.product)
    standin.submit_card(client.get(pages.place_order(client).url).url)
    attempt = Attempt.objects.get()
    results = at_once(*[lambda: reconcile(attempt)] * 3)
    assert {result.status for result in results} == {"paid"}
    assert Term.objects.count() == 1
    assert Source.objects.count() == 1


def test_two_orders_of_one_plan_paid_at_once_give_consecutive_years(shop):
    user = shop.make_user()
    orders = [shop.make_order(user) for _ in range(2)]
    at_once(*[lambda order=order: fulfilment.order_paid(order) for order in orders])
    first, second = Term.objects.order_by("starts_on")
    assert (second.starts_on - first.ends_on).days == 1
    assert second.anchor == first.anchor


def test_two_plans_paid_at_once_pair_the_member_with_one_partner(shop):
    user = shop.make_user()
    plans = [shop.plan, shop.make_plan("Gold")]
    orders = [shop.make_order(user, plan) for plan in plans]
    results = at_once(*[lambda order=order: fulfilment.order_paid(order) for order in orders])
    assert [result.refused for result in results] == ["", ""]
    assert Seller.objects.filter(user=user).count() == 1


def test_double_click_in_two_requests_gives_one_order(shop, member, client):
    from django.test import Client
    from django.urls import reverse

    pages.add_to_basket(client, shop.plan.product)
    page = pages.order_page(client)
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS | {"accept_terms": "on"}
    cookies = client.cookies

    def click():
        browser = Client()
        browser.cookies = cookies
        return browser.post(reverse("checkout:preview"), values)

    answers = at_once(click, click)
    assert {answer.status_code for answer in answers} == {302}
    assert get_model("order", "Order").objects.count() == 1
    assert Attempt.objects.count() == 1
