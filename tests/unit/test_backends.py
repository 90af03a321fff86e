"""Permissions follow from the terms; nothing is written and nothing of others is touched."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from oscar.core.loading import get_model

from oscar_subscriptions.backends import SELL, SellerBackend

User = get_model("auth", "User")

DASHBOARD_ACCESS = "partner.dashboard_access"


@pytest.fixture
def member(shop):
    return shop.make_user()


@pytest.fixture
def seller(shop):
    return shop.make_seller().user


def again(user):
    """The user of another request; Django remembers permissions on the object."""
    return User.objects.get(pk=user.pk)


def test_a_seller_may_sell_and_a_member_may_not(member, seller):
    assert seller.has_perm(SELL)
    assert seller.has_module_perms("oscar_subscriptions")
    assert SELL in seller.get_all_permissions()
    assert not member.has_perm(SELL)
    assert not member.has_module_perms("oscar_subscriptions")
    assert not AnonymousUser().has_perm(SELL)


def test_fault_45_the_permission_ends_with_the_term_although_nothing_has_run(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    seller = shop.make_seller().user
    time_machine.move_to("2018-02-03 23:59+01:00")
    assert again(seller).has_perm(SELL)
    time_machine.move_to("2018-02-04 00:00+01:00")
    assert not again(seller).has_perm(SELL)


def test_a_seller_has_no_permission_for_oscars_dashboard(seller):
    assert not seller.has_perm(DASHBOARD_ACCESS)
    assert not seller.has_module_perms("partner")
    assert seller.get_all_permissions() == {SELL}


def test_an_inactive_seller_may_nothing(seller):
    seller.is_active = False
    assert not seller.has_perm(SELL)


def test_no_permission_on_single_objects(seller):
    assert not seller.has_perm(SELL, obj=seller)
    assert seller.get_all_permissions(obj=seller) == set()


def test_fault_63_permissions_given_by_hand_are_kept(member):
    permission = Permission.objects.get(codename="dashboard_access")
    member.user_permissions.add(permission)
    assert again(member).has_perm(DASHBOARD_ACCESS)
    assert not again(member).has_perm(SELL)


def test_other_permissions_cost_no_query(seller, django_assert_num_queries):
    fresh = again(seller)
    with django_assert_num_queries(0):
        assert not SellerBackend().has_perm(fresh, "catalogue.add_product")


def test_a_seller_is_known_by_one_query_and_asked_again_by_none(seller, django_assert_num_queries):
    fresh = again(seller)
    with django_assert_num_queries(1):
        assert fresh.has_perm(SELL)
    with django_assert_num_queries(0):
        assert fresh.has_perm(SELL)
        assert not AnonymousUser().has_perm(SELL)


def test_whoever_was_signed_in_by_the_first_backend_stays_so(seller, client, settings):
    assert settings.AUTHENTICATION_BACKENDS[0] == f"{SellerBackend.__module__}.SellerBackend"
    client.force_login(seller, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert client.get("/").context["user"] == seller
    User.objects.update(is_active=False)
    assert not client.get("/").context["user"].is_authenticated


def test_nobody_signs_in_through_this_backend(seller, rf):
    from django.contrib.auth import authenticate

    assert authenticate(rf.post("/"), username=seller.email, password="wrong") is None
