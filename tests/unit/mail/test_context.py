"""What e-mails to members may speak of, read when they are written."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import sellers
from oscar_subscriptions.mail import context
from oscar_subscriptions.reminders import due

Order = get_model("order", "Order")


@pytest.fixture
def user(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.make_user(first_name="Ada")


@pytest.fixture
def term(shop, user):
    shop.plan.grace_days, shop.plan.listing_limit = 10, 5
    return shop.grant(user)


def test_every_e_mail_knows_the_member_and_the_shop(user):
    values = context.context(user, {})
    assert set(values) == {"user", "site", "base_url"}
    assert (values["user"], values["site"].name) == (user, "Intras Consultants")


def test_an_order_comes_with_its_lines_and_the_page_that_shows_it(shop, user):
    order = shop.make_order(user)
    values = context.context(user, {"order": order.pk})
    assert values["order"] == order
    assert [line.title for line in values["lines"]] == ["Silver"]
    assert values["status_url"] == f"https://shop.example{values['status_path']}"
    assert order.number in values["status_path"]


def test_a_term_comes_with_what_the_texts_ask_of_it_in_one_query(
    user, term, django_assert_num_queries
):
    context.context(user, {})  # the site is remembered from here on
    with django_assert_num_queries(1):
        found = context.context(user, {"term": term.pk})["term"]
        assert (found.subscription.plan.title, found.subscription.user) == ("Silver", user)


def test_what_is_gone_is_an_error_and_not_an_e_mail_without_it(user):
    with pytest.raises(Order.DoesNotExist):
        context.context(user, {"order": 0})


def test_a_renewal_that_waits_for_its_payment_says_where_it_is_paid(shop, user):
    order = shop.place_order(user)
    planned = shop.make_renewal(shop.grant(user), order=order)
    values = context.context(user, {"planned": planned.pk})
    assert (values["planned"], values["plan"]) == (planned, shop.plan)
    assert values["pay_url"].startswith("https://shop.example/")
    assert order.number in values["pay_url"]


def test_a_renewal_that_can_t_be_paid_by_hand_has_no_address(shop, term):
    planned = shop.make_renewal(term)
    assert context.context(term.subscription.user, {"planned": planned.pk})["pay_url"] == ""
    planned.order = shop.make_order(term.subscription.user)  # nobody has begun its payment
    planned.save()
    assert context.context(term.subscription.user, {"planned": planned.pk})["pay_url"] == ""


def test_standing_tells_the_last_day_of_grace_and_the_services(shop, user, term):
    facts = {"last_day": date(2018, 2, 13), "next_day": None, "has_services": False}
    assert context.about_standing(user) == facts
    shop.make_service(sellers.ensure_seller(user))
    assert context.about_standing(user) == facts | {"has_services": True}


def test_standing_tells_from_when_the_member_sells_again(shop, user):
    shop.grant(user, starts_on=date(2017, 3, 1))
    assert context.about_standing(user) == {
        "last_day": None,
        "next_day": date(2017, 3, 1),
        "has_services": False,
    }


def test_standing_promises_no_day_to_an_account_that_is_closed(shop, user, term):
    shop.make_service(sellers.ensure_seller(user))
    user.is_active = False
    user.save()
    facts = {"last_day": None, "next_day": None}
    assert context.about_standing(user) == facts | {"has_services": True}
    assert context.about_standing(None) == facts | {"has_services": False}


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (date(2018, 2, 2), (1, 11)),
        (date(2018, 2, 3), (0, 10)),
        (date(2018, 2, 13), (-10, 0)),
        (date(2018, 2, 14), (-11, -1)),
    ],
)
def test_days_are_counted_to_the_last_one_and_to_the_last_one_of_grace(term, day, left):
    counted = context.about_days(term, day)
    assert (counted["days_left"], counted["days_of_grace_left"]) == left


def test_a_reminder_has_its_links_and_what_the_renewal_costs(term):
    values = context.about_renewal(term)
    assert values["renewal"].price.incl_tax == 240
    assert values["renew_url"] == context.renew_url(term.subscription)
    assert values["unsubscribe_url"].startswith("https://shop.example/members/reminders/")
    signed = values["unsubscribe_url"].rstrip("/").rpartition("/")[2]
    assert due.subscription_of(signed) == term.subscription


def test_a_reminder_names_the_largest_of_the_plans_that_go_on(shop, user, term):
    assert context.about_renewal(term)["goes_on_by"] is None
    later = term.covered_until - timedelta(days=20)
    for title, limit in (("Bronze", 1), ("Gold", 3)):
        shop.grant(user, shop.make_plan(title, listing_limit=limit), starts_on=later)
    assert context.about_renewal(term)["goes_on_by"].plan_title == "Gold"


def test_a_plan_that_does_not_count_does_not_go_on(shop, user, term):
    other = shop.grant(user, shop.make_plan("Gold"), starts_on=term.ends_on)
    other.suspended_at = timezone.now()
    other.save(update_fields=["suspended_at"])
    assert context.about_renewal(term)["goes_on_by"] is None


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        (None, "https://shop.example"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("https://shop.example/", "https://shop.example"),
    ],
)
def test_the_address_of_the_shop_ends_without_a_slash(shop, settings, setting, url):
    settings.OSCAR_SUBSCRIPTIONS_BASE_URL = setting
    assert context.shop_url() == url
