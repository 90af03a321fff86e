"""The daily run: brings the shop in line with the terms, may be repeated, isolates what fails."""

from datetime import date
from unittest import mock

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.daily_run import checkpoints, runner
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.sellers import search_index

JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
Term = get_model("oscar_subscriptions", "Term")
Product = get_model("catalogue", "Product")

pytestmark = pytest.mark.usefixtures("steps", "no_reminders")


def run(*args, **kwargs):
    return [(outcome.message, outcome.failed) for outcome in runner.run(*args, **kwargs)]


def public(product):
    return Product.objects.get(pk=product.pk).is_public


def test_fault_68_a_second_run_finds_nothing_to_do(lapse):
    lapse()
    assert run()
    assert run() == []


def test_a_dry_run_says_the_same_and_does_nothing(seller, service, lapse, mailoutbox):
    lapse()
    alerts.raise_alert(alerts.PROVIDER_KEY, "key")
    told = run(dry_run=True)
    assert told == [(f"services of {seller} parked", False), ("1 e-mails sent", False)]
    assert public(service)
    assert not ParkedListing.objects.exists()
    assert not JournalEntry.objects.exists()
    assert mailoutbox == []
    assert run() == [(f"services of {seller} parked", False), ("1 e-mails sent", False)]


def test_another_day_can_be_lived_through(seller, service):
    assert run(date(2018, 2, 3)) == []
    assert run(date(2018, 2, 4)) == [(f"services of {seller} parked", False)]
    assert run(date(2018, 2, 3)) == [(f"services of {seller} back in the shop", False)]


def test_fault_72_one_poisoned_row_does_not_stop_the_others(
    shop, seller, service, lapse, time_machine, caplog
):
    other = shop.make_seller("grace")
    theirs = shop.make_service(other)
    refresh = search_index.refresh_keys

    def poison(keys):
        if service.pk in keys:
            raise RuntimeError("a shop's index failed")
        refresh(keys)

    lapse()
    with mock.patch.object(search_index, "refresh_keys", poison):
        told = run()
    assert told == [
        (f"services of {seller} parked: a shop's index failed", True),
        (f"services of {other} parked", False),
    ]
    assert not public(theirs)
    assert public(service)
    assert not ParkedListing.objects.filter(product=service).exists()
    assert "a shop's index failed" in caplog.text
    assert run() == [(f"services of {seller} parked", False)]


def test_a_step_that_fails_does_not_stop_the_next(seller, lapse, steps):
    def broken(day, dry_run):
        raise RuntimeError("no provider")
        yield

    steps.insert(0, broken)
    lapse()
    assert run() == [
        ("broken: no provider", True),
        (f"services of {seller} parked", False),
    ]


def test_an_added_step_runs_once_with_the_day_and_the_wish(db):
    asked = []

    @runner.add_step
    def step(day, dry_run):
        asked.append((day, dry_run))
        yield runner.Outcome("done")

    runner.add_step(step)
    assert run(date(2018, 2, 4), dry_run=True) == [("done", False)]
    assert asked == [(date(2018, 2, 4), True)]


def test_the_payments_app_has_added_its_sweep(steps):
    assert [step.__name__ for step in steps] == [
        "sync_services",
        "remind_members",
        "announce_renewals",
        "charge_renewals",
        "issue_missing_receipts",
        "note_first_terms",
        "read_events",
        "reconcile_open_attempts",
        "recheck_charges",
        "fulfil_paid_orders",
        "show_payments",
        "report_cancelled_orders",
        "remind_of_unpaid_orders",
        "cancel_orders_that_are_over",
        "close_needless_attempts",
        "file_attempts",
        "forget_payment_method",
        "send_outbox",
    ]


def test_one_step_can_be_carried_out_alone_and_raises_what_it_raises(seller, lapse):
    lapse()
    [outcome] = runner.run_step(runner.steps()["sync_services"])
    assert outcome.message == f"services of {seller} parked"
    assert checkpoints.reached(checkpoints.RUN) is None

    def broken(day, dry_run):
        raise RuntimeError("no provider")
        yield

    with pytest.raises(RuntimeError, match="no provider"):
        list(runner.run_step(broken))


def test_mails_of_one_step_stay_in_the_outbox(db):
    def step(day, dry_run):
        assert outbox.SENDER._here.is_held
        return ()

    assert list(runner.run_step(step)) == []
    assert not outbox.SENDER._here.is_held


def test_steps_of_one_name_are_told_apart(steps):
    steps[:] = [lambda day, dry_run: (), lambda day, dry_run: ()]
    assert list(runner.steps()) == ["<lambda>", "<lambda> 2"]
    assert list(runner.steps().values()) == steps
