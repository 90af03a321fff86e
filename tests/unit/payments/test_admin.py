"""Support finds a payment by what people have in hand, and changes nothing."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")


@pytest.fixture
def support(client, shop):
    client.force_login(shop.make_user("root", is_staff=True, is_superuser=True))
    return client


def make(shop, name):
    """A paid and refunded order of a member with a stored payment method."""
    user = shop.make_user(name)
    attempt = Attempt.objects.create(
        order=shop.make_order(user), amount=24000, received=24000, currency="EUR", status="paid",
        session_id=f"cs_{name}", payment_intent_id=f"pi_{name}", charge_id=f"ch_{name}",
    )  # fmt: skip
    attempt.reversals.create(
        provider_id=f"re_{name}", kind="refund", status="succeeded", amount=1, currency="EUR"
    )
    StoredPaymentMethod.objects.create(user=user, livemode=False, customer_id=f"cus_{name}")
    return attempt


def listed(support, model, **query):
    url = reverse(f"admin:oscar_subscriptions_payments_{model._meta.model_name}_changelist")
    return list(support.get(url, query).context["cl"].result_list)


@pytest.mark.parametrize("word", ["cs_ada", "pi_ada", "ch_ada", "re_ada", "number", "#number"])
def test_a_payment_is_found_by_any_of_its_numbers(support, shop, word):
    attempt = make(shop, "ada")
    make(shop, "bea")
    word = word.replace("number", attempt.order.number)
    assert listed(support, Attempt, q=word) == [attempt]
    assert listed(support, Reversal, q=word) == [attempt.reversals.get()]
    assert listed(support, Attempt, q="pi_nobody") == []


@pytest.mark.parametrize("model", [Attempt, Reversal, StoredPaymentMethod])
def test_a_list_costs_the_same_for_one_and_for_three(support, shop, model):
    def statements():
        with CaptureQueriesContext(connection) as queries:
            rows = listed(support, model)
        return len(rows), len(queries)

    make(shop, "ada")
    one, first = statements()
    make(shop, "bea")
    make(shop, "cid")
    three, last = statements()
    assert (one, three) == (1, 3) and last == first


@pytest.mark.parametrize("model", [Attempt, Reversal, StoredPaymentMethod])
def test_nothing_is_added_changed_or_deleted(rf, shop, model):
    request = rf.get("/")
    request.user = shop.make_user("root", is_staff=True, is_superuser=True)
    shown = admin.site._registry[model]
    assert not shown.has_add_permission(request)
    assert not shown.has_change_permission(request)
    assert not shown.has_delete_permission(request)
