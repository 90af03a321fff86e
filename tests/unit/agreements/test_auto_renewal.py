"""The member's consent: evidence that nobody edits, in force or not, and the day of the charge."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal
from oscar_subscriptions.agreements import auto_renewal

AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")
PlannedRenewal = get_model("oscar_subscriptions", "PlannedRenewal")


@pytest.fixture
def term(shop, settings, time_machine):
    """From 3 February 2017 to 3 February 2018, of a member with automatic renewal."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    time_machine.move_to("2017-02-03 12:00+01:00")
    term = shop.grant(shop.make_user("ada"))
    shop.make_renewal(term)
    return term


def test_what_was_agreed_to_can_t_be_edited(term):
    consent = AutoRenewal.objects.get()
    consent.price = 1
    for fields in (None, ["price"], ["text"], ["accepted_at"]):
        with pytest.raises(ValidationError):
            consent.save(update_fields=fields)


def test_one_consent_is_in_force_at_a_time(term):
    consent = AutoRenewal.objects.get()
    consent.pk = None
    consent._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        consent.save()


def test_switching_on_twice_is_one_consent(shop, term, rf):
    price = shop.strategy().fetch_for_product(shop.plan.product).price
    known = AutoRenewal.objects.get()
    again = auto_renewal.switch_on(
        term.subscription, text="Again.", terms_of_sale=shop.terms_of_sale, total=price
    )
    assert again == known and AutoRenewal.objects.count() == 1


def test_switching_off_twice_is_one_line_in_the_journal(term):
    assert auto_renewal.switch_off(term.subscription, reason="enough") is not None
    assert auto_renewal.switch_off(term.subscription) is None
    [line] = term.subscription.journal.all()
    assert (line.kind, line.reason, line.actor) == (journal.RENEWAL_OFF, "enough", None)
    assert not auto_renewal.is_on(term.subscription)


def test_a_shop_that_stops_offering_it_renews_nothing(term, settings):
    assert auto_renewal.is_on(term.subscription)
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
    assert not auto_renewal.is_on(term.subscription)
    assert not auto_renewal.takes_the_place_of_reminders(term.subscription)


@pytest.mark.parametrize(
    ("announced_on", "expected"),
    [
        (date(2017, 12, 1), date(2018, 1, 27)),
        (date(2017, 12, 13), date(2018, 1, 27)),
        (date(2017, 12, 14), date(2018, 1, 28)),
        (date(2017, 12, 20), date(2018, 2, 3)),
        (date(2017, 12, 21), None),
    ],
)
def test_the_charge_comes_a_week_before_the_end_and_never_before_the_notice_is_over(
    term, announced_on, expected
):
    assert auto_renewal.charge_day(term, announced_on) == expected


def test_grace_leaves_more_time(shop, settings, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    term = shop.grant(shop.make_user("ada"), shop.make_plan("Gold", grace_days=10))
    assert auto_renewal.charge_day(term, date(2017, 12, 30)) == date(2018, 2, 13)
    assert auto_renewal.charge_day(term, date(2017, 12, 31)) is None


def test_gateway_that_can_t_renew_keeps_the_shop_from_offering_it(term, settings):
    assert auto_renewal.is_offered()
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "oscar_subscriptions.gateway.Gateway"
    assert not auto_renewal.is_offered()


def test_choice_with_an_order_counts_once_that_is_paid(shop, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    order = shop.place_order(shop.make_user("ada"), is_renewed=True)
    subscription = AutoRenewal.objects.get().subscription
    assert auto_renewal.is_chosen_with(order)
    assert auto_renewal.current(subscription) is None
    fulfilment.order_paid(order)
    assert auto_renewal.current(subscription) == AutoRenewal.objects.get()
    auto_renewal.switch_off(subscription)
    assert not auto_renewal.is_chosen_with(order)


def test_choice_with_an_order_that_is_never_paid_gives_way_to_a_later_one(shop, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    ada = shop.make_user("ada")
    shop.place_order(ada, is_renewed=True)
    later = shop.place_order(ada, is_renewed=True)
    void, chosen = AutoRenewal.objects.order_by("pk")
    assert void.ended_at and not chosen.ended_at
    assert chosen.order == later


@pytest.mark.parametrize(
    ("months", "grace_days", "is_long_enough"), [(1, 17, False), (1, 18, True), (2, 0, True)]
)
def test_shortest_term_must_be_longer_than_the_notice(shop, months, grace_days, is_long_enough):
    plan = shop.make_plan("Gold", months=months, grace_days=grace_days)
    assert auto_renewal.leaves_time_to_announce(plan) == is_long_enough


def test_last_term_is_the_one_that_ends_last_revoked_ones_apart(shop, term):
    later = shop.grant(term.subscription.user, starts_on=term.ends_on + timedelta(days=1))
    assert auto_renewal.last_term(term.subscription) == later
    fulfilment.suspend(later, reason="dispute")
    assert auto_renewal.last_term(term.subscription) == later
    fulfilment.revoke(later, reason="refund")
    assert auto_renewal.last_term(term.subscription) == term


@pytest.mark.parametrize(
    ("day", "planned", "is_told"),
    [
        # Charged on 27 January, or the try of that day is under way.
        (date(2018, 1, 27), {}, True),
        (date(2018, 1, 28), {}, False),
        (date(2018, 1, 28), {"tries": 1}, True),
        (date(2018, 2, 4), {"tries": 1}, False),
        (date(2018, 1, 27), {"status": "failed"}, False),
        # There would be time to announce it, but it had its chance.
        (date(2017, 12, 14), {"status": "failed"}, False),
    ],
)
def test_reminders_keep_silent_while_the_announced_charge_is_expected(term, day, planned, is_told):
    PlannedRenewal.objects.update(**planned)
    assert auto_renewal.takes_the_place_of_reminders(term.subscription, day) == is_told


@pytest.mark.parametrize(
    ("day", "is_told"), [(date(2017, 12, 20), True), (date(2017, 12, 21), False)]
)
def test_reminders_keep_silent_while_there_is_time_to_announce(term, day, is_told):
    PlannedRenewal.objects.all().delete()
    assert auto_renewal.takes_the_place_of_reminders(term.subscription, day) == is_told
    auto_renewal.switch_off(term.subscription)
    assert not auto_renewal.takes_the_place_of_reminders(term.subscription, day)
