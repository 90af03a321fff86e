"""A renewal is announced to its member in time, and the announcement binds the shop."""

from datetime import timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.daily_run.sharing import KeyRange
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.renewals import announcements
from tests.functional.renewals.renewing import (
    ANNOUNCED,
    CHARGED,
    LAST_DAY,
    AutoRenewal,
    OutboxMail,
    PlannedRenewal,
)

StockRecord = get_model("partner", "StockRecord")


def on(time_machine, day):
    """Let it be ``day``; return it."""
    time_machine.move_to(f"{day} 03:00+01:00", tick=False)
    return day


# Announced.


def test_announcement_keeps_price_and_conditions_of_the_day(consent, term, shop, time_machine):
    type(shop.plan).objects.update(listing_limit=5, grace_days=2)
    assert announcements.announce(consent, on(time_machine, ANNOUNCED))
    planned = PlannedRenewal.objects.get()
    assert (planned.auto_renewal, planned.follows, planned.status) == (consent, term, "announced")
    assert (planned.price, planned.currency, planned.conditions) == (240, "EUR", (12, 5, 2))
    assert (planned.charge_on, planned.order) == (CHARGED, None)
    message = OutboxMail.objects.get(kind="renewal-announced")
    assert (message.user, message.sent_at) == (term.subscription.user, None)


def test_renewal_is_announced_once(consent, planned):
    assert not announcements.announce(consent, ANNOUNCED)
    assert PlannedRenewal.objects.get() == planned


def end(planned, status, order=None):
    """What became of an announcement, written by hand."""
    type(planned).objects.filter(pk=planned.pk).update(status=status, order=order)


@pytest.mark.parametrize("status", ["replaced", "dropped"])
def test_renewal_is_announced_again_if_the_reason_it_came_to_nothing_is_gone(
    consent, planned, status
):
    end(planned, status)
    assert announcements.announce(consent, ANNOUNCED)
    assert PlannedRenewal.objects.opened().get() != planned


@pytest.mark.parametrize("status", ["dropped", "failed", "done"])
def test_renewal_that_had_its_chance_is_not_announced_again(consent, planned, status, shop, ada):
    end(planned, status, shop.make_order(ada))
    assert not announcements.announce(consent, ANNOUNCED)
    assert PlannedRenewal.objects.get() == planned


def test_renewal_has_another_chance_with_a_new_consent(consent, planned, shop, ada):
    end(planned, "dropped", shop.make_order(ada))
    auto_renewal.switch_off(consent.subscription)
    price = shop.strategy().fetch_for_product(shop.plan.product).price
    again = auto_renewal.switch_on(
        consent.subscription, text="Again.", terms_of_sale=shop.terms_of_sale, total=price
    )
    assert announcements.announce(again, ANNOUNCED)
    assert PlannedRenewal.objects.opened().get().auto_renewal == again


def test_too_late_for_the_term_nothing_is_announced_and_the_choice_stays(consent, time_machine):
    assert not announcements.announce(consent, on(time_machine, LAST_DAY - timedelta(days=44)))
    assert not PlannedRenewal.objects.exists()
    assert AutoRenewal.objects.in_force().get() == consent


def test_subscription_that_has_ended_ends_the_choice(consent, time_machine):
    assert not announcements.announce(consent, on(time_machine, LAST_DAY + timedelta(days=1)))
    consent.refresh_from_db()
    assert (consent.end_reason, consent.ended_by) == ("The subscription has ended.", None)


def test_plan_that_has_no_price_is_not_announced(consent, shop, time_machine):
    shop.plan.product.stockrecords.all().delete()
    assert not announcements.announce(consent, on(time_machine, ANNOUNCED))
    assert not PlannedRenewal.objects.exists()


@pytest.mark.parametrize(("days", "number"), [(-1, 0), (0, 1)])
def test_step_announces_from_its_day_on(consent, time_machine, days, number):
    day = on(time_machine, ANNOUNCED + timedelta(days=days))
    said = [one.message for one in announcements.announce_renewals(day, False)]
    assert said == [f"renewal of {consent} announced"] * number
    assert PlannedRenewal.objects.count() == number


def test_step_on_an_imagined_day_announces_by_the_calendar_of_today(consent, time_machine):
    on(time_machine, ANNOUNCED - timedelta(days=1))
    assert list(announcements.announce_renewals(ANNOUNCED, False)) == []
    assert len(list(announcements.announce_renewals(ANNOUNCED, True))) == 1
    assert not PlannedRenewal.objects.exists()


# Looked at again.


def test_announcement_that_still_holds_is_left_alone(planned):
    assert not announcements.look_again(planned.pk, ANNOUNCED)
    assert PlannedRenewal.objects.get().status == "announced"


def test_announcement_of_a_choice_that_was_taken_back_is_dropped(planned):
    auto_renewal.switch_off(planned.auto_renewal.subscription)
    assert announcements.look_again(planned.pk, ANNOUNCED)
    planned.refresh_from_db()
    assert (planned.status, planned.problem) == ("dropped", "Automatic renewal was switched off.")


def test_announcement_with_an_obstacle_that_may_pass_is_left_open(planned):
    ledger.suspend(planned.follows, reason="dispute")
    assert not announcements.look_again(planned.pk, ANNOUNCED)
    planned.refresh_from_db()
    assert planned.status == "announced"


def test_announcement_that_was_ordered_is_not_looked_at_again(planned, shop, ada):
    planned.order, planned.status = shop.make_order(ada), "waiting"
    planned.save()
    StockRecord.objects.filter(product=shop.plan.product).update(price=300)
    assert not announcements.look_again(planned.pk, ANNOUNCED)
    assert PlannedRenewal.objects.get().status == "waiting"


def test_mail_that_has_not_left_moves_the_charge_with_it(planned):
    OutboxMail.objects.update(sent_at=None)
    later = ANNOUNCED + timedelta(days=2)
    assert announcements.look_again(planned.pk, later)
    planned.refresh_from_db()
    assert planned.charge_on == CHARGED + timedelta(days=2)
    assert not announcements.look_again(planned.pk, later)


def test_mail_that_could_not_leave_in_time_drops_the_renewal(planned, time_machine):
    OutboxMail.objects.update(sent_at=None)
    assert announcements.look_again(planned.pk, on(time_machine, CHARGED))
    planned.refresh_from_db()
    assert planned.problem == "The member has not been told in time."
    assert AutoRenewal.objects.in_force().exists()


def test_announcements_are_shared_out_by_consent(consent, shop, time_machine):
    day = on(time_machine, ANNOUNCED)
    others, own = KeyRange(consent.pk), KeyRange(consent.pk - 1, consent.pk)
    assert lines(day, others) == []
    assert lines(day, own) == [f"renewal of {consent} announced"]
    StockRecord.objects.filter(product=shop.plan.product).update(price=300)
    planned = PlannedRenewal.objects.opened().get()
    assert lines(day, others) == []
    assert lines(day, own)[0] == f"announced renewal {planned.pk} reconsidered"


def lines(day, keys):
    return [one.message for one in announcements.announce_renewals(day, False, keys)]
