"""The public page of a seller: what is in the shop, while the member is a seller."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import conf, sellers
from tests.functional.pages import soup, text


def url(partner):
    return reverse("subscriptions:seller", kwargs={"code": partner.code})


def titles(response):
    return [title.get_text(strip=True) for title in soup(response).select(".product_pod h3")]


def move(seller, days):
    """Let the seller's term begin ``days`` earlier."""
    Term = get_model("oscar_subscriptions", "Term")
    days_of_term = ("starts_on", "ends_on", "covered_until", "anchor")
    for term in Term.objects.of(seller.user):
        # Not `save`: a term that exists can't be edited.
        moved = {name: getattr(term, name) - timedelta(days=days) for name in days_of_term}
        Term.objects.filter(pk=term.pk).update(**moved)
    sellers.forget(seller.user)


def test_it_shows_the_name_the_year_and_what_is_in_the_shop(client, shop, seller):
    shop.make_service(seller, "Open")
    shop.make_service(seller, "Put away", is_public=False)
    shop.make_service(shop.make_seller("other"), "Somebody else's")
    page = client.get(url(seller.partner))
    assert titles(page) == ["Open"]
    assert soup(page).h1.get_text(strip=True) == seller.partner.display_name
    words = text(page)
    assert f"Member since {conf.today().year}" in words
    assert "1 service in the shop" in words
    assert "€60.00" in words
    assert seller.user.email not in page.content.decode()


def test_the_year_is_that_of_the_first_term(client, shop, seller):
    move(seller, 2 * 365)
    shop.grant(seller.user)
    assert f"Member since {conf.today().year - 2}" in text(client.get(url(seller.partner)))


def test_a_seller_without_services_has_a_page(client, seller):
    assert "No service in the shop yet." in text(client.get(url(seller.partner)))


def test_a_lapsed_seller_offers_nothing_from_the_day_after(client, shop, seller):
    shop.make_service(seller, "Open")
    move(seller, 366)
    page = client.get(url(seller.partner))
    assert page.status_code == 200
    assert titles(page) == []
    assert "does not offer any services at the moment" in text(page)
    assert 'content="noindex"' in page.content.decode()


def test_who_never_was_a_seller_or_is_gone_has_none(client, shop, seller):
    assert client.get(url(shop.vendor)).status_code == 404
    assert client.get(reverse("subscriptions:seller", kwargs={"code": "nobody"})).status_code == 404
    seller.user.delete()
    assert client.get(url(seller.partner)).status_code == 404


def test_a_service_names_its_seller_everywhere(client, shop, seller):
    product = shop.make_service(seller)
    for page in (product.get_absolute_url(), reverse("home"), url(seller.partner)):
        address = soup(client.get(page)).select_one(".subscriptions-seller a")["href"]
        assert address == url(seller.partner)


def test_a_partners_code_may_be_anything(client, shop, seller):
    get_model("partner", "Partner").objects.filter(pk=seller.partner_id).update(code="Zoé & Co.")
    seller.partner.refresh_from_db()
    product = shop.make_service(seller)
    link = soup(client.get(product.get_absolute_url())).select_one(".subscriptions-seller a")
    assert client.get(link["href"]).status_code == 200


def test_queries_do_not_grow_with_the_services(client, shop, seller):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get(url(seller.partner))
        return len(asked)

    shop.make_service(seller)
    queries()
    few = queries()
    for n in range(9):
        shop.make_service(seller, f"Service {n}")
    assert queries() <= few


def test_many_services_come_in_pages(client, shop, seller):
    for n in range(13):
        shop.make_service(seller, f"Service {n}")
    assert len(titles(client.get(url(seller.partner)))) == 12
    assert len(titles(client.get(url(seller.partner), {"page": 2}))) == 1
