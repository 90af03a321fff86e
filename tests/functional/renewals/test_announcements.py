"""Daily runs announce a renewal, and announce it anew when its price or conditions have changed."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import journal
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.fulfilment import grants, ledger
from tests.functional.renewals.renewing import (
    ANNOUNCED,
    CHARGED,
    LAST_DAY,
    Order,
    PlannedRenewal,
)

pytestmark = pytest.mark.django_db(transaction=True)
StockRecord = get_model("partner", "StockRecord")


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


def test_a_price_that_changes_too_late_is_not_charged_at_all_and_the_member_told(announced):
    announced.go_to(CHARGED - timedelta(days=1))
    StockRecord.objects.filter(product=announced.shop.plan.product).update(price=300)
    announced.run(CHARGED)
    assert announced.charges() == ["succeeded"] and Order.objects.count() == 1
    assert announced.mails() == ["renewal-announced", "renewal-stopped"]
    assert "too late to announce it anew" in mail.outbox[-1].body
    assert not auto_renewal.is_on(announced.subscription)


@pytest.mark.parametrize("field", ["months", "listing_limit", "grace_days"])
def test_other_conditions_than_the_announced_ones_are_announced_anew(announced, field):
    type(announced.shop.plan).objects.update(**{field: 6})
    announced.run(ANNOUNCED + timedelta(days=1))
    assert announced.mails() == ["renewal-announced"] * 2
    assert getattr(announced.planned, field) == 6


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


def test_an_announcement_that_never_leaves_charges_nothing(bought, settings):
    settings.EMAIL_BACKEND = "tests.functional.renewals.broken_mail.Backend"
    for day in (ANNOUNCED, ANNOUNCED + timedelta(days=10), CHARGED, LAST_DAY):
        bought.run(day)
    assert bought.planned.status == "dropped"
    assert not auto_renewal.takes_the_place_of_reminders(bought.subscription)
    assert bought.charges() == ["succeeded"]


def test_nothing_is_announced_too_early(bought):
    bought.run(ANNOUNCED - timedelta(days=1))
    assert bought.mails() == []


def test_the_announcement_says_what_is_charged_when_and_how_to_stop_it(announced):
    message = mail.outbox[-1]
    assert message.to == ["member@example.com"]
    assert message.subject == "Your subscription is renewed automatically on Jan. 27, 2018"
    last_day = "until Jan. 26, 2018 inclusive you can switch automatic renewal off"
    for words in ("€240.00", "12 more months", "Feb. 3, 2018", last_day):
        assert words in message.body
    assert reverse("subscriptions:my-subscription") in message.body


def test_a_dry_run_announces_nothing(bought):
    bought.go_to(ANNOUNCED)
    said = [one.message for one in runner.run(dry_run=True)]
    assert any("announced" in line for line in said)
    assert not PlannedRenewal.objects.exists()


def test_extension_that_was_a_mistake_leaves_the_renewal_as_it_was(announced):
    operator = announced.shop.make_operator()
    announced.go_to(ANNOUNCED + timedelta(days=1))
    term = grants.extend(announced.subscription, 30, reason="kindness", actor=operator)
    announced.run()
    assert announced.planned.status == "dropped"
    ledger.revoke(term, reason="mistake", actor=operator)
    announced.run(ANNOUNCED + timedelta(days=2))
    first, second = PlannedRenewal.objects.order_by("pk")
    assert (first.status, second.status, second.follows) == ("dropped", "announced", first.follows)
    assert announced.mails() == ["renewal-announced"] * 2
    assert second.charge_on == ANNOUNCED + timedelta(days=2 + 45)
    announced.run(second.charge_on)
    assert announced.charges() == ["succeeded", "succeeded"]


def test_account_without_an_address_is_not_charged_for_what_nobody_was_told(bought):
    user = bought.subscription.user
    type(user).objects.filter(pk=user.pk).update(email="")
    bought.run(ANNOUNCED)
    bought.run(CHARGED)
    assert bought.mails() == [] and bought.charges() == ["succeeded"]
    assert bought.subscription.journal.filter(kind=journal.RENEWAL_OFF).count() == 0
