"""The e-mails to a member, on the page of a subscription."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_subscriptions import privacy
from oscar_subscriptions.mail.kinds import KINDS

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OutboxMail, Subscription

# A member who stays gets hundreds.
SHOWN = 20


class ShownMail(NamedTuple):
    """An e-mail: its row, the name of its kind, and what became of it, in the active language.

    Attributes:
        error: the mail server's own words; "" if there are none.
    """

    row: OutboxMail
    name: str
    status: str
    error: str


def newest(subscription: Subscription) -> list[ShownMail]:
    """Return the newest e-mails to the member of ``subscription``, the newest first."""
    user = subscription.user
    person = privacy.Person(user, user.email if user is not None else subscription.member_email)
    rows = person.mails().order_by("-pk")[:SHOWN]
    return [ShownMail(row, _name(row), _status(row), row.last_error) for row in rows]


def _name(row: OutboxMail) -> str:
    kind = KINDS.get(row.kind)
    return str(kind.name) if kind is not None else row.kind


def _status(row: OutboxMail) -> str:
    if row.sent_at is not None:
        moment = date_format(localtime(row.sent_at), "DATETIME_FORMAT")
        return _("sent on %(date)s") % {"date": moment}
    if row.dropped_at is not None:
        return _("not sent: it was no longer true")
    if row.tries:
        words = ngettext("not sent, %(tries)s try", "not sent, %(tries)s tries", row.tries)
        return words % {"tries": row.tries}
    return _("waits to be sent")
