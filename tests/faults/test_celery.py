"""The run carried out by two Celery workers behind a real broker, one of which is killed midway."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from celery import Celery
from dateutil.relativedelta import relativedelta
from django.db import connection
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, journal
from oscar_subscriptions.daily_run import checkpoints
from oscar_subscriptions.mail import sending
from oscar_subscriptions.tasks import run as tasks
from tests import crowd
from tests.faults import controls, workers
from tests.faults.interleave import wait_until_blocked
from tests.faults.test_scale import assert_each_parked_once
from tests.smtp import MailServer
from tests.threads import at_once

Checkpoint = get_model("oscar_subscriptions", "Checkpoint")
JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Product = get_model("catalogue", "Product")
Seller = get_model("oscar_subscriptions", "Seller")

pytestmark = pytest.mark.django_db(transaction=True)

SELLERS = 12


@pytest.fixture
def lapsed(shop):
    """Sellers with two services each, whose term ended yesterday: a reminder is due as well."""
    yesterday = conf.today() - timedelta(days=1)
    return crowd.make(shop, SELLERS, starts_on=yesterday - relativedelta(years=1), services=2)


@pytest.fixture
def broker():
    with workers.redis() as address:
        yield address


@pytest.fixture
def mail_servers():
    """One for each of two workers, so that it is known which of them sends."""
    with MailServer() as one, MailServer() as two:
        yield one, two


@pytest.fixture
def pair(lapsed, broker, mail_servers, standin, tmp_path):
    """Two workers at one broker."""
    start = partial(workers.Worker, folder=tmp_path, broker=broker, provider=standin.url)
    ports = [server.port for server in mail_servers]
    with start("one", mail_port=ports[0]) as one, start("two", mail_port=ports[1]) as two:
        yield {"one": one, "two": two}


def run(broker):
    """Start a run; return a function that tells whether it is over."""
    before = checkpoints.reached(checkpoints.RUN)
    with Celery(broker=broker, set_as_current=False) as app:
        app.send_task("oscar_subscriptions.tasks.daily_run")
    return lambda: checkpoints.reached(checkpoints.RUN) != before


@contextmanager
def locked(rows):
    """Rows that another connection holds."""
    other = connection.copy("other")
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            keys = list(rows.values_list("pk", flat=True))
            table = rows.model._meta.db_table
            cursor.execute(f"SELECT id FROM {table} WHERE id = ANY(%s) FOR UPDATE", [keys])
        yield
    finally:
        other.close()


def taken(mail_servers):
    return sorted(address for server in mail_servers for address, _ in server.taken)


def assert_each_reminded_once(lapsed, mail_servers):
    assert taken(mail_servers) == sorted(seller.user.email for seller in lapsed.sellers)
    assert not OutboxMail.objects.filter(sent_at=None).exists()


@pytest.mark.slow
@pytest.mark.parametrize("death", ["kill", "kill_child"])
def test_fault_69_a_worker_killed_within_a_batch_loses_nothing(
    lapsed, broker, pair, mail_servers, death
):
    # The middle one of the twelve can't be parked before the lock is given back.
    partner = lapsed.sellers[SELLERS // 2].partner
    with locked(Product.objects.filter(stockrecords__partner=partner)):
        is_over = run(broker)
        victim = min(workers.until(workers.names_blocked))
        getattr(pair[victim], death)()
    workers.until(is_over)
    assert_each_parked_once(SELLERS)
    assert_each_reminded_once(lapsed, mail_servers)
    shares = Checkpoint.objects.filter(name__startswith="services ")
    assert shares.count() >= SELLERS // 3, "each share remembers what it has lived through"
    # The next step has waited for the share that came last.
    parked = JournalEntry.objects.filter(kind=journal.LISTINGS_PARKED)
    reminded = OutboxMail.objects.filter(user__isnull=False)
    assert parked.latest("at").at < reminded.earliest("created_at").created_at
    assert not Seller.objects.filter(is_due=True).exists()


@pytest.mark.slow
def test_fault_69_a_worker_killed_while_it_sends_loses_no_mail(lapsed, broker, pair, mail_servers):
    is_dead = threading.Event()
    one, two = mail_servers

    def die(address):
        if not is_dead.is_set():
            pair["one"].kill()
            is_dead.set()

    one.on_begin = die
    # So that the other one does not send everything meanwhile.
    two.on_begin = lambda address: is_dead.wait(workers.PATIENCE)
    is_over = run(broker)
    workers.until(is_over)
    assert is_dead.is_set() and one.taken == []
    # What the dead one had claimed is left to a run after the lease.
    left = OutboxMail.objects.get(sent_at=None)
    assert left.claimed_at is not None
    OutboxMail.objects.filter(pk=left.pk).update(claimed_at=left.claimed_at - sending.LEASE)
    workers.until(run(broker))
    assert_each_reminded_once(lapsed, mail_servers)
    assert_each_parked_once(SELLERS)


def two_go_on(monkeypatch, start):
    """Two shares end at the same moment; return how many of them have started the next step."""
    started = []

    def delay(names, begun):
        started.append(names)
        start()

    monkeypatch.setattr(tasks.run_steps, "delay", delay)
    now = timezone.now()
    # As an earlier run has left it.
    checkpoints.reach(tasks._mark(["large"]), now - timedelta(hours=1))
    at_once(*[partial(tasks._go_on, ["large", "last"], now.isoformat())] * 2)
    return len(started)


def test_fault_68_two_shares_that_end_at_once_start_the_next_step_once(monkeypatch):
    assert two_go_on(monkeypatch, lambda: wait_until_blocked(1)) == 1


def test_fault_68_two_shares_that_end_at_once_control(monkeypatch):
    both = threading.Barrier(2, timeout=workers.PATIENCE)
    with controls.without_locks():
        assert two_go_on(monkeypatch, both.wait) == 2
