"""Who is a seller: a question asked of the terms, in the shop's own timezone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import sellers
from oscar_subscriptions.querysets import SellerQuerySet

Partner = get_model("partner", "Partner")
Seller = get_model("oscar_subscriptions", "Seller")
Term = get_model("oscar_subscriptions", "Term")
User = get_model("auth", "User")

PARIS = ZoneInfo("Europe/Paris")


def is_seller(user):
    """The answer of a request of its own."""
    return sellers.is_seller(User.objects.get(pk=user.pk))


@pytest.fixture
def member(shop):
    return shop.make_user(first_name="Ada", last_name="Martin")


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2017-02-02", False),
        ("2017-02-03", True),
        ("2017-08-01", True),
        ("2018-02-03", True),
        ("2018-02-04", False),
    ],
)
def test_a_seller_from_the_first_day_to_the_last_and_not_the_day_after(
    shop, member, time_machine, day, answer
):
    shop.grant(member, starts_on=date(2017, 2, 3))
    time_machine.move_to(f"{day} 12:00+01:00")
    assert is_seller(member) is answer


@pytest.mark.parametrize(
    ("starts_on", "last"),
    [
        (date(2017, 2, 3), date(2018, 2, 3)),
        (date(2016, 3, 26), date(2017, 3, 26)),  # 23 hours long
        (date(2016, 10, 29), date(2017, 10, 29)),  # 25 hours long
    ],
    ids=["ordinary day", "clocks go forward", "clocks go back"],
)
def test_fault_42_43_the_last_minute_is_in_and_the_first_minute_after_is_out(
    shop, member, time_machine, starts_on, last
):
    shop.grant(member, starts_on=starts_on)
    time_machine.move_to(datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=PARIS))
    assert is_seller(member)
    after = date.fromordinal(last.toordinal() + 1)
    time_machine.move_to(datetime(after.year, after.month, after.day, 0, 0, 0, tzinfo=PARIS))
    assert not is_seller(member)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue", "UTC"])
def test_the_timezone_that_a_request_activated_has_no_say(shop, member, time_machine, zone):
    shop.grant(member, starts_on=date(2017, 2, 3))
    with timezone.override(ZoneInfo(zone)):
        time_machine.move_to(datetime(2018, 2, 3, 23, 30, tzinfo=PARIS))
        assert is_seller(member)
        time_machine.move_to(datetime(2018, 2, 4, 0, 30, tzinfo=PARIS))
        assert not is_seller(member)


def test_fault_43_the_shops_timezone_decides(shop, member, time_machine, settings):
    shop.grant(member, starts_on=date(2017, 2, 3))
    time_machine.move_to(datetime(2018, 2, 3, 18, 0, tzinfo=PARIS))
    assert is_seller(member)
    settings.TIME_ZONE = "Asia/Tokyo"
    assert not is_seller(member)


def test_within_grace_the_member_is_a_seller(shop, member, time_machine):
    plan = shop.make_plan("Gold", grace_days=10)
    shop.grant(member, plan, starts_on=date(2017, 2, 3))
    time_machine.move_to("2018-02-13 12:00+01:00")
    assert is_seller(member)
    time_machine.move_to("2018-02-14 12:00+01:00")
    assert not is_seller(member)


@pytest.mark.parametrize("field", ["revoked_at", "suspended_at"])
def test_a_revoked_or_suspended_term_makes_no_seller(shop, member, field):
    term = shop.grant(member)
    setattr(term, field, timezone.now())
    term.save(update_fields=[field])
    assert not is_seller(member)
    assert sellers.seller_until(member) is None
    assert sellers.listing_limit(member) == 0


def test_anonymous_and_inactive_visitors_cost_no_query(shop, member, django_assert_num_queries):
    shop.grant(member)
    member.is_active = False
    with django_assert_num_queries(0):
        assert not sellers.is_seller(AnonymousUser())
        assert not sellers.is_seller(None)
        assert not sellers.is_seller(member)


def test_one_query_for_each_request(shop, member, django_assert_num_queries):
    shop.grant(member)
    with django_assert_num_queries(1):
        assert all(sellers.is_seller(member) for _ in range(5))
    with django_assert_num_queries(1):
        assert is_seller_of_new_request(member)


def is_seller_of_new_request(member):
    return sellers.is_seller(User(pk=member.pk))


def test_fault_66_an_answer_does_not_outlive_its_day(shop, member, time_machine):
    shop.grant(member, starts_on=date(2017, 2, 3))
    time_machine.move_to(datetime(2018, 2, 3, 23, 59, tzinfo=PARIS))
    assert sellers.is_seller(member)
    time_machine.move_to(datetime(2018, 2, 4, 0, 1, tzinfo=PARIS))
    assert not sellers.is_seller(member)


def test_any_of_two_plans_makes_a_seller(shop, member, time_machine):
    shop.grant(member, starts_on=date(2017, 2, 3))
    shop.grant(member, shop.make_plan("Gold"), starts_on=date(2017, 8, 3))
    time_machine.move_to("2018-06-01 12:00+02:00")
    assert is_seller(member)


def test_the_listing_limit_is_the_largest_of_the_terms_of_today(shop, member):
    shop.grant(member, shop.make_plan("Bronze", listing_limit=3))
    shop.grant(member, shop.make_plan("Gold", listing_limit=20))
    lapsed = shop.make_plan("Old", listing_limit=99)
    shop.grant(member, lapsed, starts_on=date(2017, 2, 3))
    assert sellers.listing_limit(member) == 20
    shop.grant(member, shop.make_plan("Free", listing_limit=None))
    assert sellers.listing_limit(member) is None


def test_the_last_day_follows_consecutive_terms_and_stops_at_a_gap(shop, member, time_machine):
    time_machine.move_to("2017-06-01 12:00+02:00")
    assert sellers.seller_until(member) is None
    shop.grant(member, starts_on=date(2017, 2, 3))
    assert sellers.seller_until(member) == date(2018, 2, 3)
    shop.grant(member, shop.make_plan("Half", months=6), starts_on=date(2018, 2, 4))
    assert sellers.seller_until(member) == date(2018, 8, 4)
    shop.grant(member, starts_on=date(2018, 8, 6))
    assert sellers.seller_until(member) == date(2018, 8, 4)


def test_the_last_day_is_the_latest_of_overlapping_terms(shop, member, time_machine):
    time_machine.move_to("2017-06-01 12:00+02:00")
    shop.grant(member, starts_on=date(2017, 2, 3))
    shop.grant(member, shop.make_plan("Short", months=1), starts_on=date(2017, 5, 15))
    assert sellers.seller_until(member) == date(2018, 2, 3)


def test_somebody_who_starts_tomorrow_has_no_last_day_today(shop, member, time_machine):
    time_machine.move_to("2017-02-02 12:00+01:00")
    shop.grant(member, starts_on=date(2017, 2, 3))
    assert sellers.seller_until(member) is None


def test_member_and_partner_are_paired_once(shop, member):
    first, second = sellers.ensure_seller(member), sellers.ensure_seller(member)
    assert first == second == sellers.get_seller(member)
    assert list(first.partner.users.all()) == [member]
    assert Partner.objects.count() == 2  # the shop's vendor and this one


def test_fault_67_two_plans_paid_at_the_same_moment_make_one_partner(shop, member, monkeypatch):
    paired = sellers.ensure_seller(member)
    # This one looked before the other one had written.
    monkeypatch.setattr(SellerQuerySet, "first", lambda queryset: None)
    assert sellers.ensure_seller(member) == paired
    assert Partner.objects.count() == 2


def test_shoppers_see_a_name_and_never_the_email_address(shop, member):
    nameless = shop.make_user("grace")
    assert sellers.ensure_seller(member).partner.name == "Ada Martin"
    name = sellers.ensure_seller(nameless).partner.name
    assert name == f"Consultant {nameless.pk}"
    assert "@" not in name


def test_a_name_that_is_too_long_for_a_partner_is_cut(shop):
    user = shop.make_user(first_name="A" * 100, last_name="B" * 100)
    assert len(sellers.ensure_seller(user).partner.name) == 128


def test_nobody_has_no_seller():
    assert sellers.get_seller(AnonymousUser()) is None
