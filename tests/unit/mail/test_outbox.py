"""The outbox: each e-mail once, written for the run or to leave after the commit."""

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.mail import outbox, sending

Alert = get_model("oscar_subscriptions", "Alert")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Email = get_model("communication", "Email")


def queue(user, facts, **kwargs):
    kind = kwargs.pop("kind", term_notices.SELLER_ACTIVATED)
    return outbox.queue(kind, "term-1", user=user, context=facts, **kwargs)


def test_a_mail_is_queued_once_and_leaves_after_the_commit(user, facts, commit, sent_mails):
    with commit():
        first, second = queue(user, facts), queue(user, facts)
        assert first == second
        assert sent_mails(user.email) == []
    assert len(sent_mails(user.email)) == 1
    first.refresh_from_db()
    assert first.sent_at
    assert (first.tries, first.last_error) == (1, "")
    assert sending.waiting().count() == 0


def test_other_kinds_and_keys_are_other_mails(user, facts, commit, sent_mails):
    with commit():
        queue(user, facts)
        queue(user, facts, kind=term_notices.ORDER_CONFIRMED)
        outbox.queue(term_notices.SELLER_ACTIVATED, "term-2", user=user, context=facts)
    assert len(sent_mails(user.email)) == 3


def test_managers_are_told_once_for_each_key(db, commit, sent_mails):
    for key in ("order-1", "order-1", "order-2"):
        with commit():
            alerts.raise_alert(alerts.PROVIDER_KEY, key, reason="It was €1.")
    subjects = [message.subject for message in sent_mails("operator@example.com")]
    assert len(subjects) == 2
    assert subjects[0].endswith("does not accept the shop's key")
    assert sent_mails("operator@example.com")[0].body.startswith("It was €1.")


def test_what_is_put_into_the_outbox_waits_for_the_next_run(user, facts, commit, sent_mails):
    with commit():
        row, is_new = outbox.put("granted", "a", user=user, context=facts)
        assert outbox.put("granted", "a", language="fr") == (row, False)
    assert (is_new, row.language, row.email) == (True, "en", user.email)
    assert sent_mails(user.email) == []
    assert sending.waiting().count() == 1


def test_a_mail_that_nobody_has_begun_to_send_is_taken_back_once(user, facts, sent_mails):
    queue(user, facts)
    assert outbox.take_back(term_notices.SELLER_ACTIVATED, "term-2") is False
    assert outbox.take_back(term_notices.SELLER_ACTIVATED, "term-1") is True
    assert outbox.take_back(term_notices.SELLER_ACTIVATED, "term-1") is False
    assert sending.send_due() == 0


@pytest.mark.parametrize("field", ["claimed_at", "sent_at", "dropped_at"])
def test_a_mail_that_the_member_may_have_read_is_not_taken_back(user, facts, field):
    row = queue(user, facts)
    OutboxMail.objects.update(**{field: timezone.now()})
    assert outbox.take_back(row.kind, row.key) is False
    assert OutboxMail.objects.get() == row


def mails_to(user, facts, *keys):
    subscription = user.oscar_subscriptions.get()
    return [
        outbox.MailToMember(subscription, term_notices.SELLER_ACTIVATED, key, facts) for key in keys
    ]


def test_many_mails_are_written_in_one_statement(user, facts, django_assert_num_queries):
    mails = mails_to(user, facts, "term-1", "term-2", "term-3")
    mails[0].subscription.language = "fr"
    # Two more are the savepoint's.
    with django_assert_num_queries(3):
        assert outbox.to_members(mails) == [True, True, True]
    [row, *_] = OutboxMail.objects.filter(key="term-1")
    assert (row.user, row.email, row.language, row.context) == (user, user.email, "fr", facts)


def test_mails_that_another_process_has_written_meanwhile_are_written_once(user, facts):
    outbox.to_members(mails_to(user, facts, "term-2"))
    mails = mails_to(user, facts, "term-1", "term-2", "term-3")
    assert outbox.to_members(mails) == [True, False, True]
    assert OutboxMail.objects.count() == 3
