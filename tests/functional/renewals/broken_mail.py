"""A mail server that is down."""

from django.core.mail.backends.base import BaseEmailBackend


class Backend(BaseEmailBackend):
    """Refuses every e-mail."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError("no mail server")
