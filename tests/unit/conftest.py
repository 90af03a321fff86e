"""Fixtures of the unit tests."""

from functools import partial

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from hypothesis import settings as hypothesis_settings

from oscar_subscriptions.mail import outbox
from tests import checking

# A busy machine is no reason to fail.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """``with commit():`` – at the end of the block the transaction counts as committed."""
    return partial(django_capture_on_commit_callbacks, execute=True)


@pytest.fixture
def received():
    """``received(signal)`` – the list of what the signal was sent with from now on; with
    ``sender``, as its receiver hears it."""
    connected = []

    def listen(signal, sender=None):
        calls = []

        def note(sender, **named):
            calls.append(named)

        signal.connect(note, sender=sender, weak=False)
        connected.append((signal, note, sender))
        return calls

    yield listen
    for signal, note, sender in connected:
        signal.disconnect(note, sender=sender)


@pytest.fixture
def raising():
    """``raising(signal)`` – from now on a receiver of a shop raises whenever it is sent."""
    connected = []

    def listen(signal):
        def fail(sender, **named):
            raise RuntimeError("a shop's receiver failed")

        signal.connect(fail, weak=False)
        connected.append((signal, fail))

    yield listen
    for signal, fail in connected:
        signal.disconnect(fail)


@pytest.fixture
def mail_server(monkeypatch):
    """A mail server that can be switched off: ``mail_server.down = True``."""

    class Server:
        down = False

    deliver = locmem.EmailBackend.send_messages

    def send(backend, messages):
        if Server.down and backend.fail_silently:
            return 0
        if Server.down:
            raise ConnectionRefusedError("the mail server is down")
        return deliver(backend, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send)
    return Server


@pytest.fixture
def sent_mails(mailoutbox):
    """``sent_mails(address)`` – what that address received, oldest first."""
    return lambda address: [message for message in mail.outbox if message.to == [address]]


@pytest.fixture
def no_mails(monkeypatch):
    """Without e-mails: hundreds of lives would write thousands of them."""
    monkeypatch.setattr(outbox, "to_member", lambda *args, **named: True)
    monkeypatch.setattr(outbox, "to_members", lambda mails, **named: [True] * len(list(mails)))


@pytest.fixture
def endpoint(db):
    """The endpoint as ``subscriptions_webhook`` makes it."""
    # Not above: a shop without the payments app runs tests of this folder too.
    from djstripe.models import WebhookEndpoint

    from oscar_subscriptions.payments.provider.events import EVENTS

    return WebhookEndpoint.objects.create(
        id="we_1",
        livemode=False,
        enabled_events=list(EVENTS),
        secret="whsec_1",
        status="enabled",
        url="https://shop.example/stripe/webhook/1/",
    )


@pytest.fixture
def no_mistake(shop, endpoint):
    """A shop in which the system checks find nothing; the test makes the mistake."""
    assert checking.found_in_data() == {}
