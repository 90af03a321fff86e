"""Subscriptions and terms: what the database refuses, and when a term counts."""

import pytest
from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

Seller = get_model("oscar_subscriptions", "Seller")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def term(shop):
    return shop.grant(shop.make_user())


def test_a_member_has_one_subscription_of_a_plan_and_one_partner(shop, term):
    user = term.subscription.user
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(user=user, plan=shop.plan)
    seller = shop.make_seller()
    with pytest.raises(IntegrityError), transaction.atomic():
        Seller.objects.create(user=user, partner=seller.partner)


def test_fault_56_a_deleted_profile_leaves_its_evidence(shop, term):
    term.subscription.user.delete()
    term.refresh_from_db()
    subscription = Subscription.objects.get()
    assert (subscription.user, subscription.member_email) == (None, "member@example.com")
    assert term.is_valid


def test_a_subscription_is_called_by_the_name_or_else_the_address(shop, term):
    subscription = term.subscription
    assert str(subscription) == "member@example.com – Silver"
    subscription.member_name = "Ada Martin"
    assert str(subscription) == "Ada Martin – Silver"
    assert str(term) == f"Silver: {term.starts_on} – {term.ends_on}"
