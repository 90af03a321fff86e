"""The tasks carry out the steps in their order; what fails stops nothing else."""

import logging
from datetime import timedelta
from unittest import mock

import pytest
from celery import current_app
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, tasks
from oscar_subscriptions.daily_run import checkpoints, runner, sharing, work
from oscar_subscriptions.tasks import run

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")

pytestmark = pytest.mark.django_db

NOW = "2018-02-04T12:00:00+01:00"
LATER = "2018-02-04T13:00:00+01:00"
RANGES = [sharing.KeyRange(0, 10), sharing.KeyRange(10, 20), sharing.KeyRange(20)]


@pytest.fixture(autouse=True)
def at_once():
    """Each task is carried out where it is started; there is no broker."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


@pytest.fixture
def seen():
    """What the steps were called with: name, day, keys."""
    return []


@pytest.fixture
def steps(monkeypatch, seen):
    """Three steps, of which the second is shared out by three."""

    def first(day, dry_run):
        seen.append(("first", day, None))
        yield work.Outcome("done")

    def large(day, dry_run, keys=sharing.EVERYTHING):
        assert not dry_run
        seen.append(("large", day, keys))
        yield work.Outcome("a row failed", failed=True)

    def last(day, dry_run):
        seen.append(("last", day, None))
        return ()

    steps = [first, large, last]
    monkeypatch.setattr(runner, "_STEPS", steps)
    monkeypatch.setattr(sharing, "_SHARED", {large: (large, lambda: RANGES)})
    return steps


def broken_by(error):
    def broken(day, dry_run):
        raise error
        yield

    return broken


def is_over():
    return checkpoints.reached(checkpoints.RUN) is not None


def expected():
    today = conf.today()
    return [
        ("first", today, None),
        *(("large", today, keys) for keys in RANGES),
        ("last", today, None),
    ]


def names(seen):
    return [name for name, *_ in seen]


def share(number, begun=NOW):
    """Carry out one of the three shares of ``large``, as a message that is delivered."""
    run.run_share.apply((["large", "last"], begun, number, 3, *RANGES[number]))


def test_a_run_takes_the_steps_in_their_order_and_marks_its_end(steps, seen):
    tasks.daily_run.delay()
    assert seen == expected()
    assert checkpoints.reached(checkpoints.RUN) > timezone.now() - timedelta(minutes=1)


def test_each_run_does_everything(steps, seen):
    tasks.daily_run.delay()
    tasks.daily_run.delay()
    assert seen == expected() * 2


def test_each_line_is_logged_for_operators(steps, caplog):
    with caplog.at_level(logging.INFO, run.__name__):
        tasks.daily_run.delay()
    lines = [(one.levelname, one.message) for one in caplog.records if one.name == run.__name__]
    assert lines == [("INFO", "done"), *[("WARNING", "a row failed")] * 3]


def test_the_names_by_which_shops_route_the_tasks():
    assert {getattr(tasks, name).name for name in tasks.__all__} == {
        "oscar_subscriptions.tasks.daily_run",
        "oscar_subscriptions.tasks.run_steps",
        "oscar_subscriptions.tasks.run_share",
    }


def test_a_step_that_fails_does_not_stop_the_next(steps, seen, caplog):
    steps.insert(0, broken_by(RuntimeError("no provider")))
    tasks.daily_run.delay()
    assert seen == expected()
    assert "Step broken failed" in caplog.text and is_over()


def test_a_step_that_can_not_be_cut_does_not_stop_the_next(steps, seen, monkeypatch):
    def cut():
        raise RuntimeError("a shop's own")

    monkeypatch.setattr(sharing, "_SHARED", {steps[1]: (steps[1], cut)})
    tasks.daily_run.delay()
    assert names(seen) == ["first", "last"]
    assert is_over()


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_database_that_fails_is_left_to_celery_as_long_as_tries_are_left(
    steps, seen, monkeypatch, error
):
    monkeypatch.setattr(run, "is_database_failure", lambda error: True)
    steps[0] = broken_by(error)
    with pytest.raises(type(error)):
        run.run_steps.run(["broken", "last"], NOW)
    assert seen == []
    run.run_steps.apply((["broken", "last"], NOW), retries=run.TRIES)
    assert names(seen) == ["last"]


def test_celery_tries_again_and_goes_on(steps, seen, monkeypatch):
    monkeypatch.setattr(run, "is_database_failure", lambda error: True)
    failures = [OperationalError("gone")] * 2

    def shaky(day, dry_run):
        if failures:
            raise failures.pop()
        seen.append(("shaky", day, None))
        return ()

    steps[0] = shaky
    run.run_steps.apply((["shaky", "last"], NOW))
    assert names(seen) == ["shaky", "last"]


def test_the_steps_of_another_version_are_passed_over(steps, seen, caplog):
    run.run_steps.apply((["gone", "last"], NOW))
    assert names(seen) == ["last"]
    assert "Step gone is not known" in caplog.text


def test_the_next_step_begins_when_the_last_share_is_done(steps, seen):
    share(2)
    share(0)
    assert names(seen) == ["large"] * 2 and not is_over()
    share(1)
    assert names(seen) == ["large"] * 3 + ["last"] and is_over()


def test_a_share_that_is_delivered_again_is_done_once_in_each_run(steps, seen):
    for begun in (NOW, NOW, LATER, NOW):
        share(1, begun)
    assert names(seen) == ["large"] * 2


def test_a_run_goes_on_once_whatever_is_delivered_again(steps, seen):
    for number in (0, 1, 2, 2, 0):
        share(number)
    run.run_steps.apply((["large", "last"], NOW))
    assert names(seen) == ["large"] * 3 + ["last"]


def test_the_next_step_is_started_once_in_each_run(monkeypatch):
    start = mock.Mock()
    monkeypatch.setattr(run.run_steps, "delay", start)
    for begun in (NOW, NOW, LATER, NOW):
        run._go_on(["large", "last"], begun)
    assert start.call_args_list == [mock.call(["last"], NOW), mock.call(["last"], LATER)]


def test_a_worker_that_dies_before_the_next_step_is_started_starts_it_when_delivered_again(
    steps, seen, monkeypatch
):
    with monkeypatch.context() as dying:
        dying.setattr(run, "_go_on", lambda *args: None)
        for number in range(3):
            share(number)
    assert names(seen) == ["large"] * 3
    share(2)
    assert names(seen) == ["large"] * 3 + ["last"]


def test_a_step_goes_on_in_vain_if_the_broker_takes_nothing_and_again_when_delivered_again(
    steps, seen, monkeypatch
):
    with monkeypatch.context() as down:
        down.setattr(run.run_steps, "delay", mock.Mock(side_effect=RuntimeError("no broker")))
        assert run.run_steps.apply((["first", "last"], NOW)).failed()
    run.run_steps.apply((["first", "last"], NOW))
    assert names(seen) == ["first", "first", "last"]


def test_a_run_that_is_overtaken_by_a_later_one_leaves_the_rest_to_it(steps, seen):
    run.run_steps.apply((["first", "last"], LATER))
    run.run_steps.apply((["first", "last"], NOW))
    assert names(seen) == ["first", "last"]


def test_a_share_that_failed_is_done_too_and_its_rows_are_the_next_runs(seen, monkeypatch):
    broken = broken_by(RuntimeError("poisoned"))
    monkeypatch.setattr(runner, "_STEPS", [broken])
    monkeypatch.setattr(
        sharing, "_SHARED", {broken: (lambda *args, keys: broken(*args), lambda: RANGES)}
    )
    tasks.daily_run.delay()
    assert is_over()


def test_a_name_of_any_length_fits_its_mark():
    mark = run._mark(["a_step_with_a_name_of_a_length_that_nobody_likes_to_type"], 9_999)
    checkpoints.reach(mark, timezone.now())
    assert checkpoints.reached(mark)


def test_mails_of_a_step_wait_for_the_outbox_and_leave_in_the_same_run(
    shop, monkeypatch, mailoutbox, django_capture_on_commit_callbacks
):
    order = shop.make_order(shop.make_user("ada"))
    waiting = []

    def pay(day, dry_run):
        with django_capture_on_commit_callbacks(execute=True):
            fulfilment.order_paid(order)
        return ()

    def look(day, dry_run):
        waiting.append((len(mailoutbox), OutboxMail.objects.filter(sent_at=None).count()))
        return ()

    send = runner.steps()["send_outbox"]
    monkeypatch.setattr(runner, "_STEPS", [pay, look, send])
    tasks.daily_run.delay()
    assert waiting == [(0, 2)]
    assert len(mailoutbox) == 2


def test_all_steps_are_carried_out_as_they_are(shop, standin):
    """The real ones, with a real shop's settings."""
    tasks.daily_run.delay()
    assert is_over()
