"""Django's admin shows support what there is; what is evidence stays as it is."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import lookup_field
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment, receipts, sellers

Plan = get_model("oscar_subscriptions", "Plan")
Receipt = get_model("oscar_subscriptions", "Receipt")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")
TermsOfSale = get_model("oscar_subscriptions", "TermsOfSale")

SHOWN = [model for model in admin.site._registry if model._meta.app_label == "oscar_subscriptions"]
EVIDENCE = [model for model in SHOWN if model not in (Plan, TermsOfSale)]


@pytest.fixture
def request_of(rf):
    """``request_of(user, **query)`` – what the admin is asked by that user."""

    def make(user, **query):
        request = rf.get("/", query)
        request.user = user
        return request

    return make


@pytest.fixture
def root(shop):
    return shop.make_user("root", is_staff=True, is_superuser=True)


@pytest.fixture
def listed(request_of, root):
    """``listed(model)`` – the rows of the admin's list, each with the texts of its columns."""

    def rows(model, **query):
        shown = admin.site._registry[model]
        page = shown.get_changelist_instance(request_of(root, **query))
        return {
            row: [str(lookup_field(column, row, shown)[2]) for column in shown.list_display]
            for row in page.result_list
        }

    return rows


def live(shop, name):
    """Return the order of a new member who leaves a row in every list."""
    user = shop.make_user(name, first_name="Ada", last_name=name.title())
    order = shop.make_order(user)
    shop.keep_consent(order)
    fulfilment.order_paid(order)
    receipts.issue(order)
    shop.make_renewal(order.lines.get().subscription_term)
    alerts.raise_alert(alerts.REVERSAL, f"key-{name}", order=order)
    sellers.get_seller(user).take_downs.create(reason="The name.")
    return order


def test_every_list_shows_all_that_there_is(shop, listed):
    live(shop, "martin")
    assert len(SHOWN) == 13
    for model in SHOWN:
        assert set(listed(model)) == set(model.objects.all()) != set(), model


def test_a_list_costs_the_same_for_one_member_and_for_three(shop, listed):
    def costs():
        counts = {}
        for model in SHOWN:
            with CaptureQueriesContext(connection) as queries:
                listed(model)
            counts[model] = len(queries)
        return counts

    live(shop, "martin")
    before = costs()
    live(shop, "roy")
    live(shop, "roux")
    assert costs() == before


def test_evidence_is_looked_at_and_neither_added_nor_changed_nor_deleted(request_of, root):
    for model in EVIDENCE:
        shown, request = admin.site._registry[model], request_of(root)
        assert shown.has_view_permission(request), model
        assert not shown.has_add_permission(request), model
        assert not shown.has_change_permission(request), model
        assert not shown.has_delete_permission(request), model
        assert shown.get_actions(request) == {}, model


def test_a_change_of_evidence_that_is_posted_all_the_same_is_refused(shop, root, client):
    term = shop.grant(shop.make_user())
    client.force_login(root)
    for name in ("change", "delete"):
        url = reverse(f"admin:oscar_subscriptions_term_{name}", args=[term.pk])
        assert client.post(url, {"post": "yes", "ends_on": "2099-12-31"}).status_code == 403
    assert Term.objects.get().ends_on == term.ends_on


def test_a_plan_is_edited_and_never_deleted(request_of, root):
    shown, request = admin.site._registry[Plan], request_of(root)
    assert shown.has_add_permission(request)
    assert shown.has_change_permission(request)
    assert not shown.has_delete_permission(request)


def test_terms_of_sale_are_added_by_whoever_may_and_then_stay_as_they_are(shop, request_of, root):
    shown, staff = admin.site._registry[TermsOfSale], shop.make_user("boss", is_staff=True)
    assert not shown.has_add_permission(request_of(staff))
    staff.user_permissions.add(Permission.objects.get(codename="add_termsofsale"))
    staff = type(staff).objects.get(pk=staff.pk)
    for user in (staff, root):
        assert shown.has_add_permission(request_of(user))
        assert not shown.has_change_permission(request_of(user))
        assert not shown.has_delete_permission(request_of(user))


def test_a_subscription_is_found_by_name_and_by_e_mail_address(shop, listed):
    members = [shop.make_user(name, first_name="Ada", last_name=name) for name in ("roy", "roux")]
    for member in members:
        fulfilment.order_paid(shop.make_order(member))
    for words in ("Ada ROY", "roy@example"):
        [found] = listed(Subscription, q=words)
        assert found.user == members[0]


def test_a_receipt_is_found_by_its_number_and_by_that_of_its_order(shop, listed):
    _, order = live(shop, "martin"), live(shop, "roy")
    receipt = Receipt.objects.get(order=order)
    for words in (receipt.number, order.number):
        assert list(listed(Receipt, q=words)) == [receipt]
