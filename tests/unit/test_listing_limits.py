"""How many services may be in the shop; what happens when the limit shrinks; nothing is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, lifecycle, listings, standing

ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
Product = get_model("catalogue", "Product")


@pytest.fixture
def large(shop):
    return shop.make_plan("Large", listing_limit=3)


@pytest.fixture
def small(shop):
    return shop.make_plan("Small", listing_limit=2)


@pytest.fixture
def seller(shop, large, small):
    """A seller of both plans with three services, the oldest first."""
    seller = shop.make_seller()
    seller.user.subscriptions.get().terms.update(revoked_at=timezone.now())
    shop.grant(seller.user, small)
    shop.grant(seller.user, large)
    for number in range(3):
        service = shop.make_service(seller, title=f"Service {number}")
        made = timezone.now() - timedelta(days=10 - number)
        Product.objects.filter(pk=service.pk).update(date_created=made)
    return seller


def in_shop(seller):
    services = listings.services(seller).filter(is_public=True)
    return sorted(services.values_list("title", flat=True))


def end(seller, plan):
    term = seller.user.subscriptions.get(plan=plan).terms.get()
    standing.revoke(term, reason="refund")
    return term


def test_limit_is_the_largest_of_all_plans(seller):
    assert in_shop(seller) == ["Service 0", "Service 1", "Service 2"]
    assert listings.room_left(seller) == 0


def test_when_the_limit_shrinks_the_youngest_are_parked_and_none_is_deleted(seller, large):
    end(seller, large)
    assert in_shop(seller) == ["Service 0", "Service 1"]
    assert ParkedListing.objects.get().over_limit
    assert listings.services(seller).count() == 3


def test_when_the_limit_grows_again_exactly_those_come_back(seller, large):
    standing.reinstate(end(seller, large), reason="refund failed")
    assert in_shop(seller) == ["Service 0", "Service 1", "Service 2"]
    assert not ParkedListing.objects.exists()


def test_ending_one_plan_takes_nothing_that_another_grants(seller, small):
    end(seller, small)
    assert len(in_shop(seller)) == 3


def test_seller_chooses_which_stay_and_the_choice_outlives_a_lapse(seller, small, large):
    end(seller, large)
    chosen = Product.objects.filter(title__in=["Service 0", "Service 2"])
    listings.choose(seller, chosen.values_list("pk", flat=True))
    assert in_shop(seller) == ["Service 0", "Service 2"]
    term = end(seller, small)
    assert in_shop(seller) == []
    standing.reinstate(term, reason="refund failed")
    assert in_shop(seller) == ["Service 0", "Service 2"]


def test_more_than_the_limit_can_not_be_chosen(seller, large):
    end(seller, large)
    with pytest.raises(listings.LimitReached):
        listings.choose(seller, Product.objects.values_list("pk", flat=True))
    assert len(in_shop(seller)) == 2


def test_nobody_elses_service_and_no_withdrawn_one_can_be_chosen(shop, seller):
    theirs = shop.make_service(shop.make_seller("other"), is_public=False)
    withdrawn = listings.services(seller).first()
    listings.show(withdrawn, False)
    listings.choose(seller, [theirs.pk, withdrawn.pk])
    theirs.refresh_from_db()
    assert not theirs.is_public
    assert in_shop(seller) == []


def test_run_parks_what_is_above_a_limit_that_shrank_overnight(shop, seller, large):
    term = seller.user.subscriptions.get(plan=large).terms.get()
    type(term).objects.filter(pk=term.pk).update(ends_on=conf.today(), covered_until=conf.today())
    tomorrow = conf.today() + timedelta(days=1)
    assert list(listings.to_park()) == []
    assert list(listings.to_park(tomorrow)) == [seller]
    done = [outcome.message for outcome in lifecycle.run(tomorrow)]
    assert f"services of {seller} parked" in done
    assert in_shop(seller) == ["Service 0", "Service 1"]
    assert list(listings.to_park(tomorrow)) == list(listings.to_restore(tomorrow)) == []


def test_seller_without_limit_is_never_above_it(shop):
    seller = shop.make_seller()
    shop.make_service(seller)
    assert list(listings.to_park()) == []
    assert listings.room_left(seller) is None


def test_parked_ones_without_room_are_not_due(seller, large):
    end(seller, large)
    assert list(listings.to_restore()) == []
    listings.show(listings.services(seller).filter(is_public=True).first(), False)
    assert list(listings.to_restore()) == [seller]
