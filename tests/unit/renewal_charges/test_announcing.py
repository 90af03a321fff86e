"""Members are told in time what will be charged, and an announcement binds the shop."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import auto_renewal, grants, journal, lifecycle, standing
from oscar_subscriptions.renewal_charges import announcing
from tests.functional.renewals.renewing import (
    ANNOUNCED,
    CHARGED,
    LAST_DAY,
    AutoRenewal,
    Notification,
    Order,
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
    assert announcing.announce(consent, on(time_machine, ANNOUNCED))
    planned = PlannedRenewal.objects.get()
    assert (planned.auto_renewal, planned.follows, planned.status) == (consent, term, "open")
    assert (planned.price, planned.currency, planned.conditions) == (240, "EUR", (12, 5, 2))
    assert (planned.charge_on, planned.order) == (CHARGED, None)
    letter = Notification.objects.get(kind="renewal-announced")
    assert (letter.user, letter.sent_at) == (term.subscription.user, None)


def test_renewal_is_announced_once(consent, planned):
    assert not announcing.announce(consent, ANNOUNCED)
    assert PlannedRenewal.objects.get() == planned


def test_too_late_for_the_term_nothing_is_announced_and_the_choice_stays(consent, time_machine):
    assert not announcing.announce(consent, on(time_machine, LAST_DAY - timedelta(days=44)))
    assert not PlannedRenewal.objects.exists()
    assert AutoRenewal.objects.in_force().get() == consent


def test_subscription_that_has_ended_ends_the_choice(consent, time_machine):
    assert not announcing.announce(consent, on(time_machine, LAST_DAY + timedelta(days=1)))
    consent.refresh_from_db()
    assert (consent.end_reason, consent.ended_by) == ("The subscription has ended.", None)


def test_plan_that_has_no_price_is_not_announced(consent, shop, time_machine):
    shop.plan.product.stockrecords.all().delete()
    assert not announcing.announce(consent, on(time_machine, ANNOUNCED))
    assert not PlannedRenewal.objects.exists()


@pytest.mark.parametrize(("days", "number"), [(-1, 0), (0, 1)])
def test_step_announces_from_its_day_on(consent, time_machine, days, number):
    day = on(time_machine, ANNOUNCED + timedelta(days=days))
    said = [one.message for one in announcing.announce_renewals(day, False)]
    assert said == [f"renewal of {consent} announced"] * number
    assert PlannedRenewal.objects.count() == number


def test_step_on_an_imagined_day_announces_by_the_calendar_of_today(consent, time_machine):
    on(time_machine, ANNOUNCED - timedelta(days=1))
    assert list(announcing.announce_renewals(ANNOUNCED, False)) == []
    assert len(list(announcing.announce_renewals(ANNOUNCED, True))) == 1
    assert not PlannedRenewal.objects.exists()


# Looked at again.


def test_announcement_that_still_holds_is_left_alone(planned):
    assert not announcing.look_again(planned.pk, ANNOUNCED)
    assert PlannedRenewal.objects.get().status == "open"


def test_announcement_of_a_choice_that_was_taken_back_is_dropped(planned):
    auto_renewal.switch_off(planned.auto_renewal.subscription)
    assert announcing.look_again(planned.pk, ANNOUNCED)
    planned.refresh_from_db()
    assert (planned.status, planned.problem) == ("dropped", "Automatic renewal was switched off.")


def test_announcement_with_an_obstacle_that_may_pass_is_left_open(planned):
    standing.suspend(planned.follows, reason="dispute")
    assert not announcing.look_again(planned.pk, ANNOUNCED)
    planned.refresh_from_db()
    assert planned.status == "open"


def test_announcement_that_was_ordered_is_not_looked_at_again(planned, shop, ada):
    planned.order = shop.make_order(ada)
    planned.save()
    StockRecord.objects.filter(product=shop.plan.product).update(price=300)
    assert not announcing.look_again(planned.pk, ANNOUNCED)
    assert PlannedRenewal.objects.get().status == "open"


def test_letter_that_has_not_left_moves_the_charge_with_it(planned):
    Notification.objects.update(sent_at=None)
    later = ANNOUNCED + timedelta(days=2)
    assert announcing.look_again(planned.pk, later)
    planned.refresh_from_db()
    assert planned.charge_on == CHARGED + timedelta(days=2)
    assert not announcing.look_again(planned.pk, later)


def test_letter_that_could_not_leave_in_time_drops_the_renewal(planned, time_machine):
    Notification.objects.update(sent_at=None)
    assert announcing.look_again(planned.pk, on(time_machine, CHARGED))
    planned.refresh_from_db()
    assert planned.problem == "The member has not been told in time."
    assert AutoRenewal.objects.in_force().exists()


# With the provider, through daily runs.


@pytest.mark.django_db(transaction=True)
def test_another_price_than_the_announced_one_is_not_charged_but_announced_anew(announced):
    StockRecord.objects.filter(product=announced.shop.plan.product).update(price=300)
    announced.run(ANNOUNCED + timedelta(days=1))
    first, second = PlannedRenewal.objects.order_by("pk")
    assert (first.status, first.price, second.price) == ("replaced", 240, 360)
    # The member has his 45 days again.
    assert second.charge_on == ANNOUNCED + timedelta(days=46)
    assert "€360.00" in mail.outbox[-1].body
    announced.run(CHARGED)
    assert announced.charges() == ["succeeded"]
    announced.run(second.charge_on)
    assert announced.charges() == ["succeeded", "succeeded"]
    assert Order.objects.latest("pk").total_incl_tax == 360


@pytest.mark.django_db(transaction=True)
def test_a_price_that_changes_too_late_is_not_charged_at_all_and_the_member_told(announced):
    announced.go_to(CHARGED - timedelta(days=1))
    StockRecord.objects.filter(product=announced.shop.plan.product).update(price=300)
    announced.run(CHARGED)
    assert announced.charges() == ["succeeded"] and Order.objects.count() == 1
    assert announced.mails() == ["renewal-announced", "renewal-stopped"]
    assert "too late to announce it anew" in mail.outbox[-1].body
    assert not auto_renewal.is_on(announced.subscription)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("field", ["months", "listing_limit", "grace_days"])
def test_other_conditions_than_the_announced_ones_are_announced_anew(announced, field):
    type(announced.shop.plan).objects.update(**{field: 6})
    announced.run(ANNOUNCED + timedelta(days=1))
    assert announced.mails() == ["renewal-announced"] * 2
    assert getattr(announced.planned, field) == 6


@pytest.mark.django_db(transaction=True)
def test_an_announcement_that_leaves_late_puts_off_the_charge(bought, settings):
    settings.EMAIL_BACKEND = "tests.functional.renewals.broken_mail.Backend"
    bought.run(ANNOUNCED)
    assert bought.planned.charge_on == CHARGED and bought.mails() == []
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    bought.go_to(ANNOUNCED + timedelta(days=3), 0)
    bought.run(ANNOUNCED + timedelta(days=3))
    sent_on = ANNOUNCED + timedelta(days=3)
    assert bought.planned.charge_on == CHARGED + timedelta(days=3)
    bought.run(sent_on + timedelta(days=44))
    assert bought.charges() == ["succeeded"]
    bought.run(sent_on + timedelta(days=45))
    assert bought.charges() == ["succeeded", "succeeded"]


@pytest.mark.django_db(transaction=True)
def test_an_announcement_that_never_leaves_charges_nothing(bought, settings):
    settings.EMAIL_BACKEND = "tests.functional.renewals.broken_mail.Backend"
    for day in (ANNOUNCED, ANNOUNCED + timedelta(days=10), CHARGED, LAST_DAY):
        bought.run(day)
    assert bought.planned.status == "dropped"
    assert not auto_renewal.takes_the_place_of_reminders(bought.subscription)
    assert bought.charges() == ["succeeded"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_announced_too_early(bought):
    bought.run(ANNOUNCED - timedelta(days=1))
    assert bought.mails() == []


@pytest.mark.django_db(transaction=True)
def test_the_announcement_says_what_is_charged_when_and_how_to_stop_it(announced):
    letter = mail.outbox[-1]
    assert letter.to == ["member@example.com"]
    assert letter.subject == "Your subscription is renewed automatically on Jan. 27, 2018"
    last_day = "until Jan. 26, 2018 inclusive you can switch automatic renewal off"
    for words in ("€240.00", "12 more months", "Feb. 3, 2018", last_day):
        assert words in letter.body
    assert reverse("subscriptions:my-subscription") in letter.body


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_announces_nothing(bought):
    bought.go_to(ANNOUNCED)
    said = [one.message for one in lifecycle.run(dry_run=True)]
    assert any("announced" in line for line in said)
    assert not PlannedRenewal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_extension_that_was_a_mistake_leaves_the_renewal_as_it_was(announced):
    operator = announced.shop.make_user("operator", is_staff=True)
    announced.go_to(ANNOUNCED + timedelta(days=1))
    term = grants.extend(announced.subscription, 30, reason="kindness", actor=operator)
    announced.run()
    assert announced.planned.status == "dropped"
    standing.revoke(term, reason="mistake", actor=operator)
    announced.run(ANNOUNCED + timedelta(days=2))
    first, second = PlannedRenewal.objects.order_by("pk")
    assert (first.status, second.status, second.follows) == ("dropped", "open", first.follows)
    assert announced.mails() == ["renewal-announced"] * 2
    assert second.charge_on == ANNOUNCED + timedelta(days=2 + 45)
    announced.run(second.charge_on)
    assert announced.charges() == ["succeeded", "succeeded"]


@pytest.mark.django_db(transaction=True)
def test_account_without_an_address_is_not_charged_for_what_nobody_was_told(bought):
    user = bought.subscription.user
    type(user).objects.filter(pk=user.pk).update(email="")
    bought.run(ANNOUNCED)
    bought.run(CHARGED)
    assert bought.mails() == [] and bought.charges() == ["succeeded"]
    assert bought.subscription.journal.filter(kind=journal.RENEWAL_OFF).count() == 0
