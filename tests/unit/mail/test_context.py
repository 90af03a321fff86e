"""What e-mails to members may speak of, read when they are written."""

from datetime import date

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.mail import context

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
    counted = context.days_left({"term": term}, day)
    assert (counted["days_left"], counted["days_of_grace_left"]) == left


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
