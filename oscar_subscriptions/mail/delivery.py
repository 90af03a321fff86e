"""Hands an e-mail to a member over to Oscar's dispatcher."""

from typing import Any

from django.core.mail import get_connection
from oscar.core.loading import get_class

from oscar_subscriptions.mail.rendering import Mail


class _WithHeaders:
    """The shop's mail server, for e-mails that get headers of their own: Oscar's dispatcher takes
    a connection, and no headers."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers

    def send_messages(self, messages: list[Any]) -> int:
        """Add the headers to each message and send it."""
        for message in messages:
            message.extra_headers = self.headers | message.extra_headers
        return get_connection().send_messages(messages)


def deliver(mail: Mail, user: Any, address: str) -> None:
    """Send ``mail``.

    Args:
        mail: what ``mail_writing.write`` returned.
        user: the member, whose address of now is taken; ``None`` for one who is gone.
        address: where to then; empty: nowhere.

    Raises:
        Exception: whatever the mail server raises.
    """
    connection = _WithHeaders(mail.headers) if mail.headers else None
    dispatcher = get_class("communication.utils", "Dispatcher")(mail_connection=connection)
    if user is not None:
        dispatcher.dispatch_user_messages(user, mail.messages, mail.attachments)
    elif address:
        dispatcher.dispatch_direct_messages(address, mail.messages, mail.attachments)
