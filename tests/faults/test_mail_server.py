"""Faults 81 and 90: a mail server that is slow, says "later", or is given nobody to write to."""

import threading
import time
from urllib.parse import urlsplit

import pytest
import requests
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import RequestFactory
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.daily_run import runner, steps
from oscar_subscriptions.mail import delivery, outbox, sending
from tests import smtp
from tests.bank import Payment
from tests.faults import invariants
from tests.threads import PATIENCE

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

# How long the mail server of these tests waits for the test, which is itself waiting for a page.
STUBBORN = 3


class Gate:
    """A mail server that keeps every mail waiting until ``open()``.

    Attributes:
        began: addresses, in the order in which their mails came.
        gave_up: whether it waited in vain, because whoever opens it waited for the mail.
    """

    def __init__(self):
        self.began, self.gave_up = [], False
        self._opened = threading.Event()
        self.server = smtp.MailServer(on_begin=self.begin)

    def begin(self, to):
        self.began.append(to)
        self.gave_up |= not self._opened.wait(STUBBORN)

    def open(self):
        self._opened.set()


def use(server, settings, monkeypatch):
    """Let the shop send as in production: over SMTP, and after the response."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 10
    monkeypatch.delattr(mail, "outbox")


@pytest.fixture
def gate(settings, monkeypatch):
    gate = Gate()
    with gate.server:
        use(gate.server, settings, monkeypatch)
        yield gate
        gate.open()
        wait_for_sender()


def wait_for_sender():
    if thread := outbox.SENDER._thread:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def wait_until(is_so):
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def assert_told(gate):
    """Both mails about the purchase leave within seconds, and no run was needed."""
    gate.open()
    wait_until(lambda: not OutboxMail.objects.unsent().exists())
    kinds = OutboxMail.objects.filter(sent_at__isnull=False).values_list("kind", flat=True)
    assert sorted(kinds) == ["order-confirmed", "seller-activated"]
    assert len(gate.server.taken) == 2
    assert gate.server.connections == 1


# 90, in a request


def test_fault_90_webhook_is_answered_before_a_mail_leaves(shop, member, standin, webhook, gate):
    Payment(shop, standin, member).pay()  # waits until the webhook has answered
    assert Term.objects.count() == 1
    assert not gate.gave_up
    assert_told(gate)
    invariants.check(shop)


def at_commit(monkeypatch):
    """The guard is off: nobody notes that a request has begun."""
    monkeypatch.setattr(outbox.SENDER, "take", lambda *rows: [sending.send(row) for row in rows])


def test_fault_90_mails_at_commit_keep_the_webhook_waiting_control(
    shop, member, standin, webhook, gate, monkeypatch
):
    at_commit(monkeypatch)
    Payment(shop, standin, member).pay()
    assert gate.gave_up


@pytest.fixture
def way_back(client, standin, hosted):
    """The path to which the provider sends the member who has paid."""
    _, back, _ = standin.submit_card(hosted)
    return urlsplit(back).path


def test_fault_90_page_is_shown_before_a_mail_leaves(client, way_back, live_server, gate):
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    page = requests.get(live_server.url + way_back, cookies=cookies, timeout=PATIENCE)
    assert page.status_code == 200 and Term.objects.count() == 1
    assert not gate.gave_up
    assert_told(gate)


def test_fault_90_wsgi_no_mail_begins_before_the_server_has_closed_the_response(
    client, way_back, gate
):
    request = RequestFactory(HTTP_COOKIE=client.cookies.output(header="", sep=";")).get(way_back)
    response = WSGIHandler()(request.environ, lambda status, headers: None)
    b"".join(response)
    time.sleep(0.2)
    assert Term.objects.count() == 1 and gate.began == []
    response.close()
    wait_until(lambda: gate.began)
    assert_told(gate)


def test_fault_90_asgi_no_mail_begins_before_the_last_byte(client, way_back, gate):
    cookie = client.cookies.output(header="", sep=";").strip().encode()
    scope = {
        "type": "http",
        "method": "GET",
        "path": way_back,
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"cookie", cookie)],
    }
    began = []

    async def walk():
        application = ApplicationCommunicator(ASGIHandler(), scope)
        await application.send_input({"type": "http.request"})
        start = await application.receive_output(PATIENCE)
        body = await application.receive_output(PATIENCE)
        began.extend(gate.began)
        await application.wait(PATIENCE)
        return start["status"], body.get("more_body", False)

    assert async_to_sync(walk)() == (302, False)
    assert Term.objects.count() == 1
    assert began == [] and not gate.gave_up
    assert_told(gate)


def test_fault_90_one_thread_sends_what_many_requests_have_left(shop, standin, webhook, gate):
    payments = [Payment(shop, standin, name=f"member{number}") for number in range(3)]
    for payment in payments:
        payment.pay()
    wait_until(lambda: gate.began)
    names = [thread.name for thread in threading.enumerate()]
    assert names.count("oscar-subscriptions-mail") == 1
    gate.open()
    wait_until(lambda: not OutboxMail.objects.unsent().exists())
    assert len(gate.server.taken) == 6


def test_fault_90_mail_that_has_not_begun_to_leave_is_deleted_with_the_account(
    shop, standin, webhook, gate
):
    first, second = [Payment(shop, standin, name=name) for name in ("ada", "grace")]
    first.pay()
    wait_until(lambda: gate.began)
    second.pay()
    OutboxMail.objects.filter(user=second.user).delete()
    gate.open()
    wait_for_sender()
    assert {to for to, _ in gate.server.taken} == {first.user.email}


# 90, in a run


def paid_unheard(shop, standin, count):
    standin.delivery(drop="all")
    return [Payment(shop, standin, name=f"member{number}").pay() for number in range(count)]


def paid_at_the_first_mail(shop, standin, settings, monkeypatch):
    """Let a run find three payments; return how many were paid when the first mail came."""
    seen = []

    def look(to):
        seen.append(Attempt.objects.filter(status=Attempt.PAID).count())
        connection.close()  # of the mail server's thread

    with smtp.MailServer(on_begin=look) as server:
        use(server, settings, monkeypatch)
        paid_unheard(shop, standin, 3)
        call_command("subscriptions_run", verbosity=0)
    assert len(server.taken) == 6
    assert not OutboxMail.objects.unsent().exists()
    return seen[0], server.connections


def test_fault_90_run_looks_after_money_before_the_first_mail(shop, standin, settings, monkeypatch):
    assert paid_at_the_first_mail(shop, standin, settings, monkeypatch) == (3, 1)
    invariants.check(shop)


def test_fault_90_run_that_mails_at_commit_keeps_payments_waiting_control(
    shop, standin, settings, monkeypatch
):
    at_commit(monkeypatch)
    paid, connections = paid_at_the_first_mail(shop, standin, settings, monkeypatch)
    assert (paid, connections) == (1, 6)


def test_fault_90_mails_are_the_last_step_whatever_app_adds_more(monkeypatch):
    monkeypatch.setattr(runner, "_STEPS", runner._STEPS[:])
    runner.add_step(lambda day, dry_run: ())
    assert runner._STEPS[-1] == steps.send_outbox


@pytest.fixture
def waiting(shop):
    """Twelve members who are to be told of what they were given."""
    for number in range(12):
        term = shop.grant(shop.make_user(f"member{number}"))
        outbox.put("granted", str(term.pk), user=term.subscription.user, context={"term": term.pk})


@pytest.mark.parametrize("later", [smtp.LATER, "452 4.3.1 Too busy"])
def test_fault_90_run_stops_after_three_temporary_refusals(waiting, settings, monkeypatch, later):
    with smtp.MailServer(answer=lambda to: later if len(server.taken) == 4 else "250 OK") as server:
        use(server, settings, monkeypatch)
        with pytest.raises(CommandError):
            call_command("subscriptions_run", verbosity=0)
        assert (len(server.taken), server.asked, server.connections) == (4, 7, 1)
        assert list(OutboxMail.objects.order_by("pk").values_list("tries", flat=True)) == [
            *[1] * 7,
            *[0] * 5,
        ]
        server.answer = lambda to: "250 OK"
        call_command("subscriptions_run", verbosity=0)
        assert (len(server.taken), server.connections) == (12, 2)


def test_fault_90_run_that_never_stops_asks_for_each_mail_control(waiting, settings, monkeypatch):
    monkeypatch.setattr(delivery, "REFUSALS_ALLOWED", 100)
    with smtp.MailServer(answer=lambda to: smtp.LATER) as server:
        use(server, settings, monkeypatch)
        with pytest.raises(CommandError):
            call_command("subscriptions_run", verbosity=0)
        assert server.asked == 12


def test_fault_90_server_that_closes_after_so_many_mails_is_asked_again(
    waiting, settings, monkeypatch
):
    """Many servers take only so many mails over one connection; the mail after is not refused."""

    def answer(to):
        return "421 4.7.0 Too many mails" if server.asked % 5 == 0 else "250 OK"

    with smtp.MailServer(answer=answer) as server:
        use(server, settings, monkeypatch)
        call_command("subscriptions_run", verbosity=0)
        assert len({to for to, _ in server.taken}) == 12
        assert server.connections == 3


def test_fault_90_addresses_that_are_refused_for_good_stop_nobody(waiting, settings, monkeypatch):
    def answer(to):
        return "250 OK" if to.startswith("member9") else "550 5.1.1 No such mailbox"

    with smtp.MailServer(answer=answer) as server:
        use(server, settings, monkeypatch)
        with pytest.raises(CommandError):
            call_command("subscriptions_run", verbosity=0)
        assert (len(server.taken), server.asked, server.connections) == (1, 12, 1)


# 81


@pytest.fixture
def silent(shop):
    """The term of a member who has no address."""
    term = shop.grant(shop.make_user())
    get_user_model().objects.update(email="")
    return Term.objects.get(pk=term.pk)


def test_fault_81_mail_without_an_address_is_not_sent_until_there_is_one(silent, mailoutbox):
    user = silent.subscription.user
    row, _ = outbox.put("granted", "1", user=user, context={"term": silent.pk})
    assert sending.send_due() == 0
    row.refresh_from_db()
    assert (row.sent_at, row.last_error) == (None, "NobodyToldError: no address")
    type(user).objects.filter(pk=user.pk).update(email="ada@example.com")
    assert sending.send_due() == 1
    assert [message.to for message in mailoutbox] == [["ada@example.com"]]


def test_fault_81_mail_to_an_account_that_is_gone_and_had_no_address_is_not_sent(silent):
    user, context = silent.subscription.user, {"term": silent.pk}
    row, _ = outbox.put("granted", "1", user=user, context=context)
    silent.subscription.user.delete()
    assert sending.send_due() == 0
    row.refresh_from_db()
    assert row.sent_at is None


def test_fault_81_mail_that_is_no_longer_true_is_dropped_and_not_sent(shop, mailoutbox):
    term = shop.grant(shop.make_user())
    row, _ = outbox.put("granted", "1", user=term.subscription.user, context={"term": term.pk})
    fulfilment.revoke(term, reason="a mistake")
    sending.send(row.pk)
    row.refresh_from_db()
    assert row.sent_at is None and row.dropped_at is not None
    assert sending.send(row.pk) is False
    assert row not in sending.waiting()
    assert "is yours" not in "".join(message.subject for message in mailoutbox)
