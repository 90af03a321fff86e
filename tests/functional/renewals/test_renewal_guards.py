"""When nothing may be charged, however well the card would pay."""

from datetime import timedelta

import pytest
from django.core import mail
from oscar.core.loading import get_model

from oscar_subscriptions import auto_renewal, fulfilment, grants, standing
from tests.functional import pages
from tests.functional.renewals.renewing import (
    ANNOUNCED,
    CHARGED,
    LAST_DAY,
    Attempt,
    AutoRenewal,
    Notification,
    Order,
    PlannedRenewal,
    Term,
)

pytestmark = pytest.mark.django_db(transaction=True)
StockRecord = get_model("partner", "StockRecord")


def suspended(renewing):
    standing.suspend(renewing.subscription.terms.get(), reason="dispute")


def revoked(renewing):
    standing.revoke(renewing.subscription.terms.get(), reason="refund")


def closed_account(renewing):
    user = renewing.subscription.user
    user.is_active = False
    user.save()


def not_on_sale(renewing):
    renewing.shop.plan.is_on_sale = False
    renewing.shop.plan.save()


def granted_later(renewing):
    operator = renewing.shop.make_user("operator", is_staff=True)
    grants.extend(renewing.subscription, 30, reason="kindness", actor=operator)


def bought_by_hand(renewing):
    order = renewing.shop.make_order(renewing.subscription.user)
    fulfilment.order_paid(order)


def ordered_by_hand(renewing):
    renewing.client.force_login(renewing.subscription.user)
    pages.add_to_basket(renewing.client, renewing.shop.plan.product)
    renewing.client.get(pages.place_order(renewing.client).url)


def switched_off(renewing):
    auto_renewal.switch_off(renewing.subscription)


def withdrawn_by_the_shop(renewing):
    from django.conf import settings

    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False


def credit(subscription, plan, today):
    return 5


def change_plan(renewing, **how):
    other, held = renewing.shop.make_plan("Gold"), renewing.subscription
    order = renewing.shop.make_order(held.user, other)
    renewing.shop.keep_consent(order, other, changes=held, **how)
    return fulfilment.order_paid(order).term


def changed_to_another_plan(renewing):
    change_plan(renewing, at_end=True)


def credited_for_another_plan(renewing):
    from django.conf import settings

    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.credit"
    change_plan(renewing, at_end=False)


def ordered_another_plan_to_follow(renewing):
    other = renewing.shop.make_plan("Gold")
    renewing.client.force_login(renewing.subscription.user)
    pages.add_to_basket(renewing.client, other.product)
    begins = f"end-{renewing.subscription.pk}"
    renewing.client.get(pages.place_order(renewing.client, begins=begins).url)


def not_told(renewing):
    Notification.objects.filter(kind="renewal-announced").update(sent_at=None)


OBSTACLES = [
    suspended, revoked, closed_account, not_on_sale, granted_later, bought_by_hand,
    ordered_by_hand, switched_off, withdrawn_by_the_shop, changed_to_another_plan,
    credited_for_another_plan, ordered_another_plan_to_follow, not_told,
]  # fmt: skip


@pytest.mark.parametrize("how", ["refund", "dispute"])
def test_money_that_went_back_while_nobody_listened_is_noticed_before_the_charge(announced, how):
    first = Attempt.objects.get()
    announced.go_to(CHARGED, 2)
    announced.standin.control(f"charges/{first.payment_intent_id}/{how}")
    announced.run(CHARGED)
    assert announced.charges() == ["succeeded"]
    assert Term.objects.count() == 1


def renewals_charged(renewing):
    return Order.objects.filter(subscription_attempts__kind="off-session").count()


@pytest.mark.parametrize("obstacle", OBSTACLES, ids=lambda action: action.__name__)
def test_nothing_is_charged(announced, settings, obstacle):
    announced.go_to(CHARGED - timedelta(days=1))
    obstacle(announced)
    announced.run(CHARGED)
    assert announced.charges() == ["succeeded"]
    assert renewals_charged(announced) == 0


@pytest.mark.parametrize("obstacle", OBSTACLES, ids=lambda action: action.__name__)
def test_nothing_is_charged_in_a_later_try_either(announced, settings, obstacle):
    announced.turn_bad("4000000000009995")
    announced.run(CHARGED)
    announced.turn_bad("4242424242424242")
    announced.go_to(CHARGED + timedelta(days=2))
    obstacle(announced)
    for days in range(3, 9):
        announced.run(CHARGED + timedelta(days=days))
    assert announced.charges() == ["succeeded", "failed"]


@pytest.mark.parametrize("obstacle", [suspended, closed_account, not_on_sale])
def test_what_may_pass_only_delays_the_charge(announced, obstacle):
    announced.go_to(CHARGED - timedelta(days=1))
    obstacle(announced)
    announced.run(CHARGED)
    standing.restore(announced.subscription.terms.get(), reason="won")
    type(announced.subscription.user).objects.update(is_active=True)
    type(announced.shop.plan).objects.update(is_on_sale=True)
    announced.run(CHARGED + timedelta(days=1))
    assert announced.charges() == ["succeeded", "succeeded"]


def test_an_order_by_hand_that_is_never_paid_gives_way_once_it_is_cancelled(announced):
    announced.go_to(CHARGED - timedelta(days=1))
    ordered_by_hand(announced)
    for days in range(7):
        announced.run(CHARGED + timedelta(days=days))
        assert announced.charges() == ["succeeded"]
    announced.run(LAST_DAY)
    assert announced.charges() == ["succeeded", "succeeded"]


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


def test_a_run_that_was_dead_on_the_day_charges_when_it_lives_again(announced):
    announced.run(CHARGED + timedelta(days=4))
    assert announced.charges() == ["succeeded", "succeeded"]


def test_a_run_that_was_dead_until_the_term_was_over_charges_nothing(announced):
    announced.run(LAST_DAY + timedelta(days=1))
    assert announced.charges() == ["succeeded"]
    assert announced.planned.status == "dropped"
    assert AutoRenewal.objects.get().end_reason


def test_a_second_run_on_the_same_day_changes_nothing(announced):
    announced.turn_bad("4000000000009995")
    for _ in range(3):
        announced.run(CHARGED)
    assert announced.charges() == ["succeeded", "failed"]
    assert announced.mails() == ["renewal-announced", "renewal-failed"]


def test_the_announcement_takes_the_place_of_reminders(announced):
    assert auto_renewal.takes_the_place_of_reminders(announced.subscription)
    switched_off(announced)
    assert not auto_renewal.takes_the_place_of_reminders(announced.subscription)
