"""Every action has an address, a permission that exists, and a view that a shop can replace."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from oscar_subscriptions.dashboard import permissions
from oscar_subscriptions.dashboard.actions import registry, views


@pytest.mark.parametrize("action", registry.ACTIONS.values(), ids=lambda action: action.view)
def test_every_action_has_a_permission_and_says_what_it_does(db, action):
    assert Permission.objects.filter(
        content_type__app_label="oscar_subscriptions", codename=action.permission
    ).exists()
    view = action.view_class()
    assert issubclass(view, views.ActionView)
    assert view.title and view.about


def test_every_permission_of_an_action_is_in_a_group():
    held = {name for names in permissions.GROUPS.values() for name in names}
    assert {action.permission for action in registry.ACTIONS.values()} <= held


def test_only_what_may_be_done_is_offered(shop):
    term = shop.grant(shop.make_user("ada"))
    clerk, reader = shop.make_operator("clerk", "desk"), shop.make_operator("reader", "read")
    assert registry.offers_of_term(reader, term) == []
    assert [offer.url for offer in registry.offers_of_term(clerk, term)] == [
        reverse("subscriptions-dashboard:term-suspend", args=[term.pk])
    ]
    names = [offer.title for offer in registry.offers_of_subscription(clerk, term.subscription)]
    assert names == ["Give days", "Extend", "Export the member’s data"]
