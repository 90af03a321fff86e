"""Sends mails to members through Oscar's dispatcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail import EmailMessage, get_connection
from oscar.core.loading import get_class

from oscar_subscriptions.mail.rendering import Mail

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import User


class _WithHeaders:
    """A connection to the shop's mail server that adds headers to each message: Oscar's dispatcher
    takes a connection, but no headers."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers

    def send_messages(self, messages: list[EmailMessage]) -> int:
        """Add the headers and send; return how many messages were sent."""
        for message in messages:
            message.extra_headers = self.headers | message.extra_headers
        return get_connection().send_messages(messages)


def deliver(mail: Mail, user: User | None, address: str) -> None:
    """Send ``mail``.

    Args:
        mail: the result of ``rendering.write``.
        user: the member, to whose current address it is sent; ``None`` if the account is gone.
        address: used without ``user``; "": nothing is sent.

    Raises:
        Exception: whatever the mail server raises.
    """
    connection = _WithHeaders(mail.headers) if mail.headers else None
    dispatcher = get_class("communication.utils", "Dispatcher")(mail_connection=connection)
    if user is not None:
        dispatcher.dispatch_user_messages(user, mail.messages, mail.attachments)
    elif address:
        dispatcher.dispatch_direct_messages(address, mail.messages, mail.attachments)
