"""To look and to change are two permissions; groups of staff have what their work needs."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied

from oscar_subscriptions.dashboard import permissions

CONFIG = apps.get_app_config("oscar_subscriptions")


def codenames(group):
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


def test_each_group_may_do_all_that_the_one_before_it_may(shop):
    read, desk, manager = map(codenames, permissions.GROUPS)
    assert read < desk < manager
    assert {name.partition("_")[0] for name in read} == {"view"}
    assert "view_order" in read


def test_the_groups_together_open_every_page_and_allow_every_change(shop):
    manager = codenames("Memberships: manager")
    for page in permissions.PAGES.values():
        assert {*page.look, page.change} - {""} <= manager


def test_every_permission_that_is_asked_for_exists(shop):
    known = Permission.objects.filter(content_type__app_label="oscar_subscriptions")
    asked = {name for page in permissions.PAGES.values() for name in (*page.look, page.change)}
    assert asked - {""} <= set(known.values_list("codename", flat=True))


def test_a_group_that_the_shop_has_changed_stays_so_and_a_missing_one_is_made(shop):
    group = Group.objects.get(name="Memberships: desk")
    group.permissions.remove(Permission.objects.get(codename="resolve_alert"))
    Group.objects.filter(name="Memberships: read").delete()
    before = set(Group.objects.exclude(name="Memberships: read"))
    permissions.make_groups(CONFIG, using="default")
    assert "resolve_alert" not in codenames("Memberships: desk")
    assert len(codenames("Memberships: read")) == 5
    assert set(Group.objects.exclude(name="Memberships: read")) == before


def test_the_migrations_of_another_app_make_no_group(shop):
    Group.objects.all().delete()
    permissions.make_groups(apps.get_app_config("order"), using="default")
    assert not Group.objects.exists()


@pytest.mark.parametrize("method", ["get", "head", "options", "post", "put", "delete"])
def test_who_may_only_look_can_send_nothing(shop, rf, method):
    view = permissions.needed_to_change(["oscar_subscriptions.change_plan"])(lambda request: "seen")
    request = getattr(rf, method)("/")
    request.user = shop.make_operator(group="read")
    if method in ("get", "head", "options"):
        assert view(request) == "seen"
    else:
        with pytest.raises(PermissionDenied):
            view(request)
    request.user = shop.make_operator("manager")
    assert view(request) == "seen"
