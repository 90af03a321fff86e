"""What is left of a subscription goes to another member, and comes back."""

from datetime import date, timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal, sellers
from oscar_subscriptions.fulfilment import grants, handovers, ledger

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


def test_handover_moves_the_rest_and_no_day_more(shop, member, operator, time_machine):
    first = shop.grant(member, starts_on=date(2016, 2, 29))
    fulfilment.order_paid(shop.make_order(member))
    other = shop.make_user("other")
    here = first.subscription
    moved = handovers.hand_over(here, other, **given(operator))
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
    [moved] = handovers.hand_over(here, other, **given(operator))
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
    (moved,) = handovers.hand_over(term.subscription, other, **given(operator))
    assert moved.starts_on == own.ends_on + timedelta(days=1)
    assert (moved.ends_on - moved.starts_on).days + 1 == left


def test_handover_with_grace_keeps_the_anchor(shop, member, operator):
    plan = shop.make_plan("Gold", grace_days=10)
    first = shop.grant(member, plan, starts_on=date(2016, 2, 29))
    fulfilment.order_paid(shop.make_order(member, plan))
    moved = handovers.hand_over(first.subscription, shop.make_user("other"), **given(operator))
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
        handovers.hand_over(term.subscription, other, **given(operator))
    term.refresh_from_db()
    assert term.revoked_at is None


@pytest.mark.parametrize("has_own", [False, True])
def test_taking_a_handover_back_gives_both_what_they_had(shop, member, operator, has_own):
    first = shop.grant(member, starts_on=date(2016, 8, 4))
    fulfilment.order_paid(shop.make_order(member))
    service = shop.make_service(sellers.get_seller(member))
    other = shop.make_user("other")
    if has_own:
        shop.grant(other)
    here = first.subscription

    def now():
        service.refresh_from_db()
        held = [sorted(map(days, Term.objects.of(user).valid())) for user in (member, other)]
        return held, *map(sellers.seller_until, (member, other)), service.is_public

    before = now()
    handovers.hand_over(here, other, **given(operator))
    assert now() != before and not service.is_public
    back = handovers.take_back(here, **given(operator))
    assert now() == before
    assert len(back) == 2 and all(term.went_to is None for term in back)
    with pytest.raises(grants.NotGrantedError, match="No handover"):
        handovers.take_back(here, **given(operator))


def test_of_two_handovers_the_last_one_is_taken_back(shop, member, operator, time_machine):
    first = shop.grant(member, starts_on=date(2016, 8, 4))
    bea, cid = shop.make_user("bea"), shop.make_user("cid")
    handovers.hand_over(first.subscription, bea, **given(operator))
    time_machine.move_to("2017-02-04 12:00+01:00", tick=False)
    shop.grant(member)
    handovers.hand_over(first.subscription, cid, **given(operator))
    handovers.take_back(first.subscription, **given(operator))
    assert sellers.is_seller(bea) and not Term.objects.of(cid).valid().exists()


def test_a_handover_is_not_taken_back_from_under_days_that_were_paid_for(shop, member, operator):
    term = shop.grant(member)
    other = shop.make_user("other")
    handovers.hand_over(term.subscription, other, **given(operator))
    fulfilment.order_paid(shop.make_order(other))
    with pytest.raises(grants.NotGrantedError, match="a gap would open"):
        handovers.take_back(term.subscription, **given(operator))
    assert Term.objects.of(other).valid().count() == 2


def test_a_handover_is_not_taken_back_if_the_days_were_sold_again(shop, member, operator):
    term = shop.grant(member)
    handovers.hand_over(term.subscription, shop.make_user("other"), **given(operator))
    fulfilment.order_paid(shop.make_order(member))
    with pytest.raises(grants.NotGrantedError, match="sold again"):
        handovers.take_back(term.subscription, **given(operator))
    term.refresh_from_db()
    assert term.went_to is not None and term.revoked_at is not None
