"""Thousands of sellers: a run works in batches, reads what is due, and finds it by an index."""

import gc
import re
import tracemalloc
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from oscar_subscriptions import conf, journal, sellers
from oscar_subscriptions.daily_run import services, turns, work
from oscar_subscriptions.payments.reconciliation import matching
from oscar_subscriptions.sellers import listings
from tests import crowd
from tests.faults import crash
from tests.threads import at_once

JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
Product = get_model("catalogue", "Product")
Seller = get_model("oscar_subscriptions", "Seller")

# So few rows are read fastest from end to end.
FEW = 1000


@pytest.fixture
def lapsed(shop):
    """Twelve sellers with two services each, whose term ended yesterday."""
    return crowd.make(shop, 12, starts_on=conf.today() - timedelta(days=400), services=2)


def run():
    return [outcome.failed for outcome in services.sync_services(conf.today(), False)]


def assert_each_parked_once(number):
    assert ParkedListing.objects.count() == 2 * number
    assert not Product.objects.filter(is_public=True, subscription_plan=None).exists()
    entries = JournalEntry.objects.filter(kind=journal.LISTINGS_PARKED)
    assert entries.values("subscription").distinct().count() == entries.count() == number


@pytest.mark.django_db(transaction=True)
def test_fault_68_two_runs_at_once_park_each_service_once(lapsed, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 3)
    failed = at_once(run, run)
    assert sum(map(len, failed)) == 12 and not any(map(any, failed))
    assert_each_parked_once(12)


@pytest.mark.django_db(transaction=True)
def test_fault_68_sellers_that_another_run_holds_are_passed_over_and_waited_for_at_the_end(
    lapsed, monkeypatch
):
    """The other run, which had locked the first batch, dies: its sellers are not forgotten."""
    monkeypatch.setattr(work, "BATCH", 3)
    order = []
    carry_out = services.bulk_parking.carry_out

    def in_between(due, keys, day=None, *, wait=True):
        result = carry_out(due, keys, day, wait=wait)
        order.append((sorted(seller.pk for seller in result.parked), sorted(result.busy)))
        return result

    monkeypatch.setattr(services.bulk_parking, "carry_out", in_between)
    keys = [seller.pk for seller in lapsed.sellers]
    with at_a_lock_of(keys[:3]) as other:
        outcomes = services.sync_services(conf.today(), False)
        seen = [next(outcomes) for _ in keys[3:]]
        assert order[0] == ([], keys[:3])
        other.close()
        seen += outcomes
    assert order[-1] == (keys[:3], [])
    assert not [outcome for outcome in seen if outcome.failed]
    assert_each_parked_once(12)


class at_a_lock_of:
    """Another connection that holds the rows of some sellers until it is closed."""

    def __init__(self, keys):
        self.keys = keys

    def __enter__(self):
        self.connection = connection.copy("other")
        self.connection.set_autocommit(False)
        with self.connection.cursor() as cursor:
            table = Seller._meta.db_table
            cursor.execute(f"SELECT id FROM {table} WHERE id = ANY(%s) FOR UPDATE", [self.keys])
        return self.connection

    def __exit__(self, *error):
        self.connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("commit", [1, 2, 3])
def test_fault_69_a_run_killed_between_its_batches_is_finished_by_the_next(
    lapsed, monkeypatch, commit
):
    monkeypatch.setattr(work, "BATCH", 3)
    assert crash.killed(
        lambda: list(services.sync_services(conf.today(), False)), commit=commit, after=True
    )
    assert ParkedListing.objects.count() == 2 * 3 * commit
    run()
    assert_each_parked_once(12)


@pytest.fixture
def few(monkeypatch):
    """So few rows at a time that, of ten thousand, PostgreSQL finds them by an index. (A tenth of a
    table is read fastest by reading all of it.)"""
    monkeypatch.setattr(turns, "IN_TURN", 20)
    monkeypatch.setattr(work, "BATCH", 20)


@pytest.mark.django_db
@pytest.mark.usefixtures("few", "standin")
def test_fault_70_of_ten_thousand_sellers_no_table_is_read_from_end_to_end(shop):
    made = crowd.make(shop, 10_000)
    crowd.analyse()
    # The first looks at everybody.
    call_command("subscriptions_run", verbosity=0)
    crowd.analyse()
    with CaptureQueriesContext(connection) as queries:
        call_command("subscriptions_run", verbosity=0)
    assert len(queries) <= 70, "nothing is due"
    assert_no_scans(queries)
    with CaptureQueriesContext(connection) as queries:
        ask_as_requests_and_events_do(made.sellers[5_000])
    assert_no_scans(queries)
    late = crowd.make(shop, 40, starts_on=conf.today() - timedelta(days=400))
    Seller.objects.filter(pk__in=[seller.pk for seller in late.sellers]).update(is_due=True)
    crowd.analyse()
    with CaptureQueriesContext(connection) as queries:
        assert len(run()) == 40
    assert_no_scans(queries)


@pytest.mark.django_db
@pytest.mark.usefixtures("standin")
def test_fault_70_the_rows_that_have_their_turn_lead_to_no_other(shop):
    """As many as in a large shop: a tenth of these tables."""
    made = crowd.make(shop, 10_000)
    crowd.renew_automatically(shop, made)
    crowd.analyse()
    call_command("subscriptions_run", verbosity=0)
    with connection.cursor() as cursor:
        # As on the disks of today, or a tenth is read fastest by reading all.
        cursor.execute("SET LOCAL random_page_cost = 1.1")
    with CaptureQueriesContext(connection) as queries:
        call_command("subscriptions_run", verbosity=0)
    assert len(queries) <= 70, "nothing is due"
    assert_no_scans(queries)


def ask_as_requests_and_events_do(seller):
    assert sellers.is_seller(seller.user)
    seller.user.refresh_from_db()
    assert seller.user.has_perm("oscar_subscriptions.sell")
    assert sellers.seller_until(seller.user)
    assert sellers.get_seller(seller.user) == seller
    assert listings.count_public(seller) == 1
    assert listings.has_services(seller.user)
    order = get_model("order", "Order").objects.filter(user=seller.user).get()
    [attempt] = matching.attempts_for({"payment_intent": f"pi_{order.pk}"})
    session = {"object": "checkout.session", "id": f"cs_{order.pk}"}
    assert matching.attempts_for(session) == [attempt]


@pytest.mark.django_db(transaction=True)
def test_fault_70_lapses_take_statements_and_memory_by_the_batch(shop, monkeypatch):
    monkeypatch.setattr(turns, "IN_TURN", 10)
    monkeypatch.setattr(work, "BATCH", 50)
    crowd.make(shop, 100)
    assert run() == []
    used = {}
    for due in (100, 300, 900):
        made = crowd.make(shop, due, starts_on=conf.today() - timedelta(days=400))
        # Their dates are long over: a script wrote them, and marked them.
        Seller.objects.filter(pk__in=[seller.pk for seller in made.sellers]).update(is_due=True)
        del made
        if due == 100:
            with CaptureQueriesContext(connection) as queries:
                assert len(run()) == due
            assert len(queries) <= 15 * due / work.BATCH + 15
            continue
        used[due] = peak(services.sync_services(conf.today(), False))
    assert used[900] <= 1.3 * used[300], used


def peak(outcomes):
    """The most bytes in use at the end of a batch, without what Python has not cleared away yet."""
    most = 0
    tracemalloc.start()
    for number, _ in enumerate(outcomes):
        if number % work.BATCH == 0:
            gc.collect()
            most = max(most, tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    return most


def assert_no_scans(queries):
    found = scans(queries)
    assert not found, found[0]


def scans(queries):
    """What PostgreSQL would read from end to end for these statements, of tables that are large."""
    large = {
        table for table, rows in asked("SELECT relname, reltuples FROM pg_class") if rows > FEW
    }
    found = []
    for query in queries:
        sql = re.sub(r"^DECLARE .*? FOR SELECT", "SELECT", query["sql"])
        if sql.startswith(("SELECT", "UPDATE", "DELETE")):
            plan = "\n".join(line for (line,) in asked("EXPLAIN " + sql.replace("%", "%%")))
            read = large.intersection(re.findall(r"Seq Scan on (\w+)", plan))
            found += [f"{table}: {sql}\n{plan}" for table in sorted(read)]
    return found


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
