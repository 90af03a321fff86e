"""Each kind of e-mail to members, and the terms that it may be told of."""

import re
from datetime import date, timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.mail import kinds
from oscar_subscriptions.reminders import due
from tests.mails import bring_about

Term = get_model("oscar_subscriptions", "Term")

# The others are about an order, a renewal, a service or a plan.
ABOUT_A_TERM = [
    kind
    for kind, mail in kinds.KINDS.items()
    if mail.read and not mail.needs_order and not re.search("RENEWAL|TAKE|LINK", mail.code)
]
TAKEN_BACK = {term_notices.SUSPENDED, term_notices.REVOKED}


@pytest.fixture
def term(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.grant(shop.make_user())


def told_of(day):
    """The kinds that the one term may be told of on ``day``."""
    found = Term.objects.select_related("subscription__user").get()
    values, facts = {"user": found.subscription.user}, {"term": found.pk}
    return {kind for kind in ABOUT_A_TERM if kinds.KINDS[kind].read(values, facts, day) is not None}


def test_no_two_kinds_have_the_same_code_or_name():
    for name in ("code", "name"):
        assert len({str(getattr(kind, name)) for kind in kinds.KINDS.values()}) == len(kinds.KINDS)


@pytest.mark.parametrize("kind", sorted(TAKEN_BACK))
def test_what_was_taken_back_is_told_as_that_and_as_nothing_else(term, time_machine, kind):
    bring_about(kind, term, time_machine.move_to)
    for day in (date(2017, 2, 3), date(2018, 2, 3), date(2018, 2, 20)):
        assert told_of(day) == {kind}


def test_a_term_that_is_suspended_and_then_revoked_is_told_as_revoked(term, time_machine):
    for kind in (term_notices.SUSPENDED, term_notices.REVOKED):
        bring_about(kind, term, time_machine.move_to)
    assert told_of(date(2017, 2, 3)) == {term_notices.REVOKED}


@pytest.mark.parametrize(
    ("day", "reminder"),
    [
        (date(2018, 2, 2), due.EXPIRING),
        (date(2018, 2, 3), due.LAST_DAY),
        (date(2018, 2, 4), due.LAPSED),
        (date(2018, 2, 3) + due.LAPSED_WITHIN + timedelta(days=1), None),
    ],
)
def test_of_the_reminders_one_at_a_time_is_true(term, day, reminder):
    found = told_of(day)
    assert {kind for kind in found if kinds.KINDS[kind].newest_only} == {reminder} - {None}
    assert found.isdisjoint(TAKEN_BACK)


def test_the_calendar_goes_along_while_the_last_day_is_to_come():
    with_file = {kind for kind in kinds.KINDS if kinds.KINDS[kind].has_calendar}
    assert with_file == {
        term_notices.SELLER_ACTIVATED,
        term_notices.RENEWED,
        term_notices.GRANTED,
        due.EXPIRING,
    }
