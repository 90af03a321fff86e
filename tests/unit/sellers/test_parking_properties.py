"""Whatever is parked comes back as it was, whatever limits, lapses and choices came before."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from oscar.core.loading import get_model

from oscar_subscriptions.sellers import listings, parking
from tests.properties import steady

Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")
Term = get_model("oscar_subscriptions", "Term")

limits = st.sampled_from([0, 1, 2, 3, 4, None])
deeds = st.tuples(st.just("limit"), limits) | st.tuples(
    st.just("choose"), st.sets(st.integers(0, 3), max_size=4)
)


@pytest.fixture
def shelf(shop):
    """A seller with four services."""
    seller = shop.make_seller()
    products = Product.objects.bulk_create(
        Product(title=str(number), slug="service", product_class=shop.product_class)
        for number in range(4)
    )
    StockRecord.objects.bulk_create(
        StockRecord(product=one, partner=seller.partner, partner_sku=str(one.pk), price="50")
        for one in products
    )
    return seller, products


@settings(steady, max_examples=25)
@given(
    first=limits,
    history=st.lists(deeds, max_size=5),
    down=st.lists(st.sampled_from([0, 0, 1, 2, 3]), min_size=1, max_size=3),
)
def test_whatever_is_parked_comes_back_as_it_was(shelf, first, history, down):
    """Whatever limits and choices were before: limits below today's, a lapse among them, and then
    today's again, leave the shelf as it is; a choice leaves there exactly what was chosen."""
    seller, products = shelf
    limit = None
    with transaction.atomic():
        for deed, value in [("limit", first), *history]:
            if deed == "limit":
                limit = value
                sync(seller, limit)
            elif limit is None or len(value) <= limit:
                there = set(listings.candidates(seller).values_list("title", flat=True))
                parking.choose(seller, [products[number].pk for number in value])
                assert public(seller) == there & {str(number) for number in value}
        before = public(seller)
        last = limit
        for lower in down:
            limit = lower if last is None else min(lower, last)
            sync(seller, limit)
            assert len(public(seller)) <= limit
            assert public(seller) <= before
        sync(seller, last)
        assert public(seller) == before
        transaction.set_rollback(True)


def sync(seller, limit):
    """Let the term allow ``limit`` services (0: nothing covers, None: no limit), and follow it."""
    values = {"listing_limit": limit, "suspended_at": None if limit != 0 else timezone.now()}
    Term.objects.filter(subscription__user=seller.user).update(**values)
    parking.sync_listings(seller)


def public(seller):
    rows = listings.services(seller).filter(is_public=True)
    return set(rows.values_list("title", flat=True))
