"""Automatic renewal under races and ``kill -9``: nobody is charged twice, nor after a no.

That a "no" comes in time is not among the numbered cases; the others are 35 and 68 once more.
"""

from dataclasses import replace
from itertools import count
from unittest import mock

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.payments.attempts import off_session
from oscar_subscriptions.payments.provider import client, intents, refunds, sessions
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.renewals import cancellation, charges
from oscar_subscriptions.renewals.cancellation import Stopped
from tests.faults import controls, crash, interleave, invariants
from tests.functional import pages
from tests.functional.renewals.renewing import (
    CHARGED,
    Alert,
    Attempt,
    Order,
    PlannedRenewal,
    StoredPaymentMethod,
    Term,
)
from tests.threads import Other, at_once

pytestmark = pytest.mark.django_db(transaction=True)
AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")


def run():
    return list(runner.run(CHARGED))


def charge():
    return charges.charge_renewal(PlannedRenewal.objects.get(), CHARGED)


def two_runs_at_once(announced):
    """Both have found the renewal due, before either has placed its order."""
    announced.go_to(CHARGED)
    with interleave.meeting(charges.obstacles, "obstacle_to_charging", after=True):
        results = at_once(charge, charge)
    return [result for result in results if isinstance(result, Exception)]


def test_fault_68_two_runs_at_once_place_one_order_and_charge_once(announced):
    assert two_runs_at_once(announced) == []
    run()
    assert Order.objects.count() == 2
    assert announced.charges() == ["succeeded", "succeeded"]
    assert Term.objects.count() == 2
    invariants.check(announced.shop)


def test_fault_68_without_locks_two_runs_at_once_order_twice_control(announced):
    with controls.without_locks():
        two_runs_at_once(announced)
    assert Order.objects.count() == 3


def test_fault_68_two_runs_that_charge_the_same_attempt_charge_once(announced):
    announced.go_to(CHARGED)
    # The payment is made; the process that was about to confirm it is dead.
    dead = mock.patch.object(intents, "confirm_intent", side_effect=SystemExit)
    with dead, pytest.raises(SystemExit):
        charge()
    with (
        interleave.meeting(intents, "confirm_intent"),
        mock.patch.object(charges.outcomes, "apply_charge", lambda pk, answer: True),
    ):
        at_once(charge, charge)
    run()
    assert announced.charges() == ["succeeded", "succeeded"]
    assert Term.objects.count() == 2


def stop_between_the_last_look_and_the_charge(announced):
    """The member's no, complete, after the last "is it wanted?" and before the provider hears."""
    announced.go_to(CHARGED)
    no = lambda: cancellation.stop(announced.subscription, actor=announced.subscription.user)  # noqa: E731
    with interleave.run_before(intents, "confirm_intent", no):
        charge()


def test_a_no_after_the_last_look_still_comes_in_time(announced):
    stop_between_the_last_look_and_the_charge(announced)
    run()
    assert announced.charges() == ["succeeded"]
    assert Order.objects.latest("pk").status == "Cancelled"
    assert PlannedRenewal.objects.get().status == "dropped"


def test_without_cancelling_at_the_provider_the_no_comes_too_late_control(announced):
    with mock.patch.object(intents, "cancel_intent", lambda intent_id: None):
        stop_between_the_last_look_and_the_charge(announced)
    assert announced.charges() == ["succeeded", "succeeded"]


def stop_before_the_last_look(announced):
    announced.go_to(CHARGED)
    no = lambda: cancellation.auto_renewal.switch_off(announced.subscription)  # noqa: E731
    with interleave.run_after(off_session, "_payment", no):
        charge()


def test_a_no_while_the_payment_is_made_is_seen_before_the_charge(announced):
    stop_before_the_last_look(announced)
    run()
    assert announced.charges() == ["succeeded"]


def test_without_the_last_look_it_would_be_charged_control(announced):
    with mock.patch.object(charges, "_is_wanted", lambda pk, day: True):
        stop_before_the_last_look(announced)
    assert announced.charges() == ["succeeded", "succeeded"]


def test_a_paused_process_charges_nothing_once_the_order_is_cancelled(announced):
    """It has made the payment and not written its id, while the order was cancelled."""
    announced.go_to(CHARGED)
    with interleave.stopped(intents, "create_intent", after=True) as point:
        paused = Other(charge)
        point.wait()
        cancellation.stop(announced.subscription, actor=None)
        point.release()
        paused.result()
    run()
    assert announced.charges() == ["succeeded"]
    assert [a.status for a in Attempt.objects.order_by("pk")] == ["paid", "cancelled"]


@pytest.mark.parametrize(
    ("card", "after", "step"),
    [
        pytest.param("4242424242424242", True, 5, id="some"),
        pytest.param("4242424242424242", False, 1, id="good-before", marks=pytest.mark.slow),
        pytest.param("4000000000009995", True, 1, id="bad-after", marks=pytest.mark.slow),
    ],
)
def test_fault_35_kill_9_at_every_commit_of_a_renewal_and_the_next_run_charges_once(
    announced, standin, card, after, step
):
    announced.turn_bad(card)
    good = card.startswith("4242")
    # The provider forgets nothing that a dead process did, so each commit has its own renewal.
    for number in count(1, step):
        announced.go_to(CHARGED)
        was_killed = crash.killed(charge, commit=number, after=after)
        # The dead process may have held the right to ask about the order, which is over by now.
        announced.go_to(CHARGED, hour=4)
        run()
        run()
        assert announced.charges() == ["succeeded", "succeeded" if good else "failed"], number
        assert Term.objects.count() == (2 if good else 1), number
        planned = PlannedRenewal.objects.get()
        assert planned.tries == 1, number
        assert planned.status == ("done" if good else "waiting"), number
        assert announced.mails().count("renewal-failed") == (0 if good else 1), number
        invariants.check(announced.shop)
        if not was_killed:
            break
        start_again(announced, standin)
    assert number > 5, "so few commits are not the whole way"


def start_again(announced, standin):
    """Forget the renewal, so that it is charged once more from the beginning."""
    OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
    OutboxMail.objects.filter(kind="renewal-failed").delete()
    order = Order.objects.order_by("pk").last()
    PlannedRenewal.objects.update(order=None, tries=0, status="announced", problem="")
    for term in Term.objects.filter(order_line__order=order):
        term.journal.all()._raw_delete("default")
        Term.objects.filter(pk=term.pk)._raw_delete("default")
    Attempt.objects.filter(order=order).delete()
    for name in ("Consent", "Receipt"):
        get_model("oscar_subscriptions", name).objects.filter(order=order)._raw_delete("default")
    order.delete()
    for charge in client.connect().v1.charges.list({"limit": 1}):
        standin.server.app.store.delete(charge["id"])


# 73


def switch_off_while_the_provider_is_busy(announced):
    """The member switches off between the last "is it wanted?" and the charge; the provider holds
    the payment and answers "busy". Returns what the member reads."""
    announced.go_to(CHARGED)
    announced.client.force_login(announced.member)
    url = reverse("subscriptions:renewal-off", args=[announced.subscription.pk])
    with interleave.stopped(intents, "confirm_intent") as point:
        run_of_the_day = Other(charge)
        point.wait()
        announced.standin.fault(path="/cancel$", error="lock_timeout", times=None)
        page = announced.client.post(url, follow=True)
        announced.standin.control("faults", "DELETE")
        point.release()
        run_of_the_day.join()
    return pages.text(page)


def test_fault_73_who_switches_off_while_a_charge_is_under_way_is_told_what_is_known(announced):
    said = switch_off_while_the_provider_is_busy(announced)
    assert "Nothing will be charged" not in said
    assert "has not told us yet whether it was charged" in said
    run()
    assert announced.charges() == ["succeeded", "succeeded"]
    [alert] = Alert.objects.open()
    assert alert.kind == alerts.CHARGED_UNWANTED
    assert alert.order == announced.planned.order
    invariants.check(announced.shop)


def test_fault_73_what_can_be_cancelled_later_is_charged_never(announced):
    """The process that was about to charge is dead, and the provider busy when the no comes."""
    announced.go_to(CHARGED)
    dead = mock.patch.object(intents, "confirm_intent", side_effect=SystemExit)
    with dead, pytest.raises(SystemExit):
        charge()
    announced.client.force_login(announced.member)
    announced.standin.fault(path="/cancel$", error="lock_timeout", times=None)
    url = reverse("subscriptions:renewal-off", args=[announced.subscription.pk])
    said = pages.text(announced.client.post(url, follow=True))
    assert "Nothing will be charged" not in said
    announced.standin.control("faults", "DELETE")
    run()
    run()
    assert announced.charges() == ["succeeded"]
    assert announced.planned.status == "dropped"
    assert not Alert.objects.open().exists()


def test_fault_73_if_the_answer_were_taken_for_a_no_the_member_would_be_misled_control(announced):
    certain = lambda *results: replace(Stopped(*results), is_certain=True)  # noqa: E731
    with mock.patch.object(cancellation, "Stopped", certain):
        said = switch_off_while_the_provider_is_busy(announced)
    assert "Nothing will be charged" in said
    assert announced.charges() == ["succeeded", "succeeded"]


# 80


@pytest.mark.parametrize(
    ("status", "amount", "intent"),
    [("no_payment_required", 0, None), ("paid", 24_000, None), ("paid", 24_000, "pi_not_expanded")],
)
def test_fault_80_paid_session_without_its_payment_is_judged_like_any_other(
    renewing, status, amount, intent
):
    session = renewing._order()
    attempt = Attempt.objects.get()
    assert attempt.keeps_payment_method
    customer = StoredPaymentMethod.objects.get().customer_id
    assert customer
    thing = {
        "id": session,
        "object": "checkout.session",
        "status": "complete",
        "payment_status": status,
        "client_reference_id": str(attempt.reference),
        "amount_total": amount,
        "currency": "eur",
        "livemode": False,
        "payment_intent": intent,
    }
    with (
        mock.patch.object(sessions, "fetch_session", lambda session_id: thing),
        mock.patch.object(refunds, "fetch_reversals", lambda payment_id: []),
    ):
        settled = reconcile(attempt)
    if amount:
        assert settled.status == "paid" and Term.objects.count() == 1
    else:
        assert settled.status == "refused"
        assert Alert.objects.open().get().kind == alerts.PAYMENT_MISMATCH
    kept = StoredPaymentMethod.objects.get()
    assert (kept.customer_id, kept.payment_method_id) == (customer, "")
