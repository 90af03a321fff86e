"""Parking takes a lapsed seller's services out of the shop; restoring brings exactly those back."""

from datetime import date

import pytest
from haystack.query import SearchQuerySet
from oscar.core.loading import get_model

from oscar_subscriptions import signals
from oscar_subscriptions.sellers import listings, parking

ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
Product = get_model("catalogue", "Product")
Seller = get_model("oscar_subscriptions", "Seller")

pytestmark = pytest.mark.usefixtures("searchable")


@pytest.fixture
def seller(shop, time_machine):
    """A seller whose term ends on 3 February 2018."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.make_seller()


@pytest.fixture
def services(shop, seller):
    return [shop.make_service(seller, "Mentoring"), shop.make_service(seller, "Training")]


@pytest.fixture
def lapse(seller, time_machine):
    return lambda: time_machine.move_to("2018-02-04 00:00+01:00")


def public(seller):
    return list(listings.services(seller).filter(is_public=True).order_by("pk"))


def found(text):
    """Ask by words of titles: the category of all these services is called "Coaching"."""
    return {int(result.pk) for result in SearchQuerySet().models(Product).filter(content=text)}


def test_what_was_parked_comes_back_and_nothing_else(shop, seller, services, lapse, time_machine):
    withdrawn = shop.make_service(seller, "Withdrawn", is_public=False)
    lapse()
    assert parking.park(seller) == services[::-1]
    assert public(seller) == []
    shop.grant(seller.user)
    assert parking.restore(seller) == services
    assert public(seller) == services
    withdrawn.refresh_from_db()
    assert not withdrawn.is_public
    assert not ParkedListing.objects.exists()


def test_fault_68_parking_and_restoring_twice_changes_nothing(
    shop, seller, services, lapse, commit, received
):
    parked, restored = received(signals.listings_parked), received(signals.listings_restored)
    lapse()
    with commit():
        assert parking.park(seller) == services[::-1]
        assert parking.park(seller) == []
    assert ParkedListing.objects.count() == 2
    shop.grant(seller.user)
    with commit():
        assert parking.restore(seller) == services
        assert parking.restore(seller) == []
    assert len(parked) == len(restored) == 1


def test_a_seller_is_never_parked_nor_a_lapsed_one_restored(seller, services, lapse):
    assert parking.park(seller) == []
    lapse()
    parking.park(seller)
    assert parking.restore(seller) == []
    assert public(seller) == []


def test_a_renewal_paid_since_we_looked_keeps_the_services(shop, seller, services, lapse):
    lapse()
    [late] = listings.to_park()
    shop.grant(seller.user)
    assert parking.park(late) == []
    assert public(seller) == services


def test_another_sellers_services_stay(shop, seller, services, lapse):
    other = shop.make_seller("other")
    theirs = shop.make_service(other)
    lapse()
    shop.grant(other.user)
    parking.park(seller)
    theirs.refresh_from_db()
    assert theirs.is_public


def test_a_service_that_its_seller_decided_about_since_is_not_restored(
    shop, seller, services, lapse
):
    lapse()
    parking.park(seller)
    parking.unpark(services[0])
    shop.grant(seller.user)
    assert parking.restore(seller) == services[1:]


def test_a_service_published_by_staff_while_parked_is_parked_again(shop, seller, services, lapse):
    lapse()
    parking.park(seller)
    Product.objects.filter(pk=services[0].pk).update(is_public=True)
    assert parking.park(seller) == services[:1]
    assert ParkedListing.objects.count() == 2


def test_parked_services_are_not_found_and_restored_ones_are(shop, seller, services, lapse, commit):
    other = shop.make_service(shop.make_seller("other"), "Mentoring elsewhere")
    assert found("mentoring") == {services[0].pk, other.pk}
    lapse()
    with commit():
        parking.park(seller)
    assert found("mentoring") == {other.pk}
    assert found("training") == set()
    shop.grant(seller.user)
    with commit():
        parking.restore(seller)
    assert found("mentoring") == {services[0].pk, other.pk}
    assert found("training") == {services[1].pk}


def test_withdrawing_one_service_takes_it_out_of_the_search(seller, services, commit):
    with commit():
        parking.hide(services[0])
    assert found("mentoring") == set()
    with commit():
        parking.publish(services[0])
    assert found("mentoring") == {services[0].pk}


@pytest.mark.usefixtures("services")
def test_a_broken_search_index_does_not_keep_a_service_in_the_shop(
    seller, lapse, commit, monkeypatch
):
    def fail(ids):
        raise OSError("no index")

    monkeypatch.setattr("oscar_subscriptions.sellers.search_index._write", fail)
    lapse()
    with commit():
        parking.park(seller)
    assert public(seller) == []


def test_the_shop_hears_which_services_left_and_came_back(
    shop, seller, services, lapse, commit, received
):
    parked, restored = received(signals.listings_parked), received(signals.listings_restored)
    lapse()
    with commit():
        parking.park(seller)
        assert parked == []
    shop.grant(seller.user)
    with commit():
        parking.restore(seller)
    assert parked[0]["seller"] == restored[0]["seller"] == seller
    assert parked[0]["products"] == services[::-1]
    assert restored[0]["products"] == services


def test_the_day_asked_for_decides_not_today(seller, services):
    assert list(listings.to_park(date(2018, 2, 3))) == []
    assert list(listings.to_park(date(2018, 2, 4))) == [seller]
    assert parking.park(seller, date(2018, 2, 4)) == services[::-1]


def test_the_services_of_a_deleted_profile_are_parked(seller, services):
    seller.user.delete()
    assert list(listings.to_park()) == [Seller.objects.get()]
    assert parking.park(Seller.objects.get()) == services[::-1]


def test_lapse_of_a_seller_who_attached_himself_to_a_plan_leaves_the_plan_on_sale(
    shop, seller, services, lapse
):
    get_model("partner", "StockRecord").objects.create(
        product=shop.plan.product, partner=seller.partner, partner_sku="mine", price="0.01"
    )
    lapse()
    assert parking.park(seller) == services[::-1]
    shop.plan.product.refresh_from_db()
    assert shop.plan.product.is_public
