"""What operators give: terms of their own, by name and with a reason; nothing is ever edited."""

from datetime import date, timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal, sellers
from oscar_subscriptions.fulfilment import grants, ledger

JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    return date(2017, 2, 3)


@pytest.fixture
def operator(shop, today):
    return shop.make_user("operator", first_name="Olga", last_name="Petit", is_staff=True)


@pytest.fixture
def member(shop, today):
    return shop.make_user(first_name="Ada", last_name="Martin")


def days(term):
    return term.starts_on, term.ends_on


def given(operator):
    return {"reason": "Outage in January", "actor": operator}


def test_grant_is_a_year_of_the_plan_from_today_with_name_and_reason(shop, member, operator):
    term = grants.grant(member, shop.plan, **given(operator))
    assert days(term) == (date(2017, 2, 3), date(2018, 2, 3))
    assert (term.granted_by, term.granted_by_name) == (operator, "Olga Petit")
    assert (term.grant_reason, term.price, term.order_line) == ("Outage in January", None, None)
    assert sellers.is_seller(member)
    line = JournalEntry.objects.get(kind=journal.TERM_GRANTED)
    assert (line.term, line.actor, line.reason) == (term, operator, "Outage in January")


def test_grant_of_days_counts_the_first_and_the_last(shop, member, operator):
    term = grants.grant(member, shop.plan, days=10, **given(operator))
    assert days(term) == (date(2017, 2, 3), date(2017, 2, 12))
    assert term.months == 0


def test_grant_continues_what_runs(shop, member, operator):
    shop.grant(member)
    term = grants.grant(member, shop.plan, **given(operator))
    assert days(term) == (date(2018, 2, 4), date(2019, 2, 3))


def test_extension_is_followed_by_a_whole_year(shop, member, operator):
    first = shop.grant(member)
    extra = grants.extend(first.subscription, 5, **given(operator))
    assert days(extra) == (date(2018, 2, 4), date(2018, 2, 8))
    bought = fulfilment.order_paid(shop.make_order(member)).term
    assert days(bought) == (date(2018, 2, 9), date(2019, 2, 8))
    first.refresh_from_db()
    assert days(first) == (date(2017, 2, 3), date(2018, 2, 3))


def test_extension_needs_something_to_extend(shop, member, operator, time_machine):
    term = shop.grant(member)
    time_machine.move_to("2018-02-04 12:00+01:00")
    with pytest.raises(grants.NotGrantedError, match="no running term"):
        grants.extend(term.subscription, 5, **given(operator))


@pytest.mark.parametrize("length", [0, -3])
def test_term_has_at_least_one_day(shop, member, operator, length):
    with pytest.raises(grants.NotGrantedError, match="at least one day"):
        grants.grant(member, shop.plan, days=length, **given(operator))
    assert not Term.objects.exists()


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_given_without_a_reason(shop, member, operator, reason):
    with pytest.raises(grants.NotGrantedError, match="reason"):
        grants.grant(member, shop.plan, reason=reason, actor=operator)


def test_nothing_is_given_while_a_payment_is_disputed(shop, member, operator):
    term = shop.grant(member)
    ledger.suspend(term, reason="dispute")
    with pytest.raises(grants.NotGrantedError, match="suspended"):
        grants.extend(term.subscription, 5, **given(operator))


def test_dispute_about_a_year_that_is_over_does_not_keep_an_operator_from_giving_days(
    shop, member, operator, time_machine
):
    old = shop.grant(member)
    time_machine.move_to("2018-06-03 12:00+02:00")
    running = shop.grant(member)
    ledger.suspend(old, reason="dispute")
    given_now = grants.extend(running.subscription, 5, **given(operator))
    assert given_now.starts_on == running.ends_on + timedelta(days=1)


def test_nothing_is_given_to_an_account_that_is_gone(shop, member, operator):
    term = shop.grant(member)
    member.delete()
    term.subscription.refresh_from_db()
    with pytest.raises(grants.NotGrantedError, match="no longer exists"):
        grants.extend(term.subscription, 5, **given(operator))


def test_handover_moves_the_rest_and_no_day_more(shop, member, operator, time_machine):
    first = shop.grant(member, starts_on=date(2016, 2, 29))
    fulfilment.order_paid(shop.make_order(member))
    other = shop.make_user("other")
    here = first.subscription
    moved = grants.hand_over(here, other, **given(operator))
    assert [days(term) for term in moved] == [
        (date(2017, 2, 3), date(2017, 2, 28)),
        (date(2017, 3, 1), date(2018, 2, 28)),
    ]
    assert (sellers.is_seller(member), sellers.is_seller(other)) == (False, True)
    assert not here.terms.valid().exists()
    kinds = set(JournalEntry.objects.values_list("subscription__user__username", "kind"))
    assert {("member", journal.HANDED_OVER), ("other", journal.HANDED_OVER)} <= kinds
    # The chain is counted from its own first day still: 29 February comes back.
    for _year in range(2):
        last = fulfilment.order_paid(shop.make_order(other)).term
    assert last.ends_on == date(2020, 2, 29)


def test_both_sides_of_a_handover_are_named_in_both_histories(shop, member, operator):
    first = shop.grant(member)
    other = shop.make_user("other", first_name="Bea", last_name="Roy")
    here = first.subscription
    here.member_name = "Ada Martin"
    here.save()
    [moved] = grants.hand_over(here, other, **given(operator))
    names = {"from": "Ada Martin", "to": "Bea Roy"}
    for term, link in ((first, {"became": moved.pk}), (moved, {"term": first.pk})):
        line = term.journal.get(kind=journal.HANDED_OVER)
        assert line.subscription_id == term.subscription_id
        assert (line.detail, line.actor) == (names | link, operator)
    days_of_grant = {"from": str(moved.starts_on), "to": str(moved.ends_on)}
    assert moved.journal.get(kind=journal.TERM_GRANTED).detail == days_of_grant


def test_handover_to_somebody_with_days_of_his_own_puts_them_behind(shop, member, operator):
    term = shop.grant(member, starts_on=date(2016, 8, 4))
    left = (term.ends_on - date(2017, 2, 3)).days + 1
    other = shop.make_user("other")
    own = shop.grant(other)
    (moved,) = grants.hand_over(term.subscription, other, **given(operator))
    assert moved.starts_on == own.ends_on + timedelta(days=1)
    assert (moved.ends_on - moved.starts_on).days + 1 == left


def test_handover_with_grace_keeps_the_anchor(shop, member, operator):
    plan = shop.make_plan("Gold", grace_days=10)
    first = shop.grant(member, plan, starts_on=date(2016, 2, 29))
    fulfilment.order_paid(shop.make_order(member, plan))
    moved = grants.hand_over(first.subscription, shop.make_user("other"), **given(operator))
    assert [term.anchor for term in moved] == [date(2016, 2, 29)] * 2


@pytest.mark.parametrize("problem", ["same", "over", "frozen"])
def test_handover_that_makes_no_sense_is_refused(shop, member, operator, problem, time_machine):
    term = shop.grant(member)
    other = member if problem == "same" else shop.make_user("other")
    if problem == "over":
        time_machine.move_to("2018-02-04 12:00+01:00")
    if problem == "frozen":
        ledger.suspend(term, reason="dispute")
    with pytest.raises(grants.NotGrantedError):
        grants.hand_over(term.subscription, other, **given(operator))
    term.refresh_from_db()
    assert term.revoked_at is None
