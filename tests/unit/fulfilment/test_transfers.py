"""Days that went to another term can be followed, and both histories tell of it."""

from datetime import date

import pytest

from oscar_subscriptions import journal
from oscar_subscriptions.fulfilment import ledger, transfers

TODAY = date(2017, 2, 3)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


@pytest.fixture
def operator(shop):
    return shop.make_user("operator")


@pytest.fixture
def terms(shop):
    """One each of Ada, Bea and Cleo."""
    return [shop.grant(shop.make_user(name)) for name in ("ada", "bea", "cleo")]


def hand_over(old, new, operator):
    ledger.revoke(old, reason="gift", actor=operator)
    names = {"from": str(old), "to": str(new)}
    transfers.record_transfer(
        journal.HANDED_OVER, old, new, detail=names, reason="gift", actor=operator
    )


def credit(old, new):
    detail = transfers.credit_detail(old, TODAY, 40)
    transfers.record_transfer(journal.CREDITED, old, new, detail=detail, reason="changed")


def test_both_histories_tell_of_a_move_and_name_the_other_term(terms, operator):
    ada, bea, _ = terms
    hand_over(ada, bea, operator)
    names = {"from": str(ada), "to": str(bea)}
    for term, link in ((ada, {"became": bea.pk}), (bea, {"term": ada.pk})):
        line = term.subscription.journal.get(kind=journal.HANDED_OVER)
        assert (line.term, line.actor, line.reason) == (term, operator, "gift")
        assert line.detail == names | link


@pytest.mark.parametrize(
    ("day", "first"), [(date(2017, 2, 10), "2017-02-10"), (date(2017, 1, 1), "2017-02-03")]
)
def test_credit_is_for_the_days_that_are_left(terms, day, first):
    detail = {"from": first, "to": "2018-02-03", "days": 40}
    assert transfers.credit_detail(terms[0], day, 40) == detail


def test_term_whose_days_went_nowhere_has_no_path(terms, operator):
    ada, bea, cleo = terms
    hand_over(ada, bea, operator)
    assert transfers.transfers_from(bea) == transfers.transfers_from(cleo) == []


def test_path_goes_on_to_the_term_that_has_the_days_now(terms, operator):
    ada, bea, cleo = terms
    hand_over(ada, bea, operator)
    credit(bea, cleo)
    first, second = transfers.transfers_from(ada)
    assert (first.kind, first.old, first.new) == (journal.HANDED_OVER, ada, bea)
    assert (second.kind, second.old, second.new) == (journal.CREDITED, bea, cleo)
    assert second.detail["days"] == 40


def test_days_that_an_operator_brought_back_are_there_again(terms, operator):
    ada, bea, cleo = terms
    hand_over(ada, bea, operator)
    ledger.restore(ada, reason="mistake", actor=operator)
    assert transfers.transfers_from(ada) == []
    hand_over(ada, cleo, operator)
    assert [move.new for move in transfers.transfers_from(ada)] == [cleo]


def test_all_that_was_given_up_for_a_credit_is_told_and_no_handover(terms, operator):
    ada, bea, cleo = terms
    hand_over(ada, cleo, operator)
    assert transfers.given_up_for(cleo) == []
    credit(bea, cleo)
    credit(ada, cleo)
    assert [move.old for move in transfers.given_up_for(cleo)] == [ada, bea]
    assert {move.new for move in transfers.given_up_for(cleo)} == {cleo}
    assert transfers.given_up_for(bea) == [], "it gave, and got nothing"
