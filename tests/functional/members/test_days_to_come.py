"""A member who is not a seller today and has days to come: another year begins behind them."""

from datetime import date

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, sellers
from tests.functional import pages

Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

NOTICE = (
    "You already have days from Feb. 4, 2018. This year begins on Feb. 4, 2019; "
    "until Feb. 4, 2018 you are not a seller."
)
HEARS = "You already have days"


@pytest.fixture
def first(shop, member, time_machine):
    """The running one of two consecutive years; the second is 2018-02-04 to 2019-02-03."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    terms = [fulfilment.order_paid(shop.make_order(member)).term for _ in range(2)]
    return terms[0]


@pytest.fixture
def gap(first):
    """The first of them is taken back."""
    fulfilment.revoke(first, reason="refunded")


def seen(client, shop):
    """What the plan list, the plan's page, the basket and the order page say, in this order."""
    yield pages.text(client.get(reverse("subscriptions:plan-list")))
    yield pages.text(client.get(shop.plan.product.get_absolute_url()))
    yield pages.text(pages.add_to_basket(client, shop.plan.product))
    yield pages.text(pages.order_page(client))


def test_every_page_of_a_purchase_says_that_the_year_does_not_begin_today(
    client, shop, gap, standin
):
    for page in seen(client, shop):
        assert NOTICE in page
        assert "no day is lost" not in page


def test_it_may_be_bought_all_the_same(client, member, shop, gap, standin):
    pages.add_to_basket(client, shop.plan.product)
    assert pages.place_order(client).status_code == 302


def test_member_whose_first_year_runs_hears_nothing_of_it(client, shop, first, standin):
    for page in seen(client, shop):
        assert HEARS not in page
        assert "no day is lost" in page


def test_seller_by_another_plan_is_not_called_none(client, shop, member, gap, standin):
    shop.grant(member, shop.make_plan("Gold"))
    assert HEARS not in pages.text(client.get(shop.plan.product.get_absolute_url()))


def test_year_of_another_plan_begins_today_and_says_nothing_of_a_gap(client, shop, gap, standin):
    gold = shop.make_plan("Gold")
    page = pages.text(client.get(gold.product.get_absolute_url()))
    assert "From Feb. 3, 2017 to Feb. 3, 2018 inclusive" in page
    assert HEARS not in page


def test_member_whose_running_year_is_disputed_is_told_of_the_dispute_alone(
    client, shop, first, standin
):
    fulfilment.suspend(first, reason="disputed")
    page = pages.text(client.get(shop.plan.product.get_absolute_url()))
    assert "is suspended" in page
    assert HEARS not in page


def test_mail_about_the_refund_names_the_days_to_come_and_invites_to_no_purchase(
    shop, member, first, mailoutbox
):
    shop.make_service(sellers.ensure_seller(member))
    fulfilment.revoke(first, reason="refunded")
    message = mailoutbox[-1]
    for text in (message.body, message.alternatives[0][0]):
        assert "From Feb. 4, 2018 on, the days that you already have count." in text
        assert "those that were in the shop come back then" in text
        assert "if you subscribe again" not in text


def test_mail_about_the_refund_of_the_last_year_invites_as_before(shop, member, mailoutbox):
    term = fulfilment.order_paid(shop.make_order(member)).term
    shop.make_service(sellers.ensure_seller(member))
    fulfilment.revoke(term, reason="refunded")
    assert "if you subscribe again" in mailoutbox[-1].body


def test_mail_about_a_year_bought_behind_a_gap_does_not_say_that_it_goes_on_without_one(
    shop, member, gap, mailoutbox
):
    term = fulfilment.order_paid(shop.make_order(member)).term
    assert (term.starts_on, sellers.is_seller(member)) == (date(2019, 2, 4), False)
    message = mailoutbox[-1]
    for text in (message.body, message.alternatives[0][0]):
        assert "the new term runs from Feb. 4, 2019 to Feb. 3, 2020 inclusive" in text
        assert "From Feb. 4, 2018 on, the days that you already have count." in text
        assert "without a gap" not in text
