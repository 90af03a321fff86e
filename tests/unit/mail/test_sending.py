"""What is in the outbox is sent: each e-mail once, later if the mail server is down."""

from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone, translation
from oscar.core.loading import get_model

from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.mail import outbox, sending

Alert = get_model("oscar_subscriptions", "Alert")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Email = get_model("communication", "Email")


def queue(user, facts, **kwargs):
    kind = kwargs.pop("kind", term_notices.SELLER_ACTIVATED)
    return outbox.queue(kind, "term-1", user=user, context=facts, **kwargs)


def test_fault_38_a_mail_waits_for_the_mail_server_and_is_then_sent_once(
    user, facts, commit, sent_mails, mail_server
):
    mail_server.down = True
    with commit():
        row = queue(user, facts)
    assert sending.send_due() == 0
    row.refresh_from_db()
    assert (row.sent_at, row.tries) == (None, 2)
    assert row.last_error == "ConnectionRefusedError: the mail server is down"
    mail_server.down = False
    assert sending.send_due() == 1
    assert sending.send_due() == 0
    assert len(sent_mails(user.email)) == 1
    row.refresh_from_db()
    assert (row.tries, row.last_error) == (3, "")


@pytest.fixture
def tired(user, facts, mail_server, time_machine):
    """An e-mail that 40 hourly runs could not send; the managers have been told."""
    mail_server.down = True
    row = queue(user, facts)
    for _ in range(40):
        sending.send_due()
        time_machine.shift(timedelta(hours=1))
    return row


def test_a_mail_server_that_is_down_for_two_days_of_hourly_runs_loses_no_mail(
    tired, user, sent_mails, mail_server
):
    mail_server.down = False
    sending.send_due()
    assert len(sent_mails(user.email)) == 1
    tired.refresh_from_db()
    assert tired.sent_at


def test_a_mail_is_given_up_after_a_month_however_often_it_was_tried(
    tired, user, sent_mails, mail_server, time_machine
):
    time_machine.move_to(tired.created_at + timedelta(days=30, minutes=1))
    mail_server.down = False
    sending.send_due()
    assert sent_mails(user.email) == []
    assert Alert.objects.open().count() == 1


def test_a_mail_that_was_tried_a_few_times_in_a_month_is_tried_on(
    user, facts, sent_mails, time_machine
):
    row = queue(user, facts)
    OutboxMail.objects.update(tries=29)
    time_machine.move_to(row.created_at + timedelta(days=40))
    assert sending.send_due() == 1


def test_a_mail_that_another_process_is_sending_is_left_to_it(user, facts, sent_mails):
    row = queue(user, facts)
    OutboxMail.objects.update(claimed_at=timezone.now() - sending.LEASE / 2)
    assert sending.send(row.pk) is False
    assert sending.send_due() == 0
    assert sent_mails(user.email) == []


def test_fault_35_a_mail_whose_process_died_is_sent_when_the_lease_is_over(user, facts, sent_mails):
    queue(user, facts)
    OutboxMail.objects.update(claimed_at=timezone.now() - sending.LEASE - timedelta(seconds=1))
    assert sending.send_due() == 1
    assert len(sent_mails(user.email)) == 1


def test_a_mail_that_was_sent_is_never_sent_again_not_even_after_the_lease(
    user, facts, sent_mails, time_machine
):
    row = queue(user, facts)
    assert sending.send(row.pk) is True
    assert sending.send(row.pk) is False
    time_machine.move_to("2017-03-03 12:00+01:00")
    assert sending.send(row.pk) is False
    assert sending.send_due() == 0
    assert len(sent_mails(user.email)) == 1


def test_fault_72_one_mail_that_can_t_be_written_does_not_stop_the_others(user, facts, sent_mails):
    poisoned = outbox.queue(term_notices.SELLER_ACTIVATED, "gone", user=user, context={"term": 0})
    queue(user, facts)
    assert sending.send_due() == 1
    assert len(sent_mails(user.email)) == 1
    poisoned.refresh_from_db()
    assert "DoesNotExist" in poisoned.last_error


def test_mails_that_failed_least_often_go_first(user, facts, sent_mails):
    kinds = [term_notices.SELLER_ACTIVATED, term_notices.ORDER_CONFIRMED]
    tired, fresh = [queue(user, facts, kind=kind) for kind in kinds]
    OutboxMail.objects.filter(pk=tired.pk).update(tries=5)
    sending.send_due()
    assert "is confirmed" in sent_mails(user.email)[0].subject
    assert OutboxMail.objects.get(pk=fresh.pk).tries == 1


@pytest.mark.parametrize(
    ("language", "day"), [("fr", "3 février 2018"), ("en", "Feb. 3, 2018"), ("", "Feb. 3, 2018")]
)
def test_a_mail_is_in_its_members_language_whoever_sends_it(user, facts, sent_mails, language, day):
    queue(user, facts, language=language)
    with translation.override("de"):
        sending.send_due()
    [message] = sent_mails(user.email)
    assert day in message.subject
    assert day in message.body


def test_a_member_who_left_is_still_told_at_the_address_of_then(user, facts, sent_mails):
    queue(user, facts)
    address = user.email
    user.delete()
    assert sending.send_due() == 1
    assert len(sent_mails(address)) == 1


def test_a_mail_to_a_member_is_kept_in_the_account(user, facts):
    queue(user, facts)
    sending.send_due()
    assert Email.objects.get().user == user


def test_links_lead_to_the_shop(user, facts, sent_mails, settings):
    settings.OSCAR_SUBSCRIPTIONS_BASE_URL = None
    queue(user, facts)
    sending.send_due()
    assert "https://shop.example/members/space/" in sent_mails(user.email)[0].body


def test_a_mail_whose_account_is_deleted_after_it_was_read_is_left_to_the_next_run(
    user, facts, sent_mails
):
    """Mails that a run sends together are read together."""
    queue(user, facts)
    replaced = sending._replaced

    def meanwhile(rows):
        get_model("auth", "User").objects.get().delete()
        return replaced(rows)

    with mock.patch.object(sending, "_replaced", meanwhile):
        assert sending.send_due() == 0
    row = OutboxMail.objects.get()
    assert (row.user, row.tries, row.claimed_at) == (None, 0, None)
