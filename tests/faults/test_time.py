"""Faults 41 to 45: leap days, midnight, summer time, clocks that lie, a run that is dead."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, sellers
from tests.faults import invariants
from tests.faults.moments import at
from tests.functional import pages

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Order = get_model("order", "Order")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

SPACE = "subscriptions:member-space"


def run():
    call_command("subscriptions_run", verbosity=0)


def may_sell(client, user):
    """Whether the member space lets the member in, with a request of its own."""
    client.force_login(user)
    return client.get(reverse(SPACE)).status_code == 200


def is_for_sale(shop, service):
    return shop.strategy().fetch_for_product(service).availability.is_available_to_buy


# 41


def test_fault_41_chain_from_29_february_keeps_its_anchor_and_comes_back_to_the_29th(
    shop, time_machine
):
    member = shop.make_user()
    last_days = []
    for year in range(2024, 2029):
        time_machine.move_to(at(date(year, 2, 1) if year > 2024 else date(2024, 2, 29), 12))
        order = shop.make_order(member)
        last_days.append(fulfilment.order_paid(order).term.ends_on)
    assert last_days == [
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
        date(2029, 2, 28),
    ]
    assert {term.anchor for term in Term.objects.all()} == {date(2024, 2, 29)}
    invariants.check(shop, by_hand=Order.objects.all())


# 42, 43


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(date(2018, 2, 3), id="winter"),
        pytest.param(date(2026, 3, 28), id="the night to summer time"),
        pytest.param(date(2026, 3, 29), id="23 hours long"),
        pytest.param(date(2026, 10, 24), id="the night to winter time"),
        pytest.param(date(2026, 10, 25), id="25 hours long"),
    ],
)
def test_fault_42_43_last_minute_of_the_last_day_is_in_and_the_first_after_it_is_out(
    shop, client, time_machine, last
):
    time_machine.move_to(at(last.replace(year=last.year - 1), 12))
    seller = shop.make_seller()
    service = shop.make_service(seller)
    assert seller.user.oscar_subscriptions.get().terms.get().ends_on == last

    time_machine.move_to(at(last, 23, 59))
    assert may_sell(client, seller.user) and is_for_sale(shop, service)
    run()
    assert is_for_sale(shop, type(service).objects.get(pk=service.pk))

    time_machine.move_to(at(last + timedelta(days=1), 0))
    assert not may_sell(client, seller.user) and not is_for_sale(shop, service)
    run()
    invariants.check(shop, swept=True)


def test_fault_42_lapsed_sellers_service_can_not_be_ordered_on_the_day_after_though_nothing_has_run(
    shop, member, client, time_machine
):
    seller = shop.make_seller()
    service = shop.make_service(seller)
    pages.add_to_basket(client, service)
    last = seller.user.oscar_subscriptions.get().terms.get().ends_on

    time_machine.move_to(at(last, 23, 59))
    client.force_login(member)
    assert pages.order_page(client).redirect_chain[-1][0] != reverse("basket:summary")
    time_machine.move_to(at(last + timedelta(days=1), 0, 1))
    client.force_login(member)
    assert pages.order_page(client).redirect_chain[-1][0] == reverse("basket:summary")
    client.post(reverse("checkout:preview"), {"action": "place_order"}, follow=True)
    pages.add_to_basket(client, service)
    assert service.is_public
    assert not Order.objects.exists()


def test_fault_43_timezone_of_the_shop_changes_and_the_days_stay_what_they_were(
    shop, client, time_machine, settings
):
    time_machine.move_to(at(date(2017, 2, 3), 12))
    term = fulfilment.order_paid(shop.make_order(shop.make_user())).term
    days = (term.starts_on, term.ends_on, term.covered_until, term.anchor)
    settings.TIME_ZONE = "Asia/Tokyo"
    tokyo = ZoneInfo("Asia/Tokyo")
    term.refresh_from_db()
    assert (term.starts_on, term.ends_on, term.covered_until, term.anchor) == days
    user = term.subscription.user
    time_machine.move_to(at(term.ends_on, 23, 59, tokyo))
    assert may_sell(client, user)
    time_machine.move_to(at(term.ends_on + timedelta(days=1), 0, 0, tokyo))
    assert not may_sell(client, user)
    # The renewal of a member who was covered until yesterday, there, begins today, there.
    renewal = fulfilment.order_paid(shop.make_order(user)).term
    assert renewal.starts_on == term.ends_on + timedelta(days=1)


# 44


def all_that_happened():
    """What a run, or a payment, would double if it believed the clock."""
    return {
        model.__name__: model.objects.count()
        for model in (Alert, Attempt, JournalEntry, OutboxMail, Source, Term)
    }


def test_fault_44_run_that_lives_through_its_day_again_doubles_nothing(
    shop, time_machine, mailoutbox
):
    seller = shop.make_seller()
    service = shop.make_service(seller)
    last = seller.user.oscar_subscriptions.get().terms.get().covered_until
    lapsed = at(last, 12) + timedelta(days=1)
    time_machine.move_to(lapsed)
    run()
    before, sent_mails = all_that_happened(), len(mailoutbox)
    for moment in (lapsed, lapsed + timedelta(hours=1), lapsed + timedelta(days=1)):
        time_machine.move_to(moment)
        run()
    assert (all_that_happened(), len(mailoutbox)) == (before, sent_mails)
    # The clock is set back into the term: the services come back, and are parked again, once.
    for moment, public in ((lapsed - timedelta(days=2), True), (lapsed, False)):
        for _ in range(2):
            time_machine.move_to(moment)
            run()
            service.refresh_from_db()
            assert service.is_public is public
    assert JournalEntry.objects.count() == before["JournalEntry"] + 2
    assert Term.objects.count() == 1


@pytest.mark.parametrize("skew", [timedelta(days=-2), timedelta(hours=-3), timedelta(days=2)])
def test_fault_44_payment_told_of_again_by_a_clock_that_was_set_is_written_once(
    shop, client, standin, hosted, time_machine, mailoutbox, skew
):
    _, back, _ = standin.submit_card(hosted)
    client.get(back)
    before, sent_mails, days = all_that_happened(), len(mailoutbox), Term.objects.values().get()
    time_machine.move_to(timezone.now() + skew)
    client.get(back)
    Attempt.objects.mark_due()
    run()
    assert (all_that_happened(), len(mailoutbox)) == (before, sent_mails)
    assert Term.objects.values().get() == days
    assert not Attempt.objects.get().is_due
    invariants.check(shop)


def test_fault_44_shop_whose_clock_is_behind_the_providers_still_hears_of_its_payments(
    shop, order, standin, webhook, client
):
    standin.advance(600)
    standin.submit_card(client.get(pages.pay_url(order)).url)
    standin.flush()
    assert Term.objects.get().starts_on == conf.today()
    invariants.check(shop)


# 45


def test_fault_45_run_is_dead_for_a_week_and_access_ends_on_time_all_the_same(
    shop, client, time_machine
):
    seller = shop.make_seller()
    service = shop.make_service(seller)
    last = seller.user.oscar_subscriptions.get().terms.get().covered_until
    time_machine.move_to(at(last, 23, 59))
    assert may_sell(client, seller.user)
    for days in (1, 7):
        time_machine.move_to(at(last, 12) + timedelta(days=days))
        service.refresh_from_db()
        assert service.is_public, "something has run"
        assert not may_sell(client, seller.user) and not sellers.is_seller(seller.user)
        assert not is_for_sale(shop, service)
        invariants.check(shop)
    run()
    service.refresh_from_db()
    assert not service.is_public
    invariants.check(shop, swept=True)
