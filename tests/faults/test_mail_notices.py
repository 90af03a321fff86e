"""Faults 81 and 93: what counts as a notice, and what a mail says at the moment when it leaves."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from oscar_subscriptions.mail import delivery
from oscar_subscriptions.renewals import mails as renewal_mails
from tests.functional.renewals.renewing import ANNOUNCED, CHARGED, OutboxMail

pytestmark = pytest.mark.django_db(transaction=True)


# 81


def lose_address_before_the_announcement(bought, monkeypatch):
    """The announcement is written, and the member has no address when it would leave."""
    render = renewal_mails.announced

    def announced(planned):
        render(planned)
        get_user_model().objects.filter(pk=bought.member.pk).update(email="")

    monkeypatch.setattr(renewal_mails, "announced", announced)
    bought.run(ANNOUNCED)


def run_with_an_address(bought):
    """On the day of the charge the member has an address again."""
    get_user_model().objects.filter(pk=bought.member.pk).update(email="ada@example.com")
    bought.run(CHARGED)


def test_fault_81_announcement_that_reached_nobody_allows_no_charge(bought, monkeypatch):
    lose_address_before_the_announcement(bought, monkeypatch)
    row = OutboxMail.objects.get(kind="renewal-announced")
    assert (row.sent_at, row.last_error) == (None, "NobodyToldError: no address")
    assert not renewal_mails.was_told_in_time(bought.planned, CHARGED)
    run_with_an_address(bought)
    assert bought.charges() == ["succeeded"]  # of the first year
    assert bought.planned.status == "dropped" and bought.mails() == []


def test_fault_81_without_the_look_at_the_recipient_nobody_is_told_and_charged_control(
    bought, monkeypatch
):
    deliver = delivery.deliver

    def deliver_silently(*args):
        with suppress(delivery.NobodyToldError):
            deliver(*args)

    monkeypatch.setattr(delivery, "deliver", deliver_silently)
    lose_address_before_the_announcement(bought, monkeypatch)
    assert renewal_mails.was_told_in_time(bought.planned, CHARGED)
    run_with_an_address(bought)
    assert bought.charges() == ["succeeded"] * 2


def test_fault_81_announcement_that_was_dropped_is_no_notice(bought, monkeypatch):
    announced = renewal_mails.announced

    def announced_and_ended(planned):
        announced(planned)
        type(planned).objects.filter(pk=planned.pk).update(status="dropped")

    monkeypatch.setattr(renewal_mails, "announced", announced_and_ended)
    bought.run(ANNOUNCED)
    assert not renewal_mails.was_told_in_time(bought.planned, CHARGED + timedelta(days=90))
