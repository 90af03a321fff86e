"""The history of a subscription."""

import pytest

from oscar_subscriptions import journal


@pytest.fixture
def subscription(shop):
    return shop.grant(shop.make_user()).subscription


def test_a_line_says_what_when_who_and_why(shop, subscription, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    clerk = shop.make_user("clerk")
    journal.record(subscription, "a-shops-own-word", reason="because", actor=clerk, detail={"a": 1})
    entry = subscription.journal.get()
    assert str(entry) == "2017-02-03 11:00 a-shops-own-word"
    assert (entry.reason, entry.actor_name, entry.detail) == ("because", "clerk", {"a": 1})


def test_who_did_it_stays_known_when_the_account_is_gone(shop, subscription):
    clerk = shop.make_user("clerk", first_name="Jo", last_name="Clerk")
    journal.record(subscription, journal.TERM_REVOKED, actor=clerk)
    clerk.delete()
    entry = subscription.journal.get()
    assert (entry.actor, entry.actor_name) == (None, "Jo Clerk")


def test_a_long_reason_is_cut_and_never_loses_the_line(subscription):
    journal.record(subscription, journal.TERM_REVOKED, reason="x" * 1000)
    assert len(subscription.journal.get().reason) == 255
