"""Hosted pages: made once for each key, read with their payment, listed, closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from oscar_subscriptions.payments.provider import (
    client,
    events,
    sessions,
)
from tests.unit.payments.hosted import page


def paid(standin):
    """Return the id of a payment that is paid."""
    session = page()["id"]
    standin.pay(session)
    return sessions.fetch_session(session)["payment_intent"]["id"]


def test_the_same_key_gives_the_same_page_and_another_one_another(standin):
    assert page()["id"] == page()["id"] != page("two")["id"]


def test_a_key_that_was_used_for_something_else_makes_no_page(standin):
    page()
    with pytest.raises(client.KeyUsedError):
        page(amount=1)
    assert len(list(sessions.sessions_since(timezone.now() - timedelta(minutes=1)))) == 1


def test_a_page_is_found_by_its_reference_since_a_moment(standin):
    made = [page(reference)["id"] for reference in ("one", "two")]
    since = timezone.now() - timedelta(minutes=1)
    assert sessions.find_session("one", since)["id"] == made[0]
    assert sessions.find_session("three", since) is None
    assert sessions.find_session("one", timezone.now() + timedelta(minutes=1)) is None


def test_a_page_is_read_with_its_payment_and_its_charge(standin):
    session = page()["id"]
    assert sessions.fetch_session(session)["payment_status"] == "unpaid"
    standin.pay(session)
    read = sessions.fetch_session(session)
    assert read["payment_status"] == "paid"
    assert read["payment_intent"]["latest_charge"]["amount"] == 24_000


def test_a_page_that_is_closed_can_not_be_paid_and_a_paid_one_stays_paid(standin):
    closed = page()["id"]
    for _ in range(2):
        sessions.expire_session(closed)
    assert standin.pay(closed)["problem"]
    bought = page("two")["id"]
    standin.pay(bought)
    sessions.expire_session(bought)
    assert sessions.fetch_session(bought)["payment_status"] == "paid"


def test_pages_and_events_are_listed_since_a_moment_newest_first(standin):
    now = timezone.now()
    made = [page(reference)["id"] for reference in ("one", "two")]
    standin.pay(made[0])
    listed = [session["id"] for session in sessions.sessions_since(now - timedelta(minutes=1))]
    assert listed == made[::-1]
    later = now + timedelta(minutes=1)
    assert list(sessions.sessions_since(later)) == []
    kinds = ["checkout.session.completed", "charge.refunded"]
    [event] = events.events_since(now - timedelta(minutes=1), kinds)
    assert event["data"]["object"]["id"] == made[0]
    assert list(events.events_since(later, kinds)) == []
