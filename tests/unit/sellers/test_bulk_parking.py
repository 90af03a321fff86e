"""The services of many sellers move together, as if each seller had been looked at alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from oscar_subscriptions import journal, signals
from oscar_subscriptions.sellers import bulk_parking, listings
from oscar_subscriptions.sql import key_lists

JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
Product = get_model("catalogue", "Product")
Seller = get_model("oscar_subscriptions", "Seller")
StockRecord = get_model("partner", "StockRecord")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def sellers(shop, time_machine):
    """Three sellers with two services each, whose terms end on 3 February 2018."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    sellers = [shop.make_seller(name) for name in ("ada", "grace", "emmy")]
    for seller in sellers:
        for title in ("Mentoring", "Training"):
            shop.make_service(seller, title)
    return sellers


@pytest.fixture
def lapsed(sellers, time_machine):
    time_machine.move_to("2018-02-04 03:00+01:00")
    return sellers


def carry_out(sellers, due=listings.to_sync, **named):
    return bulk_parking.carry_out(due, [seller.pk for seller in sellers], **named)


def public(seller):
    return list(listings.services(seller).filter(is_public=True).order_by("pk"))


def keys(products):
    return [product.pk for product in products]


def test_all_services_of_all_sellers_leave_and_come_back_together(shop, lapsed, commit, received):
    parked, restored = received(signals.listings_parked), received(signals.listings_restored)
    before = {seller: public(seller) for seller in lapsed}
    with commit():
        result = carry_out(lapsed)
    assert result.moved == lapsed and not result.restored
    assert result.parked == {one: keys(products[::-1]) for one, products in before.items()}
    assert not any(public(seller) for seller in lapsed)
    assert [told["seller"] for told in parked] == lapsed
    assert [told["products"] for told in parked] == [all_[::-1] for all_ in before.values()]
    assert not any(product.is_public for told in parked for product in told["products"])
    Term.objects.update(covered_until="2019-02-03", ends_on="2019-02-03")
    with commit():
        result = carry_out(lapsed)
    assert result.restored == {one: keys(products) for one, products in before.items()}
    assert not result.parked
    assert {seller: public(seller) for seller in lapsed} == before
    assert [told["seller"] for told in restored] == lapsed
    assert [told["products"] for told in restored] == list(before.values())
    assert not ParkedListing.objects.exists()
    lines = JournalEntry.objects.order_by("pk").values_list("subscription__user", "kind", "detail")
    assert list(lines) == [
        (seller.user.pk, kind, {"products": keys(products)})
        for kind, moved in (
            (journal.LISTINGS_PARKED, {one: all_[::-1] for one, all_ in before.items()}),
            (journal.LISTINGS_RESTORED, before),
        )
        for seller, products in moved.items()
    ]


def test_who_lapsed_and_who_came_back_are_told_apart(shop, lapsed):
    ada, grace, emmy = lapsed
    carry_out([ada])
    Term.objects.filter(subscription__user=ada.user).update(
        covered_until="2019-02-03", ends_on="2019-02-03"
    )
    result = carry_out(lapsed)
    assert list(result.restored) == [ada] and list(result.parked) == [grace, emmy]
    assert result.moved == lapsed
    assert len(public(ada)) == 2


def test_a_batch_costs_the_same_for_one_seller_and_for_three(lapsed):
    with CaptureQueriesContext(connection) as one:
        carry_out(lapsed[:1])
    ParkedListing.objects.all().delete()
    Product.objects.update(is_public=True)
    with CaptureQueriesContext(connection) as three:
        carry_out(lapsed)
    assert len(one) == len(three) <= 9


def test_products_are_read_for_those_who_listen_and_for_nobody_else(lapsed, received):
    with CaptureQueriesContext(connection) as unheard:
        carry_out(lapsed)
    assert not [one for one in unheard if '"catalogue_product"."title"' in one["sql"]]
    ParkedListing.objects.all().delete()
    Product.objects.update(is_public=True)
    received(signals.listings_parked)
    with CaptureQueriesContext(connection) as heard:
        carry_out(lapsed)
    assert len(heard) == len(unheard) + 1


def test_coming_back_costs_the_same_for_one_seller_and_for_three(lapsed):
    carry_out(lapsed)
    Term.objects.update(covered_until="2019-02-03", ends_on="2019-02-03")
    with CaptureQueriesContext(connection) as one:
        carry_out(lapsed[:1])
    with CaptureQueriesContext(connection) as two:
        carry_out(lapsed[1:])
    assert len(one) == len(two) <= 8


def test_no_statement_but_inserts_has_a_parameter_for_each_seller_or_product(lapsed, monkeypatch):
    monkeypatch.setattr(key_lists, "FEW", 0)
    numbers = []

    def count(execute, sql, params, many, context):
        if not sql.startswith("INSERT"):
            numbers.append(len(params or ()))
        return execute(sql, params, many, context)

    def used(some):
        numbers.clear()
        with connection.execute_wrapper(count):
            carry_out(some)
        return sum(numbers)

    one, two = used(lapsed[:1]), used(lapsed[1:])
    Term.objects.update(covered_until="2019-02-03", ends_on="2019-02-03")
    assert one == two and used(lapsed[:1]) == used(lapsed[1:])


def test_sellers_with_nothing_to_move_cost_the_lock_and_the_question(
    sellers, django_assert_num_queries
):
    # Two more are the savepoint's.
    with django_assert_num_queries(4):
        assert carry_out(sellers) == bulk_parking.Result()


def test_a_mark_is_taken_off_whether_something_was_to_be_moved_or_not(sellers, time_machine):
    Seller.objects.update(is_due=True)
    carry_out(sellers[:1])
    time_machine.move_to("2018-02-04 03:00+01:00")
    carry_out(sellers[1:2])
    assert list(Seller.objects.filter(is_due=True)) == sellers[2:]


def test_a_product_that_two_sellers_sell_is_nobodys_to_park(lapsed):
    ada, grace, _emmy = lapsed
    shared = public(ada)[0]
    StockRecord.objects.create(product=shared, partner=grace.partner, partner_sku="x", price="1")
    carry_out(lapsed)
    shared.refresh_from_db()
    assert shared.is_public
    assert Product.objects.filter(is_public=True, subscription_plan=None).count() == 1


def test_a_product_with_two_records_of_one_seller_is_parked_once(lapsed):
    ada = lapsed[0]
    StockRecord.objects.create(
        product=public(ada)[0], partner=ada.partner, partner_sku="second", price="1"
    )
    assert len(carry_out([ada]).parked[ada]) == 2
    assert ParkedListing.objects.count() == 2


def test_the_limit_of_each_seller_is_their_own(sellers):
    ada, grace, _emmy = sellers
    Term.objects.filter(subscription__user=ada.user).update(listing_limit=1)
    Term.objects.filter(subscription__user=grace.user).update(listing_limit=0)
    youngest = {seller: keys(public(seller))[::-1] for seller in sellers}
    result = carry_out(sellers)
    assert result.parked == {ada: youngest[ada][:1], grace: youngest[grace]}
    assert set(ParkedListing.objects.values_list("over_limit", flat=True)) == {True}
    Term.objects.filter(subscription__user=grace.user).update(listing_limit=1)
    Term.objects.filter(subscription__user=ada.user).update(listing_limit=None)
    result = carry_out(sellers)
    assert result.restored == {ada: youngest[ada][:1], grace: youngest[grace][1:]}


def test_sellers_who_are_not_asked_for_stay_as_they_are(lapsed):
    carry_out(lapsed[:1])
    assert public(lapsed[0]) == [] and len(public(lapsed[1])) == len(public(lapsed[2])) == 2


def test_asked_only_to_park_nothing_comes_back(lapsed):
    carry_out(lapsed)
    Term.objects.update(covered_until="2019-02-03", ends_on="2019-02-03")
    assert carry_out(lapsed, listings.to_park).moved == []
    assert carry_out(lapsed, listings.to_restore).moved == lapsed
