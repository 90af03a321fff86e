"""Sends mails through Oscar's dispatcher, several over one connection to the mail server."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMessage, get_connection, mail_managers
from django.core.mail.backends.base import BaseEmailBackend
from oscar.core.loading import get_class

from oscar_subscriptions.mail.rendering import Mail

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import User

# After as many refusals in a row the server is left alone until the next run.
REFUSALS_ALLOWED = 3
# SMTP: the server closes the connection. From 500 on it refuses the mail itself, and for good.
_CLOSING, _FOR_GOOD = 421, 500


class NobodyToldError(Exception):
    """A mail went to nobody: it has no address, or a dispatcher or mail server dropped it."""


class MailServer(BaseEmailBackend):
    """The shop's mail server: one connection for all mails, opened for the first of them.

    Oscar's dispatcher takes it as its ``mail_connection``.

    Attributes:
        headers: added to each message; Oscar's dispatcher takes none.
        accepted: how many calls of :meth:`send_messages` the server has accepted.
    """

    def __init__(self) -> None:
        super().__init__()
        self.headers: dict[str, str] = {}
        self.accepted = 0
        self._connection: Any = None
        self._refusals = 0

    @property
    def is_refusing(self) -> bool:
        """Whether the last ``REFUSALS_ALLOWED`` mails met a server that takes none for now."""
        return self._refusals >= REFUSALS_ALLOWED

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Send ``messages``; return how many were sent.

        Raises:
            NobodyToldError: none was sent, although nothing failed.
            Exception: whatever the mail server raises.
        """
        for message in messages:
            message.extra_headers = self.headers | message.extra_headers
        was_open = self._connection is not None
        try:
            count = self._send(messages)
        except OSError as error:
            # A server may close a connection after so many mails; that says nothing of this one.
            if not (was_open and self._connection is None):
                self._note(error)
                raise
            try:
                count = self._send(messages)
            except OSError as again:
                self._note(again)
                raise
        self._refusals = 0
        # Backends return the number of messages; some of other makers return nothing.
        if count == 0:
            raise NobodyToldError("the mail server was given no recipient")
        self.accepted += 1
        return len(messages) if count is None else count

    def close(self) -> None:
        """Close the connection; the next mail opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError):
                connection.close()

    def _send(self, messages: Sequence[EmailMessage]) -> int | None:
        try:
            if self._connection is None:
                self._connection = get_connection()
                self._connection.open()
            count: int | None = self._connection.send_messages(messages)
            return count
        except Exception as error:
            # A refused mail leaves the connection usable; after anything else nobody knows.
            if not _codes(error) or _CLOSING in _codes(error):
                self.close()
            raise

    def _note(self, error: OSError) -> None:
        """Count ``error`` as a refusal, unless it is about one mail alone."""
        is_about_mail = max(_codes(error), default=0) >= _FOR_GOOD
        self._refusals = 0 if is_about_mail else self._refusals + 1


def deliver(mail: Mail, user: User | None, address: str, server: MailServer | None = None) -> None:
    """Send ``mail``.

    Args:
        mail: the result of ``rendering.write``.
        user: the member, to whose current address it is sent; ``None`` if the account is gone.
        address: used without ``user``.
        server: default: a connection for this mail alone.

    Raises:
        NobodyToldError: it was sent to nobody. A dispatcher that does not use the connection it is
            given has to return what Oscar's returns.
        Exception: whatever the mail server raises.
    """
    if server is None:
        with MailServer() as server:
            return deliver(mail, user, address, server)
    server.headers, before = mail.headers, server.accepted
    dispatcher = get_class("communication.utils", "Dispatcher")(mail_connection=server)
    answer: Any = None
    if user is not None:
        answer = dispatcher.dispatch_user_messages(user, mail.messages, mail.attachments)
    elif address:
        answer = dispatcher.dispatch_direct_messages(address, mail.messages, mail.attachments)
    if isinstance(answer, dict):
        answer = answer.get("email")
    if server.accepted == before and not answer:
        has_address = user.email if user is not None else address
        raise NobodyToldError("dropped by the dispatcher" if has_address else "no address")


def deliver_to_managers(subject: str, body: str, server: MailServer) -> None:
    """Send a mail to ``MANAGERS``.

    Raises:
        NobodyToldError: there are none.
        Exception: whatever the mail server raises.
    """
    server.headers, before = {}, server.accepted
    mail_managers(subject, body, fail_silently=False, connection=server)
    if server.accepted == before:
        raise NobodyToldError("MANAGERS is empty")


def _codes(error: Exception) -> set[int]:
    """Return the codes with which an SMTP server refused a mail; none for any other failure."""
    if isinstance(error, SMTPRecipientsRefused):
        return {code for code, _ in error.recipients.values()}
    return {error.smtp_code} if isinstance(error, SMTPSenderRefused | SMTPDataError) else set()
