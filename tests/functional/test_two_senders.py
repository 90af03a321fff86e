"""Two processes find the same e-mail in the outbox at the same moment; one of them sends it.

Two real connections to PostgreSQL: on SQLite writers queue up before they look.
"""

from threading import Event, Thread
from time import monotonic

import pytest
from django.db import connection, transaction
from oscar.core.loading import get_model

from oscar_subscriptions import notifications

Notification = get_model("oscar_subscriptions", "Notification")

pytestmark = pytest.mark.django_db(transaction=True)

BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def wait_until_blocked(count):
    deadline = monotonic() + 10
    while monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0] >= count:
                return
        Event().wait(0.01)
    raise AssertionError(f"{count} connections should wait for the row")


def test_a_letter_claimed_by_another_process_meanwhile_is_not_sent_twice(mailoutbox):
    alert = get_model("oscar_subscriptions", "Alert").objects.create(key="1", kind="reversal")
    row = Notification.objects.create(
        kind=notifications.ALERT, key="1", context={"alert": alert.pk}
    )
    sent = []

    def send():
        try:
            sent.append(notifications.send(row.pk))
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    with transaction.atomic():
        # Both have looked, and found the row free, before either can write.
        Notification.objects.select_for_update().get(pk=row.pk)
        for thread in threads:
            thread.start()
        wait_until_blocked(2)
    for thread in threads:
        thread.join()
    assert sorted(sent) == [False, True]
    assert len(mailoutbox) == 1
