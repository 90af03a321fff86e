"""A paid order gives its member exactly the term that was bought, once."""

from datetime import date
from decimal import Decimal as D

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal, sellers
from oscar_subscriptions.fulfilment import paid_order

Alert = get_model("oscar_subscriptions", "Alert")
JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
Plan = get_model("oscar_subscriptions", "Plan")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")


@pytest.fixture
def member(shop):
    return shop.make_user(first_name="Ada", last_name="Martin")


def days(term):
    return term.starts_on, term.ends_on


def test_a_paid_order_makes_a_seller_from_date_to_date(shop, today, member):
    result = fulfilment.order_paid(shop.make_order(member))
    assert result.created
    assert result.refused == ""
    assert days(result.term) == (date(2017, 2, 3), date(2018, 2, 3))
    assert sellers.is_seller(member)
    assert sellers.get_seller(member).partner.name == "Ada Martin"


def test_fault_01_an_order_paid_twice_gives_one_term(shop, today, member):
    order = shop.make_order(member)
    first = fulfilment.order_paid(order)
    again = fulfilment.order_paid(order)
    assert (again.term, again.created, again.refused) == (first.term, False, "")
    assert Term.objects.count() == 1
    assert JournalEntry.objects.filter(kind=journal.TERM_STARTED).count() == 1


def test_an_order_without_a_plan_is_left_alone(shop, member):
    order = shop.make_order(member)
    Plan.objects.all().delete()
    assert fulfilment.order_paid(order) == fulfilment.Fulfilment()
    assert not Subscription.objects.exists()
    assert not get_model("oscar_subscriptions", "OutboxMail").objects.exists()


def test_the_term_keeps_what_was_paid(shop, today, member):
    order = shop.make_order(member)
    shop.plan.product.stockrecords.update(price=D("999.00"))
    shop.plan.product.title = "Renamed"
    shop.plan.product.save()
    term = fulfilment.order_paid(order).term
    assert (term.price, term.currency, term.plan_title) == (D("240.00"), "EUR", "Silver")
    assert term.order_line == order.lines.get()


def test_fault_19_a_plan_edited_after_the_order_changes_nothing_for_this_member(shop, member):
    plan = shop.make_plan("Gold", months=12, listing_limit=5, grace_days=7)
    order = shop.make_order(member, plan)
    shop.keep_consent(order, plan)
    Plan.objects.filter(pk=plan.pk).update(
        months=1, listing_limit=1, grace_days=0, is_on_sale=False
    )
    term = fulfilment.order_paid(order).term
    assert (term.months, term.listing_limit, term.grace_days) == (12, 5, 7)
    assert (term.covered_until - term.ends_on).days == 7
    assert (term.ends_on.year, term.ends_on.month) == (
        term.starts_on.year + 1,
        term.starts_on.month,
    )


def test_without_a_kept_consent_the_plan_of_today_counts(shop, today, member):
    plan = shop.make_plan("Month", months=1, listing_limit=2)
    term = fulfilment.order_paid(shop.make_order(member, plan)).term
    assert days(term) == (date(2017, 2, 3), date(2017, 3, 3))
    assert term.listing_limit == 2


def test_the_term_starts_when_the_money_is_confirmed_not_when_it_was_ordered(
    shop, today, member, time_machine
):
    order = shop.make_order(member)
    consent = shop.keep_consent(order)
    assert consent.starts_on == date(2017, 2, 3)
    time_machine.move_to("2017-02-10 12:00+01:00")
    assert days(fulfilment.order_paid(order).term) == (date(2017, 2, 10), date(2018, 2, 10))


def test_renewing_early_loses_no_days(shop, today, member, time_machine):
    fulfilment.order_paid(shop.make_order(member))
    time_machine.move_to("2017-06-01 12:00+02:00")
    term = fulfilment.order_paid(shop.make_order(member)).term
    assert days(term) == (date(2018, 2, 4), date(2019, 2, 3))
    assert Subscription.objects.count() == 1


def test_after_a_lapse_the_term_starts_today(shop, today, member, time_machine):
    fulfilment.order_paid(shop.make_order(member))
    time_machine.move_to("2018-05-01 12:00+02:00")
    term = fulfilment.order_paid(shop.make_order(member)).term
    assert days(term) == (date(2018, 5, 1), date(2019, 5, 1))


def test_a_revoked_term_frees_its_dates(shop, today, member):
    first = fulfilment.order_paid(shop.make_order(member)).term
    fulfilment.revoke(first, reason="refunded")
    second = fulfilment.order_paid(shop.make_order(member)).term
    assert days(second) == days(first)


def test_a_suspended_term_keeps_its_dates(shop, today, member):
    first = fulfilment.order_paid(shop.make_order(member)).term
    fulfilment.suspend(first, reason="disputed")
    second = fulfilment.order_paid(shop.make_order(member)).term
    assert days(second) == (date(2018, 2, 4), date(2019, 2, 3))


def test_another_plan_has_its_own_dates(shop, today, member):
    gold = shop.make_plan("Gold")
    fulfilment.order_paid(shop.make_order(member))
    term = fulfilment.order_paid(shop.make_order(member, gold)).term
    assert days(term) == (date(2017, 2, 3), date(2018, 2, 3))
    assert Subscription.objects.count() == 2


def test_the_journal_says_what_started_and_by_which_order(shop, today, member):
    order = shop.make_order(member)
    term = fulfilment.order_paid(order).term
    entry = term.subscription.journal.get()
    assert (entry.kind, entry.term, entry.actor) == (journal.TERM_STARTED, term, None)
    assert entry.detail == {"order": order.number, "from": "2017-02-03", "to": "2018-02-03"}


def test_fault_56_an_order_fulfilled_before_its_member_left_is_still_fulfilled(
    shop, member, mailoutbox
):
    order = shop.make_order(member)
    term = fulfilment.order_paid(order).term
    member.delete()
    order.refresh_from_db()
    again = fulfilment.order_paid(order)
    assert (again.term, again.refused) == (term, "")


def test_the_subscription_remembers_the_member_by_name(shop, member):
    subscription = fulfilment.order_paid(shop.make_order(member)).term.subscription
    assert subscription.member_name == "Ada Martin"
    assert subscription.member_email == "member@example.com"


def test_fault_74_order_that_failed_here_and_was_fulfilled_elsewhere_is_not_refused(
    shop, member, monkeypatch
):
    """The shop's own code raised in this process; another one has given the term before operators
    could be told."""
    give = paid_order._give

    def fail(order):
        give(order)
        raise KeyError("a policy of the shop")

    monkeypatch.setattr(paid_order, "_give", fail)
    result = fulfilment.order_paid(shop.make_order(member))
    assert (result.term, result.refused) == (Term.objects.get(), "")
    assert not Alert.objects.exists()
