"""The provider keeps payment method for members who want it, and they alone are charged."""

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.payment_methods import stored
from oscar_subscriptions.payments.provider import client, customers

AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")


@pytest.fixture
def user(shop):
    return shop.make_user()


@pytest.fixture
def attempt(shop, user):
    return hosted.begin(shop.make_order(user))


@pytest.fixture
def offered(settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True


# Wanted or not.


def test_the_means_are_wanted_once_renewal_is_chosen_with_the_order(shop, user, offered):
    order = shop.place_order(user, is_renewed=True)
    assert stored.are_wanted(order)
    AutoRenewal.objects.update(ended_at=timezone.now())
    assert not stored.are_wanted(order)


def test_the_means_are_wanted_by_the_next_order_of_a_plan_that_is_renewed(shop, user, offered):
    term = shop.grant(user)
    order, other = shop.make_order(user), shop.make_order(user, shop.make_plan("Gold"))
    assert not stored.are_wanted(order)
    shop.make_renewal(term)
    assert stored.are_wanted(order) and not stored.are_wanted(other)
    assert not stored.are_wanted(shop.make_order(shop.make_user("other")))


def test_no_means_are_wanted_of_a_guest_or_where_renewal_is_not_offered(
    shop, user, offered, settings
):
    order = shop.place_order(user, is_renewed=True)
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
    assert not stored.are_wanted(order)
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    order.user = None
    assert not stored.are_wanted(order)


# The customer.


def test_a_member_is_one_customer_of_the_provider(shop, attempt, standin):
    made = stored.customer_of(attempt)
    customer = client.connect().v1.customers.retrieve(made)
    assert customer["metadata"].to_dict() == {
        "shop": "shop.example",
        "member": str(attempt.order.user_id),
    }
    assert customer["email"] == attempt.order.email
    later = hosted.begin(shop.make_order(attempt.order.user))
    assert stored.customer_of(later) == made
    assert StoredPaymentMethod.objects.get().payment_method_id == ""


def test_of_two_requests_at_once_the_customer_that_is_written_first_counts(
    attempt, standin, monkeypatch
):
    create, user = customers.create_customer, attempt.order.user
    first = create({}, "first").id

    def late(params, key):
        StoredPaymentMethod.objects.create(user=user, livemode=False, customer_id=first)
        return create(params, key)

    monkeypatch.setattr(customers, "create_customer", late)
    assert stored.customer_of(attempt) == first
    assert StoredPaymentMethod.objects.get(user=user).customer_id == first
    # The run has the provider delete the other one.
    assert StoredPaymentMethod.objects.get(user=None).customer_id != first


def test_a_customer_that_is_gone_is_forgotten_in_its_own_mode_only(user):
    for livemode in (False, True):
        StoredPaymentMethod.objects.create(user=user, livemode=livemode, customer_id="cus_1")
    stored.forget_customer("cus_other", False)
    assert StoredPaymentMethod.objects.count() == 2
    stored.forget_customer("cus_1", False)
    assert StoredPaymentMethod.objects.get().livemode


def test_a_customer_that_is_gone_when_the_address_is_told_is_forgotten(attempt, standin):
    made = stored.customer_of(attempt)
    customers.delete_customer(made)
    with pytest.raises(client.CustomerUnknownError):
        stored.customer_of(attempt)
    assert not StoredPaymentMethod.objects.exists()


# The means.


@pytest.mark.parametrize(
    "intent",
    [
        {"customer": "cus_1", "payment_method": "pm_1"},
        {"customer": {"id": "cus_1"}, "payment_method": {"id": "pm_1"}},
    ],
)
def test_the_means_of_a_payment_are_kept_and_replace_those_before(attempt, intent):
    StoredPaymentMethod.objects.create(
        user=attempt.order.user, livemode=False, customer_id="cus_0", payment_method_id="pm_0"
    )
    stored.keep_payment_method(attempt, intent)
    kept = stored.chargeable(attempt.order.user)
    assert (kept.customer_id, kept.payment_method_id) == ("cus_1", "pm_1")
    assert StoredPaymentMethod.objects.count() == 2
    # The run has the provider delete the customer that nothing needs any more.
    assert StoredPaymentMethod.objects.get(user=None).customer_id == "cus_0"
    stored.keep_payment_method(attempt, intent)
    assert StoredPaymentMethod.objects.count() == 2


@pytest.mark.parametrize(
    "change", [{"customer": None}, {"payment_method": None}, {"customer": ""}, "guest"]
)
def test_a_payment_that_names_no_means_or_no_member_keeps_nothing(attempt, change):
    intent = {"customer": "cus_1", "payment_method": "pm_1"}
    if change == "guest":
        attempt.order.user = None
    else:
        intent |= change
    stored.keep_payment_method(attempt, intent)
    assert not StoredPaymentMethod.objects.exists()


@pytest.mark.parametrize(
    ("fields", "is_chargeable"),
    [
        ({}, True),
        ({"payment_method_id": ""}, False),
        ({"livemode": True}, False),
        ({"user": None}, False),
    ],
)
def test_a_member_is_charged_by_means_of_the_same_mode_alone(user, fields, is_chargeable):
    values = {"user": user, "livemode": False, "customer_id": "cus_1", "payment_method_id": "pm_1"}
    StoredPaymentMethod.objects.create(**values | fields)
    assert (stored.chargeable(user) is not None) is is_chargeable
    assert stored.chargeable(None) is None, "means that a deleted account left belong to nobody"
