"""The member's no counts at once, and an earlier charge is told."""

import pytest

from oscar_subscriptions import fulfilment, journal
from oscar_subscriptions.renewals import cancellation, charges
from tests.functional.renewals.renewing import CHARGED, Alert, Attempt, AutoRenewal, Order


@pytest.fixture
def refused(planned, time_machine):
    """The order of the renewal waits for the second try; no provider was asked."""
    time_machine.move_to(f"{CHARGED} 03:00+01:00", tick=False)
    assert charges.charge_renewal(planned, CHARGED)
    return planned


def test_no_before_the_announcement_ends_the_choice_in_the_words_of_its_actor(consent, shop):
    clerk = shop.make_user("clerk", first_name="Jo", last_name="Clerk")
    said = cancellation.stop(consent.subscription, actor=clerk, reason="Asked by phone")
    assert said == cancellation.Stopped(was_on=True)
    consent.refresh_from_db()
    assert (consent.end_reason, consent.ended_by_name) == ("Asked by phone", "Jo Clerk")


def test_no_where_nothing_is_on_changes_nothing(term):
    assert cancellation.stop(term.subscription, actor=None) == cancellation.Stopped(was_on=False)
    assert not term.subscription.journal.filter(kind=journal.RENEWAL_OFF).exists()


def test_no_after_the_announcement_drops_it(planned):
    said = cancellation.stop(planned.auto_renewal.subscription, actor=None)
    planned.refresh_from_db()
    assert said == cancellation.Stopped(was_on=True)
    assert (planned.status, planned.problem) == ("dropped", "Automatic renewal was switched off.")


def test_no_between_two_tries_cancels_the_order(refused, commit):
    with commit():
        said = cancellation.stop(refused.auto_renewal.subscription, actor=None)
    refused.refresh_from_db()
    assert said == cancellation.Stopped(was_on=True)
    assert (refused.status, Order.objects.get().status) == ("dropped", "Cancelled")


def test_charge_that_came_before_the_no_stands_and_is_told(refused):
    Attempt.objects.update(status="paid")
    refused.refresh_from_db()
    fulfilment.order_paid(refused.order)
    said = cancellation.stop(refused.auto_renewal.subscription, actor=None)
    assert said == cancellation.Stopped(was_on=True, was_paid=True)
    refused.refresh_from_db()
    assert refused.status == "done"
    assert not Alert.objects.exists(), "who switched it off is told"
    assert not AutoRenewal.objects.in_force().exists()


def test_no_of_a_member_whose_account_is_gone_forgets_nobody(consent):
    subscription = consent.subscription
    type(subscription).objects.update(user=None)
    subscription.refresh_from_db()
    assert cancellation.stop(subscription, actor=None) == cancellation.Stopped(was_on=True)
