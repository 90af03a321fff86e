"""The signals for shops: what a receiver does comes after the commit and can't undo it."""

import pytest
from django.contrib.sites.models import Site
from django.db import transaction
from django.dispatch import Signal

from oscar_subscriptions.signals import send_on_commit


@pytest.fixture
def signal():
    return Signal()


def test_receivers_hear_after_the_commit_what_the_sender_said(db, signal, commit, received):
    heard = received(signal)
    with commit():
        send_on_commit(signal, Site, term="term", reason="refund")
        assert heard == []
    assert heard == [{"signal": signal, "term": "term", "reason": "refund"}]


def test_receivers_of_one_sender_hear_of_that_sender_alone(db, signal, commit):
    heard = []

    def note(sender, **named):
        heard.append(sender)

    signal.connect(note, sender=Site)
    with commit():
        send_on_commit(signal, Site)
        send_on_commit(signal, Signal)
    assert heard == [Site]


def test_signals_are_sent_in_the_order_in_which_things_happened(db, commit, received):
    first, second = Signal(), Signal()
    heard = []
    first.connect(lambda sender, **named: heard.append("first"), weak=False)
    second.connect(lambda sender, **named: heard.append("second"), weak=False)
    with commit():
        send_on_commit(first, Site)
        send_on_commit(second, Site)
        send_on_commit(first, Site)
    assert heard == ["first", "second", "first"]


def test_nobody_hears_of_what_was_rolled_back(db, signal, commit, received):
    heard = received(signal)
    with commit(), pytest.raises(RuntimeError), transaction.atomic():
        send_on_commit(signal, Site)
        raise RuntimeError("rolled back")
    assert heard == []


def test_a_receiver_that_raises_is_logged_and_the_others_hear(
    db, signal, commit, received, raising, caplog
):
    raising(signal)
    heard = received(signal)
    with commit():
        send_on_commit(signal, Site)
        Site.objects.create(domain="kept.example", name="kept")
    assert len(heard) == 1
    assert "a shop's receiver failed" in caplog.text
    assert Site.objects.filter(domain="kept.example").exists()
