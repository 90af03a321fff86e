"""What the stock records of a page offer, asked of the database once."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.plans import offers
from oscar_subscriptions.plans.offers import Offer

Plan = get_model("oscar_subscriptions", "Plan")
StockRecord = get_model("partner", "StockRecord")

OPEN = Offer(is_sellers=True, is_open=True)


@pytest.fixture
def services(shop):
    """Of three sellers."""
    return [shop.make_service(shop.make_seller(f"seller-{number}")) for number in range(3)]


@pytest.fixture(autouse=True)
def _nothing_read():
    offers._read.set(None)


def read():
    return list(StockRecord.objects.order_by("pk"))


def test_all_records_that_were_read_are_asked_about_at_once(
    services, shop, django_assert_num_queries
):
    plan, *others = read()
    found = offers.Offers()
    with django_assert_num_queries(1):
        assert [found[record] for record in others] == [OPEN] * 3
        assert found[plan] == Offer()


def test_a_page_that_reads_more_records_asks_again(services, django_assert_num_queries):
    found = offers.Offers()
    found[read()[1]]
    shop_record = StockRecord.objects.create(
        product=services[0], partner=read()[0].partner, partner_sku="later"
    )
    with django_assert_num_queries(1):
        assert found[shop_record] == Offer()


@pytest.mark.parametrize("change", [ledger.suspend, ledger.revoke])
def test_the_record_of_a_lapsed_seller_is_closed(services, change):
    change(get_model("oscar_subscriptions", "Term").objects.first(), reason="refund")
    _plan, first, *others = read()
    found = offers.Offers()
    assert found[first] == Offer(is_sellers=True)
    assert [found[record] for record in others] == [OPEN] * 2


@pytest.mark.parametrize(
    ("is_on_sale", "is_public", "is_retired"),
    [(True, True, False), (False, True, True), (True, False, True)],
)
def test_a_plan_is_retired_if_it_is_off_sale_or_hidden(shop, is_on_sale, is_public, is_retired):
    Plan.objects.update(is_on_sale=is_on_sale)
    type(shop.plan.product).objects.update(is_public=is_public)
    [record] = read()
    assert offers.Offers()[record] == Offer(is_retired=is_retired)


def test_only_a_plans_record_is_foreign(shop, services):
    seller = shop.make_seller()
    foreign = shop.attach_first(seller)
    found = offers.Offers()
    assert [record.pk for record in read() if found[record].is_foreign] == [foreign.pk]


def test_strategies_of_one_request_ask_once(services, django_assert_num_queries):
    record, request = read()[1], SimpleNamespace()
    with django_assert_num_queries(1):
        assert offers.of_request(request)[record] == offers.of_request(request)[record]
    assert offers.of_request(None) is not offers.of_request(None)


def test_a_record_that_was_deleted_since_offers_nothing_special(services):
    record = read()[1]
    StockRecord.objects.filter(pk=record.pk).delete()
    assert offers.Offers()[record] == Offer()


def test_a_record_that_is_not_saved_is_not_asked_about(shop, django_assert_num_queries):
    StockRecord(product=shop.plan.product, partner=shop.vendor)
    StockRecord.objects.only("partner_sku").get()
    found = offers.Offers()
    with django_assert_num_queries(1):
        found[StockRecord(pk=1)]


def test_a_long_run_does_not_remember_every_record_of_the_shop(services, monkeypatch):
    monkeypatch.setattr(offers, "_MOST", 3)
    asked = []
    monkeypatch.setattr(
        offers.offer_rows, "read", lambda records, products: asked.append(len(records)) or []
    )
    for _ in range(50):
        last = read()[-1]
    offers.Offers()[last]
    assert asked[0] <= 4


def test_other_threads_read_other_pages(shop):
    record = read()[0]
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(offers._read.get).result() is None
    assert record.pk in offers._read.get().records
