"""Shoppers find what is in the shop, by every word that they would try, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.sellers import parking, search_index
from tests.functional.pages import soup, text

Product = get_model("catalogue", "Product")
SEARCH = reverse("search:search")


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Any, searchable: None) -> None:
    """Each test has a media folder, and an empty index that is written by itself."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    """``with commit():`` – at the end of the block what it wrote counts as committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def seller(shop: Any) -> Any:
    user = shop.make_user("seller", first_name="Zoé", last_name="Kermadec")
    shop.grant(user)
    return sellers.ensure_seller(user)


@pytest.fixture
def add(client: Any, commit: Any, shop: Any, seller: Any) -> Any:
    """``add(title, …)`` – what the seller adds through the form of the member space."""

    def fill_in(title: str, **changes: Any) -> Any:
        values = {
            "title": title,
            "description": "One day in a small group.",
            "price": "350.00",
            "category": shop.category.pk,
        }
        client.force_login(seller.user)
        with commit():
            response = client.post(reverse("subscriptions:service-add"), values | changes)
        assert response.status_code == 302
        client.logout()
        return Product.objects.get(title=title)

    return fill_in


@pytest.fixture
def lapse(shop: Any, seller: Any) -> Any:
    """``lapse()`` – the seller's last day was yesterday; nothing has run since."""

    def move() -> None:
        yesterday = conf.today() - timedelta(days=1)
        get_model("oscar_subscriptions", "Term").objects.filter(
            subscription__user=seller.user
        ).update(
            starts_on=yesterday - timedelta(days=365),
            anchor=yesterday - timedelta(days=365),
            ends_on=yesterday,
            covered_until=yesterday,
        )
        sellers.forget(seller.user)

    return move


def found(client: Any, q: str, *facets: str) -> list[str]:
    """Return the titles of the products that the search page shows."""
    page = client.get(SEARCH, {"q": q, "selected_facets": facets})
    assert page.status_code == 200
    return [title.get_text(strip=True) for title in soup(page).select(".product_pod h3")]


def run(commit: Any) -> None:
    """The daily run."""
    with commit():
        call_command("subscriptions_run", verbosity=0)


@pytest.mark.parametrize(
    "words",
    [
        "speaking",
        "Speak Public",
        "small group",  # of the description
        "Kermadec",  # the seller
        "zoe kermadec",
        "coaching",  # the category
        "services",  # the one above it
    ],
)
def test_a_new_service_is_found_right_after_it_was_added(client, add, words):
    assert found(client, words) == []
    add("Speaking in public")
    assert found(client, words) == ["Speaking in public"]


@pytest.mark.parametrize("words", ["séance", "seances", "SÉANCES", "prevention", "prévention"])
def test_an_accent_makes_no_difference(client, add, words):
    add("Prévention : cinq séances")
    assert found(client, words) == ["Prévention : cinq séances"]


def test_the_plan_is_found_by_its_title_its_kind_and_its_vendor(client, shop, commit):
    with commit():
        search_index.refresh([shop.plan.product])
    for words in ("silver", "subscription", "intras"):
        assert found(client, words) == ["Silver"]
    page = client.get(SEARCH, {"q": "silver"})
    assert "€240.00" in text(page)
    # With its dates unseen, a plan can't be put into the basket from here.
    assert not soup(page).select(".product_pod form")


def test_an_edit_is_found_by_the_new_words_only(client, add, seller, commit):
    product = add("Speaking in public")
    client.force_login(seller.user)
    values = {
        "title": "Proofreading",
        "description": "Fast.",
        "price": "80",
        "category": product.categories.get().pk,
    }
    with commit():
        client.post(reverse("subscriptions:service-edit", kwargs={"pk": product.pk}), values)
    client.logout()
    assert found(client, "proofreading") == ["Proofreading"]
    assert found(client, "speaking") == []
    assert "€96.00" in text(client.get(SEARCH, {"q": "proofreading"}))


def test_a_withdrawn_service_is_not_found_until_it_is_published_again(client, add, seller, commit):
    product = add("Speaking in public")
    for action, titles in (("withdraw", []), ("publish", ["Speaking in public"])):
        client.force_login(seller.user)
        with commit():
            client.post(reverse(f"subscriptions:service-{action}", kwargs={"pk": product.pk}))
        client.logout()
        assert found(client, "speaking") == titles


def test_a_lapsed_sellers_service_is_gone_after_the_run_and_back_after_a_renewal(
    client, add, lapse, shop, seller, commit
):
    add("Speaking in public")
    lapse()
    run(commit)
    assert found(client, "speaking") == []
    shop.grant(seller.user)
    with commit():
        parking.restore(seller)
    assert found(client, "speaking") == ["Speaking in public"]


def test_on_the_day_after_nothing_can_be_bought_even_if_nothing_has_run(client, add, lapse):
    add("Speaking in public")
    lapse()
    page = client.get(SEARCH, {"q": "speaking"})
    assert "No longer offered" in text(page)
    assert not soup(page).select(".product_pod form")


def test_shoppers_choose_by_category_seller_and_price(client, shop, add, commit):
    add("Speaking in public")
    add("Speaking on the radio", price="80.00")
    other = shop.make_seller("other")
    with commit():
        search_index.refresh([shop.make_service(other, "Speaking French")])
    everybody = ["Speaking French", "Speaking in public", "Speaking on the radio"]
    assert sorted(found(client, "speaking", "category_name:Coaching")) == everybody
    own = sorted(found(client, "speaking", "seller:Zoé Kermadec"))
    assert own == ["Speaking in public", "Speaking on the radio"]
    assert found(client, "speaking", "price:{250 TO 500]") == ["Speaking in public"]
    words = text(client.get(SEARCH, {"q": "speaking"}))
    for count in ("Coaching (3)", "Zoé Kermadec (2)", "up to €250 (2)", "€250 to €500 (1)"):
        assert count in words
    assert "over €1,000" not in words


@pytest.mark.parametrize("name", ["Mieux-être", "A.B. & C.", "L'équipe"])
def test_a_category_with_any_name_can_be_chosen(client, shop, add, name):
    shop.category.name = name
    shop.category.save()
    add("Speaking in public")
    [link] = soup(client.get(SEARCH, {"q": "speaking"})).select(".shop-facet a")[:1]
    assert link.get_text() == name
    page = soup(client.get(link["href"]))
    assert len(page.select(".product_pod")) == 1
    chosen = page.select_one(".shop-facet .is-chosen")
    assert chosen is not None and "category_name" not in chosen["href"]


def test_whoever_chose_too_much_can_take_it_back(client, add):
    add("Speaking in public")
    page = soup(client.get(SEARCH, {"q": "speaking", "selected_facets": "price:[0 TO 250]"}))
    assert not page.select(".product_pod")
    assert "selected_facets" not in page.select_one(".shop-facet .is-chosen")["href"]


@pytest.mark.parametrize("order", ["relevancy", "rating", "newest", "price-asc", "title-desc"])
def test_every_order_shows_all(client, add, order):
    add("Speaking in public")
    add("Speaking on the radio")
    page = client.get(SEARCH, {"q": "speaking", "sort_by": order})
    assert len(soup(page).select(".product_pod")) == 2


def test_the_search_page_costs_as_many_queries_for_twenty_products_as_for_two(
    client, shop, seller, commit
):
    def queries(number):
        with commit():
            products = [shop.make_service(seller, f"Speaking {n}") for n in range(number)]
            search_index.refresh(products)
        found(client, "speaking")
        with CaptureQueriesContext(connection) as asked:
            assert len(found(client, "speaking")) == min(number, 20)
        for product in products:
            product.delete()
        return len(asked)

    few = queries(2)
    assert queries(22) <= few
    assert few < 30
