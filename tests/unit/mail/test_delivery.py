"""An e-mail leaves by Oscar's dispatcher, with its attachments and with headers of its own."""

import smtplib

import pytest
from django.core.mail.backends import locmem
from oscar.apps.communication.utils import Dispatcher
from oscar.core.loading import get_model

from oscar_subscriptions.mail.delivery import (
    MailServer,
    NobodyToldError,
    deliver,
    deliver_to_managers,
)
from oscar_subscriptions.mail.rendering import Mail

Email = get_model("communication", "Email")

# As Oscar makes them; it wants a word about an SMS, be it empty.
MESSAGES = {"subject": "Hello", "body": "Text", "html": "<p>Text</p>", "sms": ""}


def test_a_member_is_written_to_at_the_address_of_now_and_oscar_keeps_it(shop, mailoutbox):
    user = shop.make_user()
    deliver(Mail(MESSAGES), user, "old@example.com")
    [message] = mailoutbox
    assert (message.to, message.subject, message.body) == (["member@example.com"], "Hello", "Text")
    assert message.alternatives[0][0] == "<p>Text</p>"
    assert Email.objects.get().user == user


def test_somebody_without_an_account_is_written_to_at_the_address_of_then(db, mailoutbox):
    deliver(Mail(MESSAGES), None, "old@example.com")
    [message] = mailoutbox
    assert message.to == ["old@example.com"]
    assert not Email.objects.filter(user__isnull=False).exists()


def test_somebody_without_an_address_is_not_written_to(db, mailoutbox):
    with pytest.raises(NobodyToldError, match="no address"):
        deliver(Mail(MESSAGES), None, "")
    assert mailoutbox == []


@pytest.mark.parametrize("has_account", [True, False])
def test_attachments_and_headers_go_along(shop, mailoutbox, has_account):
    user = shop.make_user() if has_account else None
    headers = {"List-Unsubscribe": "<https://shop.example/stop/>"}
    mail = Mail(MESSAGES, [("a.ics", "BEGIN:VCALENDAR", "text/calendar")], headers)
    deliver(mail, user, "old@example.com")
    [message] = mailoutbox
    assert message.attachments == [("a.ics", "BEGIN:VCALENDAR", "text/calendar")]
    assert message.message()["List-Unsubscribe"] == "<https://shop.example/stop/>"


def test_headers_of_one_e_mail_are_not_those_of_the_next(shop, mailoutbox):
    user = shop.make_user()
    deliver(Mail(MESSAGES, headers={"X-Ours": "1"}), user, "")
    deliver(Mail(MESSAGES), user, "")
    assert [message.message()["X-Ours"] for message in mailoutbox] == ["1", None]


@pytest.mark.parametrize("headers", [{}, {"X-Ours": "1"}])
def test_a_mail_server_that_is_down_is_not_hidden(shop, mail_server, headers):
    mail_server.down = True
    with pytest.raises(ConnectionRefusedError):
        deliver(Mail(MESSAGES, headers=headers), shop.make_user(), "")


# To nobody.


def test_fault_81_a_member_without_an_address_is_not_told(shop, mailoutbox):
    user = shop.make_user()
    user.email = ""
    with pytest.raises(NobodyToldError, match="no address"):
        deliver(Mail(MESSAGES), user, "old@example.com")
    assert mailoutbox == []


@pytest.mark.parametrize("has_account", [True, False])
@pytest.mark.parametrize("answer", [None, {}, {"email": None}])
def test_fault_81_a_mail_that_a_dispatcher_drops_is_not_sent(
    shop, monkeypatch, has_account, answer
):
    for name in ("dispatch_user_messages", "dispatch_direct_messages"):
        monkeypatch.setattr(Dispatcher, name, lambda *args, **named: answer)
    with pytest.raises(NobodyToldError, match="dropped by the dispatcher"):
        deliver(Mail(MESSAGES), shop.make_user() if has_account else None, "old@example.com")


def test_a_dispatcher_that_sends_by_other_means_has_sent_if_it_says_so(shop, monkeypatch):
    monkeypatch.setattr(
        Dispatcher, "dispatch_user_messages", lambda *args, **named: {"email": object()}
    )
    deliver(Mail(MESSAGES), shop.make_user(), "")


def test_a_dispatcher_that_returns_nothing_has_sent_if_the_mail_server_was_asked(
    shop, monkeypatch, mailoutbox
):
    send = Dispatcher.dispatch_user_messages
    monkeypatch.setattr(Dispatcher, "dispatch_user_messages", lambda *args: send(*args) and None)
    deliver(Mail(MESSAGES), shop.make_user(), "")
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(("count", "is_sent"), [(0, False), (1, True), (None, True)])
def test_fault_81_a_mail_server_that_takes_none_has_sent_none(shop, monkeypatch, count, is_sent):
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", lambda self, messages: count)
    user = shop.make_user()
    if is_sent:
        deliver(Mail(MESSAGES), user, "")
    else:
        with pytest.raises(NobodyToldError, match="no recipient"):
            deliver(Mail(MESSAGES), user, "")


def test_fault_81_managers_that_nobody_named_are_not_told(settings, mailoutbox):
    settings.MANAGERS = []
    with MailServer() as server, pytest.raises(NobodyToldError, match="MANAGERS"):
        deliver_to_managers("Subject", "Text", server)


# One connection.


@pytest.fixture
def connections(monkeypatch):
    """How many connections were opened; answers in their order, exceptions are raised."""

    def send(self, messages):
        answer = connections.answers.pop(0) if connections.answers else 1
        if isinstance(answer, Exception):
            raise answer
        return answer

    class Opened(list):
        answers: list = []

    connections = Opened()
    monkeypatch.setattr(locmem.EmailBackend, "open", lambda self: connections.append(self))
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send)
    return connections


def offer(server, count):
    """Offer ``count`` messages; return which were taken."""
    taken = []
    for _ in range(count):
        try:
            server.send_messages([])
            taken.append(True)
        except OSError:
            taken.append(False)
    return taken


def refused(code):
    return smtplib.SMTPRecipientsRefused({"ada@example.com": (code, b"no")})


def test_fault_90_one_connection_is_kept_for_many_mails(connections):
    with MailServer() as server:
        assert offer(server, 5) == [True] * 5
    assert len(connections) == 1


@pytest.mark.parametrize(
    "refusal",
    [refused(451), smtplib.SMTPDataError(452, b""), smtplib.SMTPSenderRefused(450, b"", "a@b.c")],
)
def test_fault_90_a_server_that_says_later_three_times_in_a_row_is_refusing(connections, refusal):
    connections.answers = [refusal, refusal, 1, refusal, refusal, refusal]
    server = MailServer()
    assert offer(server, 5) == [False, False, True, False, False]
    assert not server.is_refusing
    assert offer(server, 1) == [False]
    assert server.is_refusing and len(connections) == 1


@pytest.mark.parametrize(
    "failure",
    [ConnectionRefusedError(), TimeoutError(), smtplib.SMTPAuthenticationError(535, b"")],
)
def test_fault_90_a_server_that_can_t_be_used_is_refusing(connections, failure):
    connections.answers = [failure] * 3
    server = MailServer()
    assert offer(server, 3) == [False] * 3
    assert server.is_refusing and len(connections) == 3


def test_fault_90_a_refusal_for_good_is_about_one_mail(connections):
    connections.answers = [refused(451), refused(451), refused(550), refused(451)]
    server = MailServer()
    offer(server, 4)
    assert not server.is_refusing


@pytest.mark.parametrize(
    "closed", [smtplib.SMTPServerDisconnected("bye"), smtplib.SMTPDataError(421, b"")]
)
def test_fault_90_a_connection_that_the_server_has_closed_is_opened_anew(connections, closed):
    connections.answers = [1, closed, 1, 1]
    server = MailServer()
    assert offer(server, 3) == [True] * 3
    assert len(connections) == 2


def test_fault_90_a_new_connection_that_is_closed_at_once_is_a_refusal(connections):
    connections.answers = [smtplib.SMTPServerDisconnected("bye")] * 3
    server = MailServer()
    assert offer(server, 3) == [False] * 3
    assert server.is_refusing
