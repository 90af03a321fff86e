"""The statement about a page's stock records is written once, and right with whatever keys."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.plans import offer_rows
from oscar_subscriptions.sellers import get_seller

StockRecord = get_model("partner", "StockRecord")


@pytest.fixture
def services(shop):
    return [
        shop.make_service(shop.make_seller(name), name.title())
        for name in ("ada", "bea", "cleo", "dora", "eve")
    ]


def keys(services):
    return list(StockRecord.objects.filter(product__in=services).values_list("pk", flat=True))


@pytest.mark.parametrize("number", range(1, 6))
def test_whatever_their_number_each_record_is_told_of_once(services, number):
    wanted = keys(services)[:number]
    assert sorted(row.record for row in offer_rows.read(wanted, [])) == wanted


def test_records_and_products_are_asked_about_together(services):
    first, *_others = keys(services)
    products = {services[2].pk, services[4].pk, services[3].pk}
    found = offer_rows.read([first], products)
    assert {row.product for row in found} == {services[0].pk, *products}
    assert {row.product for row in offer_rows.read([], products)} == products


def test_a_row_says_what_the_page_needs(shop, services):
    [row] = offer_rows.read([], [services[0].pk])
    assert row.term and row.is_public and row.plan is None and row.editor
    [plan] = offer_rows.read([], [shop.plan.product.pk])
    assert (plan.plan, bool(plan.is_on_sale), plan.seller) == (shop.plan.pk, True, None)


def test_the_seller_is_named_without_another_query(services, django_assert_num_queries):
    [row] = offer_rows.read([], [services[0].pk])
    with django_assert_num_queries(0):
        seller = row.read_seller()
        assert seller.partner.display_name
    assert seller == get_seller(seller.user)


def test_the_same_statement_serves_other_keys(services, django_assert_num_queries):
    offer_rows._statement.cache_clear()
    for service in services:
        with django_assert_num_queries(1):
            [row] = offer_rows.read([], [service.pk])
        assert row.product == service.pk
    assert offer_rows._statement.cache_info().misses == 1


def test_a_new_day_asks_about_that_day(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    service = shop.make_service(shop.make_seller())
    time_machine.move_to("2018-02-03 23:59+01:00")
    assert offer_rows.read([], [service.pk])[0].term is not None
    time_machine.move_to("2018-02-04 00:00+01:00")
    assert offer_rows.read([], [service.pk])[0].term is None
