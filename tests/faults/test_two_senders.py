"""Two processes find the same e-mail in the outbox at the same moment; one of them sends it.

Two real connections to PostgreSQL: on SQLite writers queue up before they look.
"""

import pytest
from django.db import transaction
from oscar.core.loading import get_model

from oscar_subscriptions.mail import kinds, sending
from tests.faults.interleave import wait_until_blocked
from tests.threads import Other

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_mail_claimed_by_another_process_meanwhile_is_not_sent_twice(mailoutbox):
    alert = get_model("oscar_subscriptions", "Alert").objects.create(key="1", kind="reversal")
    row = OutboxMail.objects.create(kind=kinds.ALERT, key="1", context={"alert": alert.pk})
    with transaction.atomic():
        # Both have looked, and found the row free, before either can write.
        OutboxMail.objects.select_for_update().get(pk=row.pk)
        senders = [Other(lambda: sending.send(row.pk)) for _ in range(2)]
        wait_until_blocked(2)
    assert sorted(sender.result() for sender in senders) == [False, True]
    assert len(mailoutbox) == 1
