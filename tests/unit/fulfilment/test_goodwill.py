"""Days for many at once: promised, given, and taken back as one."""

from datetime import date

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.fulfilment import goodwill, grants, ledger

Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


@pytest.fixture
def operator(shop):
    return shop.make_user("operator", first_name="Olga", last_name="Petit", is_staff=True)


@pytest.fixture
def subscription(shop):
    return shop.grant(shop.make_user()).subscription


def given(operator):
    return {"reason": "Outage in January", "actor": operator}


def test_goodwill_is_previewed_given_and_taken_back(shop, operator):
    rows = [shop.grant(shop.make_user(f"m{number}")).subscription for number in range(3)]
    ledger.suspend(rows[2].terms.get(), reason="dispute")
    everybody = Subscription.objects.all()
    before = [(one.ends_on, one.would_end_on) for one in goodwill.preview(everybody, 7)]
    promised = (date(2018, 2, 3), date(2018, 2, 10))
    assert before == [promised, promised, (None, None)]
    assert Term.objects.count() == 3

    gift = goodwill.give(everybody, 7, **given(operator))
    assert [term.ends_on for term in gift.terms] == [date(2018, 2, 10)] * 2
    assert [subscription.pk for subscription, _why in gift.refused] == [rows[2].pk]

    later = fulfilment.order_paid(shop.make_order(rows[1].user)).term
    revoked, kept = goodwill.undo(gift.batch, **given(operator))
    assert (revoked, kept) == (gift.terms[:1], gift.terms[1:])
    assert revoked[0].journal.latest("pk").actor == operator
    assert goodwill.undo(gift.batch, **given(operator)) == ([], kept)
    later.refresh_from_db()
    assert later.starts_on == date(2018, 2, 11)


def test_preview_promises_what_is_given_although_the_grace_of_the_plan_was_shortened(
    shop, operator, time_machine
):
    plan = shop.make_plan("Gold", grace_days=10)
    subscription = shop.grant(shop.make_user("m"), plan).subscription
    plan.grace_days = 0
    plan.save()
    subscription.refresh_from_db()
    grants.extend(subscription, 1, **given(operator))
    time_machine.move_to("2018-02-10 12:00+01:00")  # in the grace of the year, not of the day
    everybody = Subscription.objects.all()
    [promised] = goodwill.preview(everybody, 7)
    [term] = goodwill.give(everybody, 7, **given(operator)).terms
    assert promised.would_end_on == term.ends_on == date(2018, 2, 11)


def test_subscription_that_is_over_gets_nothing_and_is_told_why(
    subscription, operator, time_machine
):
    time_machine.move_to("2018-02-04 12:00+01:00")
    [one] = goodwill.preview([subscription], 7)
    assert (one.ends_on, one.would_end_on) == (None, None)
    assert one.problem == grants.nothing_to_extend()
    gift = goodwill.give([subscription], 7, **given(operator))
    assert (gift.terms, gift.refused) == ([], [(subscription, one.problem)])


def test_account_that_is_gone_gets_nothing_and_stops_nobody(shop, subscription, operator):
    other = shop.grant(shop.make_user("other")).subscription
    subscription.user.delete()
    everybody = Subscription.objects.all()
    problems = [one.problem for one in goodwill.preview(everybody, 7)]
    assert problems == ["The member's account no longer exists.", ""]
    gift = goodwill.give(everybody, 7, **given(operator))
    assert [term.subscription for term in gift.terms] == [other]
    assert gift.refused == [(subscription, "The member's account no longer exists.")]


def test_everything_that_is_given_at_once_has_one_batch_and_another_gift_another(
    subscription, operator
):
    first = goodwill.give([subscription], 7, **given(operator))
    second = goodwill.give([subscription], 7, **given(operator))
    assert first.batch != second.batch
    assert {term.batch for term in first.terms} == {first.batch}
    revoked, kept = goodwill.undo(second.batch, **given(operator))
    assert (revoked, kept) == (second.terms, [])
    assert Term.objects.not_revoked().filter(batch=first.batch).exists()


def test_given_days_that_others_follow_can_t_be_taken_back_before_those(subscription, operator):
    first = goodwill.give([subscription], 7, **given(operator))
    second = goodwill.give([subscription], 7, **given(operator))
    assert goodwill.undo(first.batch, **given(operator)) == ([], first.terms)
    goodwill.undo(second.batch, **given(operator))
    assert goodwill.undo(first.batch, **given(operator)) == (first.terms, [])


@pytest.mark.parametrize(("day", "stays"), [("2018-02-10", False), ("2018-02-11", True)])
def test_days_that_are_over_are_not_taken_back(subscription, operator, time_machine, day, stays):
    gift = goodwill.give([subscription], 7, **given(operator))
    assert gift.terms[0].ends_on == date(2018, 2, 10)
    time_machine.move_to(f"{day} 12:00+01:00")
    _revoked, kept = goodwill.undo(gift.batch, **given(operator))
    assert (kept == gift.terms) == stays
