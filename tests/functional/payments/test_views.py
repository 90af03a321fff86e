"""The way to the provider's page and back, by the browser alone."""

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions.payments.provider import sessions
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")
PaymentEvent = get_model("order", "PaymentEvent")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


def hosted_page(client, order):
    return client.get(pages.pay_url(order)).url


def test_pay_page_asked_twice_leads_to_one_session(client, order, standin):
    assert hosted_page(client, order) == hosted_page(client, order)
    assert Attempt.objects.count() == 1


def test_without_a_base_url_members_return_to_the_host_that_they_asked(
    client, order, standin, settings
):
    settings.OSCAR_SUBSCRIPTIONS_BASE_URL = None
    client.get(pages.pay_url(order), headers={"host": "www.shop.example"})
    attempt = Attempt.objects.get()
    session = sessions.fetch_session(attempt.session_id)
    for name, url in (("return", "success_url"), ("cancel-return", "cancel_url")):
        path = reverse(f"subscriptions-payments:{name}", args=[attempt.reference])
        assert session[url].startswith(f"http://www.shop.example{path}"), name


def test_declined_card_gives_nothing_and_another_card_pays(client, order, standin):
    page = hosted_page(client, order)
    _, location, _ = standin.submit_card(page, "4000 0000 0000 0002")
    assert location is None and not Term.objects.exists()
    _, back, _ = standin.submit_card(page)
    client.get(back)
    assert Term.objects.count() == 1


def test_payment_shows_where_oscar_people_look_for_it(client, order, standin):
    _, back, _ = standin.submit_card(hosted_page(client, order))
    client.get(back)
    source = Source.objects.get(order=order)
    assert (source.amount_allocated, source.amount_debited, source.currency) == (240, 240, "EUR")
    assert source.reference.startswith("pi_")
    assert source.transactions.count() == 2
    assert PaymentEvent.objects.get(order=order).amount == 240
    order.refresh_from_db()
    assert order.status == "Paid"


def test_shop_without_an_order_pipeline_is_paid_all_the_same(client, order, standin, settings):
    Order.pipeline, before = {}, Order.pipeline
    try:
        _, back, _ = standin.submit_card(hosted_page(client, order))
        client.get(back)
    finally:
        Order.pipeline = before
    assert Term.objects.count() == 1


def test_going_back_from_the_providers_page_offers_to_pay_or_to_cancel(client, order, standin):
    hosted_page(client, order)
    attempt = Attempt.objects.get()
    response = client.get(reverse("subscriptions-payments:cancel-return", args=[attempt.reference]))
    assert "not paid yet" in pages.text(response)
    assert pages.soup(response).find("a", href=pages.pay_url(order))
    assert "Cancel this order" in pages.text(response)


def test_order_history_leads_back_to_payment(client, order, standin):
    response = client.get(reverse("customer:order", args=[order.number]))
    assert pages.soup(response).find("a", href=pages.pay_url(order))
    _, back, _ = standin.submit_card(hosted_page(client, order))
    client.get(back)
    response = client.get(reverse("customer:order", args=[order.number]))
    assert not pages.soup(response).find("a", href=pages.pay_url(order))


def test_cancelled_order_can_not_be_paid_any_more(client, order, standin):
    page = hosted_page(client, order)
    response = client.post(
        reverse("subscriptions-payments:order-cancel", args=[order.number]), follow=True
    )
    assert "is cancelled" in pages.text(response)
    order.refresh_from_db()
    assert order.status == "Cancelled"
    _, location, _ = standin.submit_card(page)
    assert location is None
    assert "is cancelled" in pages.text(client.get(pages.pay_url(order)))
    assert not Term.objects.exists()


def test_provider_that_is_down_is_said_so_and_nothing_is_lost(client, order, standin):
    standin.fault(status=500, times=None)
    response = client.get(pages.pay_url(order))
    assert response.status_code == 503
    assert "does not answer" in pages.text(response)
    standin.control("faults", "DELETE")
    assert hosted_page(client, order).startswith(standin.url)


def test_page_asked_for_long_after_the_order_is_made_anew(client, order, standin):
    from datetime import timedelta

    from django.utils import timezone

    Attempt.objects.update(created_at=timezone.now() - timedelta(days=3))
    assert hosted_page(client, order).startswith(standin.url)
    assert list(Attempt.objects.values_list("status", flat=True)) == ["expired", "open"]


def test_returning_without_having_paid_confirms_nothing(shop, member, client, standin):
    # Through the checkout, which lets the browser's session know the order.
    pages.add_to_basket(client, shop.plan.product)
    pages.place_order(client)
    order = Order.objects.get()
    hosted_page(client, order)
    attempt = Attempt.objects.get()
    url = reverse("subscriptions-payments:return", args=[attempt.reference])
    response = client.get(f"{url}?session_id={attempt.session_id}")
    assert "This order is not paid yet" in pages.text(response)
    assert not Term.objects.exists()
    assert client.get(reverse("checkout:thank-you")).url == pages.pay_url(order)


def doors(order):
    """Where a member comes to about the payment of ``order``."""
    attempt = order.subscription_attempts.get()
    return [
        ("get", pages.pay_url(order)),
        ("get", reverse("subscriptions-payments:return", args=[attempt.reference])),
        ("get", reverse("subscriptions-payments:cancel-return", args=[attempt.reference])),
        ("post", reverse("subscriptions-payments:order-cancel", args=[order.number])),
    ]


def test_a_payment_is_nobody_elses_business(shop, order, standin):
    visitor, stranger = Client(), Client()
    stranger.force_login(shop.make_user("stranger"))
    for method, url in doors(order):
        assert getattr(visitor, method)(url).url == f"{reverse('customer:login')}?next={url}"
        assert getattr(stranger, method)(url).status_code == 404
    assert Attempt.objects.get().status == "open"


def test_the_way_back_of_another_session_is_not_found(client, order, standin):
    hosted_page(client, order)
    [_, (_, back), *_] = doors(order)
    assert client.get(f"{back}?session_id=cs_test_another").status_code == 404
    assert client.get(f"{back}?session_id={Attempt.objects.get().session_id}").status_code == 200


def test_a_provider_that_is_silent_on_the_way_back_leaves_the_order_as_it_is(
    client, order, standin
):
    standin.submit_card(hosted_page(client, order))
    [_, (_, back), (_, given_up), (_, cancel)] = doors(order)
    standin.fault(status=429, times=None)
    assert client.get(back).status_code == 200
    assert client.get(given_up).status_code == client.post(cancel).status_code == 503
    assert Attempt.objects.get().status == "open"
    standin.control("faults", "DELETE")
    assert client.get(back).url == reverse("checkout:thank-you")


def test_an_order_that_was_paid_meanwhile_is_not_cancelled(client, order, standin):
    standin.submit_card(hosted_page(client, order))
    [*_, (_, cancel)] = doors(order)
    assert client.post(cancel).url == pages.pay_url(order)
    assert Term.objects.count() == 1
    assert client.get(pages.pay_url(order)).url == reverse("checkout:thank-you")


# Behind a proxy that ends TLS, or changes the host (fault 121).

PROXIED = {"host": "10.0.3.7:8080", "x-forwarded-proto": "https"}


def ways_back(attempt):
    session = sessions.fetch_session(attempt.session_id)
    return session["success_url"], session["cancel_url"]


@pytest.mark.parametrize("base_url", ["https://shop.example", "https://shop.example/"])
def test_fault_121_the_member_is_sent_back_to_the_shops_own_address(
    client, order, standin, settings, base_url
):
    settings.OSCAR_SUBSCRIPTIONS_BASE_URL = base_url
    assert client.get(pages.pay_url(order), headers=PROXIED).status_code == 302
    attempt = Attempt.objects.get()
    for url, name in zip(ways_back(attempt), ("return", "cancel-return"), strict=True):
        path = reverse(f"subscriptions-payments:{name}", args=[attempt.reference])
        assert url.partition("?")[0] == f"https://shop.example{path}"


def test_fault_121_without_the_setting_the_address_is_that_of_the_request(
    client, order, standin, settings
):
    settings.OSCAR_SUBSCRIPTIONS_BASE_URL = None
    client.get(pages.pay_url(order), headers=PROXIED)
    for url in ways_back(Attempt.objects.get()):
        assert url.startswith("http://10.0.3.7:8080/")
