"""When nothing may be charged, however well the card would pay."""

from datetime import timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.fulfilment import grants, ledger
from tests.functional import pages
from tests.functional.renewals.renewing import (
    CHARGED,
    LAST_DAY,
    Attempt,
    Order,
    OutboxMail,
    Term,
)

# Each obstacle is asked about directly in tests/unit/renewals/test_obstacles.py.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
StockRecord = get_model("partner", "StockRecord")


def suspended(renewing):
    ledger.suspend(renewing.subscription.terms.get(), reason="dispute")


def revoked(renewing):
    ledger.revoke(renewing.subscription.terms.get(), reason="refund")


def closed_account(renewing):
    user = renewing.subscription.user
    user.is_active = False
    user.save()


def not_on_sale(renewing):
    renewing.shop.plan.is_on_sale = False
    renewing.shop.plan.save()


def granted_later(renewing):
    operator = renewing.shop.make_operator()
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
    OutboxMail.objects.filter(kind="renewal-announced").update(sent_at=None)


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
    for days in (3, 4, 7, 8):  # those on which it would be tried, and those after them
        announced.run(CHARGED + timedelta(days=days))
    assert announced.charges() == ["succeeded", "failed"]


@pytest.mark.parametrize("obstacle", [suspended, closed_account, not_on_sale])
def test_what_may_pass_only_delays_the_charge(announced, obstacle):
    announced.go_to(CHARGED - timedelta(days=1))
    obstacle(announced)
    announced.run(CHARGED)
    ledger.resume(announced.subscription.terms.get(), reason="won")
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


def test_the_announcement_takes_the_place_of_reminders(announced):
    assert auto_renewal.takes_the_place_of_reminders(announced.subscription)
    switched_off(announced)
    assert not auto_renewal.takes_the_place_of_reminders(announced.subscription)
