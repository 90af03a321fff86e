"""Stored payment method are forgotten as soon as nothing needs them, and not before."""

from datetime import date

import pytest
from django.db.models.signals import pre_delete
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.payment_methods import forgetting
from oscar_subscriptions.payments.provider import client, customers
from oscar_subscriptions.privacy import Person

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")

DAY = date(2017, 2, 3)


@pytest.fixture
def user(shop, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    return shop.make_user()


@pytest.fixture
def kept(user):
    return keep(user)


def keep(user, customer_id="cus_1"):
    return StoredPaymentMethod.objects.create(
        user=user, livemode=False, customer_id=customer_id, payment_method_id="pm_1"
    )


@pytest.fixture
def at_the_provider(user, standin):
    """Means of ``user`` whose customer the provider has."""
    return keep(user, customers.create_customer({"email": user.email}, "key")["id"])


def is_deleted(row):
    return getattr(client.connect().v1.customers.retrieve(row.customer_id), "deleted", False)


def owner():
    return StoredPaymentMethod.objects.get().user


# What needs them.


def test_means_that_nothing_needs_lose_their_member_at_once(shop, user, kept):
    other = keep(shop.make_user("other"), "cus_2")
    forgetting.forget_unneeded(user)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert kept.user is None and other.user is not None


def test_a_consent_in_force_needs_the_means_until_it_ends(shop, user, kept):
    shop.make_renewal(shop.grant(user))
    forgetting.forget_unneeded(user)
    assert owner() == user
    [subscription] = user.oscar_subscriptions.all()
    subscription.auto_renewals.update(ended_at=timezone.now())
    forgetting.forget_unneeded(user)
    assert owner() is None


def test_the_consent_of_another_member_needs_no_means_of_this_one(shop, user, kept):
    shop.make_renewal(shop.grant(shop.make_user("other")))
    forgetting.forget_unneeded(user)
    assert owner() is None


@pytest.mark.parametrize(
    ("status", "is_needed"),
    [("open", True), ("paid", True), ("expired", False), ("cancelled", False)],
)
def test_a_consent_given_with_an_order_needs_the_means_until_that_comes_to_nothing(
    shop, user, kept, status, is_needed
):
    order = shop.place_order(user, is_renewed=True)
    order.subscription_attempts.update(status=status, keeps_payment_method=False)
    forgetting.forget_unneeded(user)
    assert (owner() == user) is is_needed


@pytest.mark.parametrize(
    ("fields", "is_needed"),
    [
        ({"kind": "off-session"}, True),
        ({"keeps_payment_method": True}, True),
        ({}, False),
        ({"kind": "off-session", "status": "expired"}, False),
    ],
)
def test_a_payment_under_way_needs_the_means_it_uses(shop, user, kept, fields, is_needed):
    hosted.begin(shop.make_order(user))
    Attempt.objects.update(**fields)
    forgetting.forget_unneeded(user)
    assert (owner() == user) is is_needed


def test_the_payment_of_another_member_needs_no_means_of_this_one(shop, user, kept):
    hosted.begin(shop.make_order(shop.make_user("other")), "off-session")
    forgetting.forget_unneeded(user)
    assert owner() is None


# The provider deletes them.


@pytest.mark.django_db(transaction=True)
def test_it_is_said_that_a_card_was_deleted_once_the_provider_has(user, at_the_provider):
    assert forgetting.forget_unneeded(user)
    assert is_deleted(at_the_provider) and not StoredPaymentMethod.objects.exists()
    assert not forgetting.forget_unneeded(user), "nothing was kept any more"


@pytest.mark.django_db(transaction=True)
def test_a_customer_without_a_card_is_deleted_and_nobody_is_told_of_a_card(user, at_the_provider):
    StoredPaymentMethod.objects.update(payment_method_id="")
    assert not forgetting.forget_unneeded(user)
    assert is_deleted(at_the_provider)


@pytest.mark.django_db(transaction=True)
def test_a_silent_provider_makes_nobody_say_that_the_card_is_deleted(
    user, at_the_provider, standin, monkeypatch
):
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    standin.fault(status=500, times=1)
    assert not forgetting.forget_unneeded(user)
    assert owner() is None and not is_deleted(at_the_provider)


@pytest.mark.parametrize("how", ["deleted", "nameless"])
def test_the_means_go_with_the_account_after_commit(user, at_the_provider, commit, how):
    with commit():
        if how == "deleted":
            user.delete()
        else:
            forgetting.forget_anonymised(Person(user, user.email))
        assert owner() is None and not is_deleted(at_the_provider)
    assert is_deleted(at_the_provider) and not StoredPaymentMethod.objects.exists()


def test_the_means_go_with_the_account_although_a_consent_still_needs_them(shop, user, kept):
    shop.make_renewal(shop.grant(user))
    forgetting.forget_anonymised(Person(user, user.email))
    assert owner() is None


def test_a_deleted_account_has_no_means_left_and_takes_nobody_elses(user, kept, commit):
    others = keep(None, "cus_2")
    with commit():
        forgetting.forget_anonymised(Person(None, user.email))
    assert set(StoredPaymentMethod.objects.values_list("pk", "user")) == {
        (kept.pk, user.pk),
        (others.pk, None),
    }
    assert not Alert.objects.exists(), "nobody has asked the provider, which would not answer"


# The daily run.


def run(dry_run=False):
    return [(one.message, one.failed) for one in forgetting.forget_payment_method(DAY, dry_run)]


def test_the_run_has_customers_deleted_that_were_left_or_that_nothing_needs(
    shop, user, at_the_provider
):
    for number, name in enumerate(("first", "second")):
        made = customers.create_customer({"email": f"{name}@example.com"}, name)
        keep(shop.make_user(name) if number else None, made["id"])
    needed = StoredPaymentMethod.objects.get(user__username="second")
    shop.make_renewal(shop.grant(needed.user))
    gone = StoredPaymentMethod.objects.exclude(pk=needed.pk).order_by("pk")
    expected = [(f"customer {row.customer_id} deleted at the provider", False) for row in gone]
    assert sorted(run(dry_run=True)) == sorted(expected)
    assert StoredPaymentMethod.objects.count() == 3
    assert sorted(run()) == sorted(expected)
    assert StoredPaymentMethod.objects.get() == needed and not is_deleted(needed)
    assert run() == []


def test_the_run_says_which_customer_the_provider_has_not_deleted(
    user, at_the_provider, standin, monkeypatch
):
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    standin.fault(status=500, times=1)
    [(message, failed)] = run()
    assert failed and at_the_provider.customer_id in message
    assert [failed for _message, failed in run()] == [False]


def test_the_account_that_is_deleted_without_a_signal_is_found_by_the_run(user, at_the_provider):
    signal = {"sender": type(user), "dispatch_uid": "oscar_subscriptions_payments.account_deleted"}
    assert pre_delete.disconnect(**signal)
    try:
        user.delete()
    finally:
        pre_delete.connect(forgetting.forget_deleted_account, **signal)
    assert len(run()) == 1 and is_deleted(at_the_provider)
