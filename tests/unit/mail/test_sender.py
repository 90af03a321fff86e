"""When mails leave, and in which thread."""

import atexit
import threading
import time

import pytest
from django.core import mail
from django.core.signals import request_finished, request_started

from oscar_subscriptions.mail.sender import Sender

PATIENCE = 10


class Sent(list):
    """What was sent: row and thread. ``limit``: the mail server takes so many."""

    limit = None
    calls = 0

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, lists):
        self.calls += 1
        for rows in lists:
            for row in rows:
                self.gate.wait(PATIENCE)
                self.append((row, threading.current_thread().name))
            if len(self) == self.limit:
                break


@pytest.fixture
def sent(monkeypatch):
    monkeypatch.delattr(mail, "outbox")
    return Sent()


@pytest.fixture
def sender(sent, monkeypatch):
    monkeypatch.setattr("oscar_subscriptions.mail.sender.LINGER_SECONDS", 0)
    sender = Sender(sent, 1)
    yield sender
    sent.gate.set()
    join(sender)
    atexit.unregister(sender._end_process)


def join(sender):
    if thread := sender._thread:
        thread.join(PATIENCE)
        assert not thread.is_alive()


HERE, THERE = "MainThread", "oscar-subscriptions-mail"


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.setattr(threading.current_thread(), "name", HERE)


def test_outside_a_request_a_mail_leaves_at_once_in_the_same_thread(sender, sent):
    sender.take(1)
    assert sent == [(1, HERE)]


def test_fault_90_in_a_request_mails_wait_for_its_end_and_leave_in_a_thread(sender, sent):
    sender._begin_request()
    sender.take(1)
    sender.take(2)
    assert sent == []
    sender._end_request()
    join(sender)
    assert sent == [(1, THERE), (2, THERE)]
    sender.take(3)
    assert sent[-1] == (3, HERE)


def test_a_sender_hears_of_every_request(sender, sent):
    for signal, receiver in (
        (request_started, sender._begin_request),
        (request_finished, sender._end_request),
    ):
        assert signal.disconnect(receiver)
        signal.connect(receiver)


def test_a_request_without_mails_starts_no_thread(sender):
    sender._begin_request()
    sender._end_request()
    assert sender._thread is None


def test_under_the_test_runner_mails_leave_at_once_even_in_a_request(sender, sent, monkeypatch):
    monkeypatch.setattr(mail, "outbox", [], raising=False)
    sender._begin_request()
    sender.take(1)
    assert sent == [(1, HERE)]


def test_fault_90_while_a_run_holds_them_mails_stay_in_the_outbox(sender, sent):
    with sender.held():
        with sender.held():
            pass
        sender.take(1)
    sender.take(2)
    assert sent == [(2, HERE)]


def test_what_one_thread_holds_or_serves_is_no_matter_of_another(sender, sent):
    sender._begin_request()
    with sender.held():
        thread = threading.Thread(target=sender.take, args=(1,), name="other")
        thread.start()
        thread.join(PATIENCE)
    assert sent == [(1, "other")]


def test_fault_90_one_thread_sends_what_later_requests_leave(sender, sent):
    sent.gate.clear()
    for row in (1, 2, 3):
        sender._begin_request()
        sender.take(row)
        sender._end_request()
    assert [thread.name for thread in threading.enumerate()].count(THERE) == 1
    sent.gate.set()
    join(sender)
    assert [row for row, _ in sent] == [1, 2, 3]


def test_a_thread_that_has_nothing_to_do_waits_for_the_next_request(sender, sent, monkeypatch):
    monkeypatch.setattr("oscar_subscriptions.mail.sender.LINGER_SECONDS", PATIENCE)
    for row in (1, 2):
        sender._begin_request()
        sender.take(row)
        sender._end_request()
        deadline = time.monotonic() + PATIENCE
        while len(sent) < row and time.monotonic() < deadline:
            time.sleep(0.01)
    assert sent == [(1, THERE), (2, THERE)] and sent.calls == 1
    sender._end_process()  # ends the waiting at once
    assert sender._thread is None


def test_what_requests_have_left_is_sent_in_lists_of_at_most_so_many(sent, monkeypatch):
    monkeypatch.setattr("oscar_subscriptions.mail.sender.LINGER_SECONDS", 0)
    lists = []
    sender = Sender(lists.extend, 2)
    sender._begin_request()
    sender.take(1, 2)
    sender.take(3)
    sender._end_request()
    join(sender)
    assert lists == [[1, 2], [3]]
    atexit.unregister(sender._end_process)


def test_a_response_that_was_never_closed_keeps_no_mail(sender, sent):
    sender._begin_request()
    sender.take(1)
    sender._begin_request()
    join(sender)
    assert sent == [(1, THERE)]


def test_fault_90_what_a_refusing_server_does_not_take_is_left_to_the_run(sender, sent):
    sent.limit = 1
    sender._begin_request()
    sender.take(1)
    sender.take(2)
    sender._end_request()
    join(sender)
    assert [row for row, _ in sent] == [1]
    sent.limit = None
    sender._begin_request()
    sender.take(3)
    sender._end_request()
    join(sender)
    assert [row for row, _ in sent] == [1, 3]


def test_a_failure_in_the_thread_does_not_stop_the_next(sender, sent, monkeypatch, caplog):
    def fail(rows):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(sender, "_send", fail)
    sender._begin_request()
    sender.take(1)
    sender._end_request()
    join(sender)
    assert "the database is gone" in caplog.text
    monkeypatch.setattr(sender, "_send", sent)
    sender._begin_request()
    sender.take(2)
    sender._end_request()
    join(sender)
    assert sent == [(2, THERE)]


def test_a_machine_without_a_thread_to_spare_loses_no_response(sender, sent, monkeypatch, caplog):
    def start(thread):
        raise RuntimeError("can't start new thread")

    sender._begin_request()
    sender.take(1)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        sender._end_request()
    sender._thread = None
    assert "can't start new thread" in caplog.text


def test_the_end_of_the_process_waits_for_the_mail_under_way_and_no_other(sender, sent):
    sent.gate.clear()
    sender._begin_request()
    sender.take(1)
    sender.take(2)
    sender._end_request()
    while len(sender._rows) > 1:
        time.sleep(0.01)
    wait = threading.Thread(target=sender._end_process)
    wait.start()
    while not sender._is_ending:
        time.sleep(0.01)
    assert wait.is_alive()
    sent.gate.set()
    wait.join(PATIENCE)
    assert [row for row, _ in sent] == [1]
