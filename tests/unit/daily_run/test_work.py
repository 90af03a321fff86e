"""However many rows there are, a run reads a few at a time, and shows how far it has come."""

from datetime import date

import pytest
from django.contrib.sites.models import Site
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run import checkpoints, runner, work

Checkpoint = get_model("oscar_subscriptions", "Checkpoint")


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(work, "BATCH", 3)


@pytest.fixture
def steps(monkeypatch):
    """No steps but those of the test."""
    monkeypatch.setattr(runner, "_STEPS", [])
    return runner._STEPS


@pytest.fixture
def rows(db):
    """Seven sites, and a queryset of them."""
    for number in range(7):
        Site.objects.create(domain=f"{number}.example", name="old")
    return Site.objects.filter(name="old")


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
def test_each_row_comes_once_in_the_order_of_its_key(rows, count):
    kept = rows.order_by("pk").values_list("pk", flat=True)[:count]
    some = rows.filter(pk__in=list(kept)).order_by("-name")
    assert [row.pk for row in work.in_batches(some)] == list(kept)


def test_rows_that_the_work_takes_out_do_not_shift_the_others(rows):
    seen = []
    for row in work.in_batches(rows):
        Site.objects.filter(pk=row.pk).update(name="done")
        seen.append(row.domain)
    assert seen == [f"{number}.example" for number in range(7)]


def test_rows_that_the_work_puts_in_are_no_endless_run(rows):
    seen = 0
    for _ in work.in_batches(rows):
        seen += 1
        if seen < 50:
            Site.objects.create(domain=f"before-{seen}.example", name="new")
    assert seen == 7


def test_never_more_than_a_batch_is_read_at_once(rows, django_assert_num_queries):
    from django.db import connection

    batches = work.in_batches(rows)
    with CaptureQueriesContext(connection) as queries:
        next(batches)
    assert len(queries) == 1
    assert "LIMIT 3" in queries[0]["sql"]
    with django_assert_num_queries(2):
        assert len(list(batches)) == 6


def test_the_watch_hears_of_every_row_whether_something_is_done_or_not(rows, steps):
    def park_lapsed(day, dry_run):
        yield from work.for_each_row(rows, lambda row: row.pk % 2, str, dry_run)

    def send_mails(day, dry_run):
        yield from work.for_each_row(rows[:2], fail, str, dry_run)

    def fail(row):
        raise RuntimeError

    steps += [park_lapsed, send_mails]
    for dry_run in (False, True):
        watched = []
        list(runner.run(date(2017, 2, 3), dry_run=dry_run, on_progress=watched.append))
        assert watched == ["park lapsed"] * 7 + ["send mails"] * 2


def test_run_that_ends_is_remembered_and_a_dry_one_is_not(db, steps):
    list(runner.run(dry_run=True))
    assert checkpoints.reached(checkpoints.RUN) is None
    list(runner.run())
    assert checkpoints.reached(checkpoints.RUN) is not None


def test_run_that_dies_midway_is_not_remembered(rows, steps):
    steps.append(lambda day, dry_run: (runner.Outcome("step") for _ in "ab"))
    steps[0].__name__ = "step"
    next(runner.run())
    assert not Checkpoint.objects.exists()


def test_chunks_are_of_the_size_asked_for_and_in_order():
    assert list(work.chunks(iter(range(5)), 2)) == [[0, 1], [2, 3], [4]]
    assert list(work.chunks([], 2)) == []
