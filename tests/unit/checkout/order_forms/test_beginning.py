"""When a plan begins, for a member of another one."""

import pytest

from oscar_subscriptions.checkout.order_forms import (
    BeginningForm,
)
from oscar_subscriptions.plans import changes as plans_changes


def ten_days(subscription, plan, today):
    """A shop's own credit policy."""
    return 10


@pytest.fixture
def member(shop):
    return shop.make_user(first_name="Ada", last_name="Martin")


def test_a_member_without_another_plan_has_nothing_to_choose(shop, member):
    shop.grant(member)
    form = BeginningForm({}, plan=shop.plan, user=member)
    assert form.is_valid()
    assert not form.has_choice
    assert form.change == plans_changes.TODAY


def test_a_member_with_another_plan_chooses_between_today_and_its_end(shop, member):
    running = shop.grant(member, shop.make_plan("Gold")).subscription
    at_end = plans_changes.Change(running, at_end=True)
    assert BeginningForm(plan=shop.plan, user=member).has_choice
    for chosen, change in (("today", plans_changes.TODAY), (at_end.code, at_end)):
        form = BeginningForm({"begins": chosen}, plan=shop.plan, user=member)
        assert form.is_valid()
        assert form.change == change


def test_a_credit_is_offered_where_the_shop_gives_one(shop, member, settings):
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.ten_days"
    running = shop.grant(member, shop.make_plan("Gold")).subscription
    form = BeginningForm({"begins": f"now-{running.pk}"}, plan=shop.plan, user=member)
    assert form.is_valid()
    assert form.change.credit == 10
    words = dict(form.fields["begins"].choices)[form.change.code]
    assert words.startswith("Today in place of “Gold”, of which 10 days are credited")


def test_a_beginning_that_was_not_offered_is_refused(shop, member):
    other = shop.grant(shop.make_user("other"), shop.make_plan("Gold")).subscription
    form = BeginningForm({"begins": f"end-{other.pk}"}, plan=shop.plan, user=member)
    assert not form.is_valid()
