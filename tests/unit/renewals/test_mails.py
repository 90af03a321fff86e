"""The announcement of a renewal, found again in the outbox."""

from oscar_subscriptions.renewals import mails as renewal_mails
from tests.functional.renewals.renewing import (
    OutboxMail,
)


def test_announcement_is_the_letter_with_its_key(planned):
    letter = OutboxMail.objects.get(kind="renewal-announced")
    assert renewal_mails.announcement(planned) == letter
    assert letter.key == renewal_mails._key(planned) == f"renewal-{planned.pk}"
