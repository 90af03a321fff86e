"""An e-mail leaves by Oscar's dispatcher, with its attachments and with headers of its own."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.mail.delivery import deliver
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
