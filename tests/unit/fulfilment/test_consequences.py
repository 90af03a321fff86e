"""What follows for a member when a term changes."""

import pytest
from django.db.models.signals import post_save
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, sellers
from oscar_subscriptions.fulfilment import consequences

Partner = get_model("partner", "Partner")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def seller(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.make_seller()


@pytest.fixture
def term(seller):
    return Term.objects.get()


@pytest.mark.parametrize("take", [fulfilment.revoke, fulfilment.suspend])
def test_the_seller_is_none_at_once_and_the_services_leave_the_shop(shop, seller, term, take):
    service = shop.make_service(seller)
    assert sellers.is_seller(seller.user)
    take(term, reason="refunded")
    service.refresh_from_db()
    assert not sellers.is_seller(get_model("auth", "User").objects.get())
    assert not service.is_public
    assert sellers.get_seller(seller.user) == seller


def test_another_plans_term_keeps_the_services_in_the_shop(shop, seller, term):
    service = shop.make_service(seller)
    shop.grant(seller.user, shop.make_plan("Gold"))
    fulfilment.revoke(term, reason="refunded")
    service.refresh_from_db()
    assert service.is_public
    assert sellers.is_seller(seller.user)


def test_a_shops_receiver_that_raises_for_a_new_seller_takes_nobodys_term_away(shop):
    def fail(**named):
        raise RuntimeError("a shop's receiver failed")

    user = shop.make_user()
    post_save.connect(fail, sender=Partner)
    try:
        term = fulfilment.order_paid(shop.make_order(user)).term
    finally:
        post_save.disconnect(fail, sender=Partner)
    assert Term.objects.get() == term
    assert sellers.get_seller(user) is None
    assert sellers.is_seller(user)
    # The next visit to the member space makes up for it.
    assert sellers.ensure_seller(user).partner.users.get() == user


def test_an_answer_remembered_before_the_change_is_forgotten(shop):
    user = shop.make_user()
    assert not sellers.is_seller(user)
    shop.grant(get_model("auth", "User").objects.get())
    consequences.apply_consequences(user)
    assert sellers.is_seller(user)
    assert sellers.get_seller(user) is not None
