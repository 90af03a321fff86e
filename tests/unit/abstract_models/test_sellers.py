"""The pairing of a member with a partner is kept for ever; a parked service is noted once."""

import pytest
from django.db import IntegrityError, models, transaction
from oscar.core.loading import get_model

ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
Seller = get_model("oscar_subscriptions", "Seller")


@pytest.fixture
def seller(shop):
    return shop.make_seller()


def test_a_partner_belongs_to_one_member(shop, seller):
    with pytest.raises(IntegrityError), transaction.atomic():
        Seller.objects.create(user=shop.make_user(), partner=seller.partner)


def test_a_seller_stays_when_the_account_is_deleted(seller):
    name = seller.partner.display_name
    seller.user.delete()
    seller.refresh_from_db()
    assert seller.user is None
    assert str(seller) == name


def test_the_partner_of_a_seller_can_t_be_deleted(seller):
    with pytest.raises(models.ProtectedError), transaction.atomic():
        seller.partner.delete()


def test_a_service_is_parked_once(shop, seller):
    service = shop.make_service(seller, "Coaching")
    parked = ParkedListing.objects.create(product=service, seller=seller)
    assert (str(parked), parked.over_limit) == ("Coaching", False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ParkedListing.objects.create(product=service, seller=seller)


def test_a_parked_service_that_is_deleted_leaves_no_note(shop, seller):
    service = shop.make_service(seller)
    ParkedListing.objects.create(product=service, seller=seller)
    service.delete()
    assert not ParkedListing.objects.exists()
