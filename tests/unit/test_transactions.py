"""What the database ended to protect another transaction is done again, and not for ever."""

from types import SimpleNamespace

import pytest
from django.contrib.sites.models import Site
from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from oscar_subscriptions import transactions
from oscar_subscriptions.transactions import TRIES, transactional

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def pauses(monkeypatch):
    """How long was waited between the tries; nobody really waits."""
    waited = []
    monkeypatch.setattr(transactions, "time", SimpleNamespace(sleep=waited.append))
    return waited


def conflict(sqlstate, error=OperationalError, message="the database says no"):
    """What Django raises for an error of PostgreSQL with this state."""
    problem = error(message)
    problem.__cause__ = Exception()
    problem.__cause__.sqlstate = sqlstate
    return problem


class Failing:
    """An action that fails with each of ``errors`` in turn, having written, and then succeeds."""

    def __init__(self, *errors):
        self.errors, self.calls, self.committed = list(errors), 0, []

    def __call__(self):
        self.calls += 1
        Site.objects.create(domain=f"try-{self.calls}.example", name="try")
        transaction.on_commit(lambda call=self.calls: self.committed.append(call))
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def tries_written():
    return list(Site.objects.filter(name="try").order_by("domain").values_list("domain", flat=True))


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
def test_conflict_is_begun_anew_and_leaves_no_trace_of_the_failed_try(sqlstate):
    action = Failing(conflict(sqlstate))
    assert transactional(action)() == "done"
    assert tries_written() == ["try-2.example"]
    assert action.committed == [2], "what the failed try had registered is forgotten"


@pytest.mark.parametrize(
    "error",
    [
        conflict("57014"),  # query cancelled: a statement time-out would only come again
        conflict("53100"),  # disk full
        conflict(None),
        IntegrityError("not unique"),
        RuntimeError("a mistake of ours"),
        ValueError("of the caller's"),
    ],
    ids=lambda error: str(getattr(error.__cause__, "sqlstate", "") or type(error).__name__),
)
def test_any_other_error_is_raised_at_once(error, pauses):
    action = Failing(error)
    with pytest.raises(type(error)) as raised:
        transactional(action)()
    assert raised.value is error
    assert (action.calls, pauses, tries_written(), action.committed) == (1, [], [], [])


def test_conflict_that_does_not_end_is_raised_after_a_few_tries(pauses):
    action = Failing(*[conflict("40P01") for _ in range(TRIES + 1)])
    with pytest.raises(OperationalError):
        transactional(action)()
    assert action.calls == TRIES
    assert len(pauses) == TRIES - 1
    assert tries_written() == [] == action.committed


def test_pauses_grow_and_are_never_the_same_for_two_victims(pauses):
    with pytest.raises(OperationalError):
        transactional(Failing(*[conflict("40P01") for _ in range(TRIES)]))()
    for place, pause in enumerate(pauses):
        longest = transactions.PAUSE * 2**place
        assert longest / 2 <= pause <= longest
    assert sum(pauses) < 1, "a member waits for this"


def test_inside_a_callers_transaction_it_runs_once_because_only_the_caller_can_begin_anew(pauses):
    action = Failing(conflict("40P01"))
    with pytest.raises(OperationalError), transaction.atomic():
        transactional(action)()
    assert (action.calls, pauses) == (1, [])
    assert tries_written() == []


def test_inside_a_callers_transaction_only_its_own_part_is_undone():
    action = Failing(conflict("40P01"))
    with transaction.atomic():
        Site.objects.create(domain="caller.example", name="try")
        with pytest.raises(OperationalError):
            transactional(action)()
    assert tries_written() == ["caller.example"]


def test_a_transaction_in_a_transaction_is_begun_anew_as_a_whole():
    inner = Failing(conflict("40001"))
    outer_calls = []

    @transactional
    def outer():
        outer_calls.append(1)
        return transactional(inner)()

    assert outer() == "done"
    assert (len(outer_calls), inner.calls) == (2, 2)
    assert inner.committed == [2]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_connection_that_is_no_longer_usable_is_opened_anew(error, monkeypatch):
    usable = iter([False])
    monkeypatch.setattr(connection, "is_usable", lambda: next(usable, True))
    action = Failing(error("the connection is closed"))
    assert transactional(action)() == "done"
    assert tries_written() == ["try-2.example"]


def test_server_that_can_not_be_reached_is_asked_again(monkeypatch):
    connection.close()
    ensure, refusals = connection.ensure_connection, iter([OperationalError("refused")])

    def refusing():
        for refusal in refusals:
            raise refusal
        ensure()

    monkeypatch.setattr(connection, "ensure_connection", refusing)
    assert transactional(Failing())() == "done"


def test_arguments_and_name_are_those_of_the_action():
    @transactional
    def pay(order, *, amount):
        """Pay."""
        return order, amount

    assert pay("1", amount=2) == ("1", 2)
    assert (pay.__name__, pay.__doc__) == ("pay", "Pay.")


@pytest.mark.parametrize(
    ("vendor", "error", "is_repeated"),
    [
        ("mysql", OperationalError(1213, "Deadlock found"), True),
        ("mysql", OperationalError(1205, "Lock wait timeout exceeded"), True),
        ("mysql", OperationalError(1040, "Too many connections"), False),
        ("sqlite", OperationalError("database is locked"), True),
        ("sqlite", OperationalError("database table is locked: order"), True),
        ("sqlite", OperationalError("disk I/O error"), False),
        ("postgresql", OperationalError("database is locked"), False),
        ("postgresql", OperationalError(1213, "Deadlock found"), False),
    ],
)
def test_each_database_has_its_own_word_for_a_conflict(vendor, error, is_repeated):
    class Connection:
        connection = object()

        def is_usable(self):
            return True

    Connection.vendor = vendor
    used = Connection.connection
    assert transactions._may_be_repeated(error, Connection(), used) is is_repeated
