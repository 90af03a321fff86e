"""How many services may be in the shop; what happens when the limit shrinks; nothing is lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.sellers import listings, parking

ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
Product = get_model("catalogue", "Product")
Term = get_model("oscar_subscriptions", "Term")


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
    seller.user.oscar_subscriptions.get().terms.update(revoked_at=timezone.now())
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
    term = seller.user.oscar_subscriptions.get(plan=plan).terms.get()
    ledger.revoke(term, reason="refund")
    return term


def test_limit_is_the_largest_of_all_plans(seller):
    assert in_shop(seller) == ["Service 0", "Service 1", "Service 2"]
    assert listings.free_slots(seller) == 0


def test_when_the_limit_shrinks_the_youngest_are_parked_and_none_is_deleted(seller, large):
    end(seller, large)
    assert in_shop(seller) == ["Service 0", "Service 1"]
    assert ParkedListing.objects.get().over_limit
    assert listings.services(seller).count() == 3


def test_when_the_limit_grows_again_exactly_those_come_back(seller, large):
    ledger.restore(end(seller, large), reason="refund failed")
    assert in_shop(seller) == ["Service 0", "Service 1", "Service 2"]
    assert not ParkedListing.objects.exists()


def test_ending_one_plan_takes_nothing_that_another_grants(seller, small):
    end(seller, small)
    assert len(in_shop(seller)) == 3


def test_seller_chooses_which_stay_and_the_choice_outlives_a_lapse(seller, small, large):
    end(seller, large)
    chosen = Product.objects.filter(title__in=["Service 0", "Service 2"])
    parking.choose(seller, chosen.values_list("pk", flat=True))
    assert in_shop(seller) == ["Service 0", "Service 2"]
    term = end(seller, small)
    assert in_shop(seller) == []
    ledger.restore(term, reason="refund failed")
    assert in_shop(seller) == ["Service 0", "Service 2"]


@pytest.mark.parametrize("limit", [3, None])
def test_choice_of_fewer_than_the_limit_is_not_undone_by_the_next_run(shop, limit):
    seller = shop.make_seller()
    made = [shop.make_service(seller, title=f"Service {number}") for number in range(4)]
    Term.objects.update(listing_limit=3)
    parking.park(seller)
    Term.objects.update(listing_limit=limit)
    parking.choose(seller, [made[0].pk])
    assert list(listings.to_restore()) == []
    lifecycle_run()
    assert in_shop(seller) == ["Service 0"]
    assert listings.services(seller).count() == 4


def test_more_than_the_limit_can_not_be_chosen(seller, large):
    end(seller, large)
    with pytest.raises(parking.LimitReachedError):
        parking.choose(seller, Product.objects.values_list("pk", flat=True))
    assert len(in_shop(seller)) == 2


def test_nobody_elses_service_and_no_withdrawn_one_can_be_chosen(shop, seller):
    theirs = shop.make_service(shop.make_seller("other"), is_public=False)
    withdrawn = listings.services(seller).first()
    parking.hide(withdrawn)
    parking.choose(seller, [theirs.pk, withdrawn.pk])
    theirs.refresh_from_db()
    assert not theirs.is_public
    assert in_shop(seller) == []


def test_run_parks_what_is_above_a_limit_that_shrank_overnight(shop, seller, large):
    term = seller.user.oscar_subscriptions.get(plan=large).terms.get()
    type(term).objects.filter(pk=term.pk).update(ends_on=conf.today(), covered_until=conf.today())
    tomorrow = conf.today() + timedelta(days=1)
    assert list(listings.to_park()) == []
    assert list(listings.to_park(tomorrow)) == [seller]
    done = [outcome.message for outcome in runner.run(tomorrow)]
    assert f"services of {seller} parked" in done
    assert in_shop(seller) == ["Service 0", "Service 1"]
    assert list(listings.to_park(tomorrow)) == list(listings.to_restore(tomorrow)) == []


def test_seller_without_limit_is_never_above_it(shop):
    seller = shop.make_seller()
    shop.make_service(seller)
    assert list(listings.to_park()) == []
    assert listings.free_slots(seller) is None


def test_parked_ones_without_room_are_not_due(seller, large):
    end(seller, large)
    assert list(listings.to_restore()) == []
    parking.hide(listings.services(seller).filter(is_public=True).first())
    assert list(listings.to_restore()) == [seller]


def choose(seller, *titles):
    chosen = Product.objects.filter(title__in=titles)
    parking.choose(seller, chosen.values_list("pk", flat=True))


def test_choice_among_services_that_a_lapse_had_parked_outlives_the_next_lapse(
    shop, seller, small, large
):
    ended = [end(seller, large), end(seller, small)]
    one = shop.make_plan("One", listing_limit=1)
    shop.grant(seller.user, one)
    lifecycle_run()
    assert in_shop(seller) == ["Service 0"]
    choose(seller, "Service 2")
    term = end(seller, one)
    assert in_shop(seller) == []
    ledger.restore(term, reason="refund failed")
    assert in_shop(seller) == ["Service 2"]
    ledger.restore(ended[1], reason="refund failed")
    assert in_shop(seller) == ["Service 0", "Service 2"]


def test_limit_that_shrinks_again_and_grows_back_gives_back_what_was_chosen(shop, seller, large):
    one = shop.make_plan("One", listing_limit=1)
    shop.grant(seller.user, one)
    small = end(seller, large).subscription.user.oscar_subscriptions.get(plan__listing_limit=2)
    choose(seller, "Service 0", "Service 2")
    term = end(seller, small.plan)
    assert in_shop(seller) == ["Service 0"]
    ledger.restore(term, reason="refund failed")
    assert in_shop(seller) == ["Service 0", "Service 2"]


def test_seller_who_returns_on_a_smaller_plan_is_told_that_the_limit_holds_the_rest(
    shop, seller, small, large
):
    end(seller, small)
    end(seller, large)
    assert not ParkedListing.objects.filter(over_limit=True).exists()
    shop.grant(seller.user, shop.make_plan("One", listing_limit=1))
    lifecycle_run()
    assert ParkedListing.objects.filter(over_limit=True).count() == 2


def test_services_of_a_blocked_account_stay_parked_whatever_its_limit(seller):
    seller.user.is_active = False
    seller.user.save()
    assert list(listings.to_park()) == [seller]
    assert listings.free_slots(seller) == 0
    lifecycle_run()
    assert in_shop(seller) == []
    assert list(listings.to_restore()) == []


def test_looking_for_what_to_park_does_not_read_every_product_for_every_seller(shop, seller):
    query, params = listings.to_park().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}", params)
        plan = [row[-1] for row in cursor.fetchall()]
    assert not [step for step in plan if step.startswith("SCAN") and "seller" not in step], plan


def lifecycle_run():
    return [outcome.message for outcome in runner.run()]
