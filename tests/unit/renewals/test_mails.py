"""The announcement of a renewal, found again in the outbox."""

from oscar_subscriptions.renewals import mails as renewal_mails
from tests.functional.renewals.renewing import (
    OutboxMail,
)


def test_announcement_is_the_mail_with_its_key(planned):
    message = OutboxMail.objects.get(kind="renewal-announced")
    assert renewal_mails.announcement(planned) == message
    assert message.key == renewal_mails._key(planned) == f"renewal-{planned.pk}"
