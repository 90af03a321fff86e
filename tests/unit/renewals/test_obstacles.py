"""Each obstacle to a renewal says why, whether it passes, and whether it ends the choice."""

from datetime import timedelta

import pytest

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.fulfilment import grants, ledger
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.renewals import obstacles
from tests.functional.renewals.renewing import (
    CHARGED,
    LAST_DAY,
    AutoRenewal,
    OutboxMail,
    PlannedRenewal,
)

FOR_NOW = {"is_final": False, "ends_consent": False}
FINAL = {"is_final": True, "ends_consent": False}
ENDS_THE_CHOICE = {"is_final": True, "ends_consent": True}


def to_charge(planned, day=CHARGED):
    """Asked as the daily run does: all rows as they are now."""
    return obstacles.obstacle_to_charging(PlannedRenewal.objects.get(pk=planned.pk), day)


def close_account(shop, planned):
    user = planned.auto_renewal.subscription.user
    type(user).objects.filter(pk=user.pk).update(is_active=False)


def forget_address(shop, planned):
    user = planned.auto_renewal.subscription.user
    type(user).objects.filter(pk=user.pk).update(email="")


def withdraw_plan(shop, planned):
    type(shop.plan).objects.update(is_on_sale=False)


def suspend(shop, planned):
    ledger.suspend(planned.follows, reason="dispute")


def switch_off(shop, planned):
    auto_renewal.switch_off(planned.auto_renewal.subscription)


def choose_anew(shop, planned):
    switch_off(shop, planned)
    AutoRenewal.objects.create(
        subscription=planned.auto_renewal.subscription,
        text="Renew it.",
        terms_of_sale=shop.terms_of_sale,
        plan_title="Silver",
        months=12,
        price=240,
        currency="EUR",
    )


def extend(shop, planned):
    operator = shop.make_user("operator")
    grants.extend(planned.auto_renewal.subscription, 5, reason="kindness", actor=operator)


def delete_account(shop, planned):
    planned.auto_renewal.subscription.user.delete()


def revoke(shop, planned):
    ledger.revoke(planned.follows, reason="refund")


def order_by_hand(shop, planned):
    shop.place_order(planned.auto_renewal.subscription.user)


def order_another_plan_to_follow(shop, planned):
    subscription, gold = planned.auto_renewal.subscription, shop.make_plan("Gold")
    order = shop.make_order(subscription.user, gold)
    shop.keep_consent(order, gold, changes=subscription, at_end=True)
    get_gateway().begin(order)


def lose_the_mail(shop, planned):
    OutboxMail.objects.update(sent_at=None)


def send_the_mail_a_day_late(shop, planned):
    sent = OutboxMail.objects.get(kind="renewal-announced")
    sent.sent_at += timedelta(days=1)
    sent.save()


@pytest.mark.parametrize(
    ("happens", "words", "what"),
    [
        (close_account, "The member's account is closed.", FOR_NOW),
        (forget_address, "The member has no e-mail address.", FOR_NOW),
        (withdraw_plan, "“Silver” is no longer on sale.", FOR_NOW),
        (suspend, "Your subscription “Silver” is suspended.", FOR_NOW),
        (switch_off, "Automatic renewal was switched off.", FINAL),
        (choose_anew, "Automatic renewal was switched off.", FINAL),
        (extend, "The subscription was renewed in another way.", FINAL),
        (revoke, "The subscription has ended.", ENDS_THE_CHOICE),
        (delete_account, "The member's account no longer exists.", ENDS_THE_CHOICE),
        (order_by_hand, "waits for its payment.", FOR_NOW),
        (order_another_plan_to_follow, "waits for its payment.", FOR_NOW),
        (lose_the_mail, "The member has not been told in time.", FOR_NOW),
        (send_the_mail_a_day_late, "The member has not been told in time.", FOR_NOW),
    ],
)
def test_each_obstacle_says_why_and_whether_it_passes(shop, planned, happens, words, what):
    assert to_charge(planned) is None
    happens(shop, planned)
    obstacle = to_charge(planned)
    assert words in obstacle.words
    assert {name: getattr(obstacle, name) for name in what} == what


def test_shop_that_pauses_automatic_renewal_only_delays(planned, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
    obstacle = to_charge(planned)
    assert obstacle.words == "The shop does not renew automatically at the moment."
    assert not obstacle.is_final


def test_plan_off_sale_that_members_may_renew_is_no_obstacle(shop, planned):
    type(shop.plan).objects.update(is_on_sale=False, is_renewable=True)
    assert to_charge(planned) is None


def test_term_holds_until_its_last_day(planned):
    assert to_charge(planned, LAST_DAY) is None
    assert to_charge(planned, LAST_DAY + timedelta(days=1)).ends_consent


def test_own_order_that_can_no_longer_be_paid_ends_the_choice(shop, planned):
    planned.order = shop.make_order(planned.auto_renewal.subscription.user)
    planned.save()
    obstacle = to_charge(planned)
    assert obstacle == obstacles.Obstacle("The order can no longer be paid.", True, True)


def test_own_order_that_waits_is_no_obstacle(shop, planned):
    planned.order = shop.place_order(planned.auto_renewal.subscription.user)
    planned.save()
    assert to_charge(planned) is None


def test_order_of_somebody_else_is_no_obstacle(shop, planned):
    shop.place_order(shop.make_user("bea"))
    assert to_charge(planned) is None
