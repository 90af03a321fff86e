"""Faults 23 to 31: events that come many times, in any order, forged, unknown, or not at all."""

import uuid
from datetime import timedelta
from itertools import permutations
from unittest import mock

import pytest
import stripe
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from djstripe.models import Event, WebhookEndpoint
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.daily_run import checkpoints, runner
from oscar_subscriptions.payments.abstract_models.attempts import DUE
from oscar_subscriptions.payments.provider import client, sessions
from oscar_subscriptions.payments.provider import events as provider_events
from oscar_subscriptions.payments.reconciliation import event_backlog, matching, verdict
from tests.bank import PRICE, Payment
from tests.faults import controls, interleave, invariants, posting

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

COMPLETED = "checkout.session.completed"
SUCCEEDED = "checkout.session.async_payment_succeeded"
FOUR = (COMPLETED, SUCCEEDED, "charge.refunded", "charge.dispute.created")


@pytest.fixture
def payment(shop, standin, webhook):
    """An order whose page is open."""
    return Payment(shop, standin)


@pytest.fixture
def impatient(monkeypatch):
    """Neither the shop nor dj-stripe asks a silent provider twice."""
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    monkeypatch.setattr(stripe, "max_network_retries", 0)


def run():
    call_command("subscriptions_run", verbosity=0)


def pay_unheard(standin, payment):
    """The member pays; the shop hears nothing of it. Returns the event of the payment."""
    standin.delivery(drop="all")
    payment.pay()
    standin.delivery(reset=True)
    return standin.events(COMPLETED)[-1]


# 23


def assert_one_effect(shop):
    assert Term.objects.count() == 1
    assert Source.objects.count() == 1
    assert JournalEntry.objects.count() == 1
    assert sorted(message.to for message in mail.outbox) == [["member@example.com"]] * 2
    invariants.check(shop)


def test_fault_23_one_event_delivered_50_times_at_once_has_one_effect(shop, standin, payment):
    event = pay_unheard(standin, payment)
    standin.delivery(parallel=50, retries=[])
    standin.control("redeliver", event=event["id"], times=50)
    standin.flush()
    assert Event.objects.filter(id=event["id"]).count() == 1
    assert_one_effect(shop)
    assert Attempt.objects.get().is_due is False


def announce_at_once(standin, payment, times):
    """Events of their own ids, so that dj-stripe lets each of them through to us."""
    pay_unheard(standin, payment)
    standin.delivery(hold=True, parallel=times, retries=[])
    for _ in range(times):
        standin.control("emit", type=COMPLETED, id=payment.session)
    standin.release(hold=False)
    standin.flush()


def test_fault_23_ten_events_about_one_payment_at_once_have_one_effect(shop, standin, payment):
    announce_at_once(standin, payment, times=10)
    assert Event.objects.filter(type=COMPLETED).count() == 10
    assert_one_effect(shop)
    assert Attempt.objects.get().is_due is False


def test_fault_23_without_numbers_and_locks_the_database_refuses_the_second_term_control(
    standin, payment
):
    with (
        controls.without_numbers(),
        controls.without_locks(),
        interleave.meeting(verdict, "verdict_on_session"),
    ):
        announce_at_once(standin, payment, times=2)
    assert controls.is_refused_by_the_database()


# 24


def outcome(payment):
    """All that is left of a payment, without ids and moments."""
    term, attempt = payment.term, payment.attempt
    return {
        "attempt": (attempt.status, attempt.effect, attempt.received, attempt.problem),
        "due": attempt.is_due,
        "term": (payment.state, term.starts_on, term.ends_on),
        "reversals": payment.reversals,
        "alerts": sorted(line.split(": ")[1] for line in payment.alerts),
        "journal": sorted(term.journal.values_list("kind", flat=True)),
        "sources": list(payment.order.sources.values_list("amount_debited", "amount_refunded")),
        "transactions": sorted(
            payment.order.sources.values_list("transactions__txn_type", flat=True)
        ),
        "status": type(payment.order).objects.get(pk=payment.order.pk).status,
    }


def happen(standin, payment):
    """A slow payment is ordered, succeeds, is refunded in part, disputed; returns the events."""
    before = len(standin.events())
    payment.pay(method="sepa_debit")
    standin.control(f"sessions/{payment.session}/settle", outcome="succeed")
    standin.flush()
    payment.refund(1_000)
    payment.dispute()
    events = {event["type"]: event["id"] for event in standin.events()[before:]}
    return [events[kind] for kind in FOUR]


@pytest.mark.parametrize(
    "first", [3, *(pytest.param(place, marks=pytest.mark.slow) for place in range(3))]
)
def test_fault_24_every_order_of_the_events_leads_to_the_same_state(shop, standin, webhook, first):
    standin.control("settings", async_delay=86_400)
    as_it_happened = Payment(shop, standin)
    happen(standin, as_it_happened)
    expected = outcome(as_it_happened)
    assert expected["term"][0] == "suspended"
    standin.delivery(hold=True)
    orders = {
        Payment(shop, standin, name=f"member{number}"): order
        for number, order in enumerate(permutations(range(4)))
        if order[0] == first
    }
    events = {payment: happen(standin, payment) for payment in orders}
    for place in range(4):
        standin.release(events=[events[payment][order[place]] for payment, order in orders.items()])
        standin.flush()
    for payment, order in orders.items():
        assert outcome(payment) == expected, [FOUR[place] for place in order]
    invariants.check(shop)


# 25, 26, 27


@pytest.mark.parametrize(("age", "status"), [(301, 400), (3_600, 400), (200, 200)])
def test_fault_25_replay_beyond_the_tolerance_is_refused(
    shop, standin, webhook, payment, age, status
):
    event = pay_unheard(standin, payment)
    body = posting.json.dumps(event)
    assert posting.post(webhook, body, posting.signed(body, age=age)) == status
    assert payment.state == ("valid" if status == 200 else "")


@pytest.mark.parametrize("secret", ["whsec_mine", "whsec_" + "0" * 32])
def test_fault_26_event_signed_with_another_secret_is_refused(standin, webhook, payment, secret):
    event = pay_unheard(standin, payment)
    body = posting.json.dumps(event)
    assert posting.post(webhook, body, posting.signed(body, secret=secret)) == 400
    assert payment.state == ""
    assert not Event.objects.filter(id=event["id"]).exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Stripe-Signature": "t=1,v1=00", "X-Djstripe-Webhook-Secret": "whsec_mine"},
        {"Stripe-Signature": "nonsense"},
        {"Stripe-Signature": ""},
        {},
    ],
    ids=repr,
)
def test_fault_26_forged_event_is_refused(standin, webhook, payment, headers):
    event = pay_unheard(standin, payment)
    assert posting.post(webhook, event, headers) == 400
    assert payment.state == ""


def test_fault_26_event_that_nobody_could_verify_is_not_followed(standin, webhook, payment):
    event = pay_unheard(standin, payment)
    WebhookEndpoint.objects.update(secret="")
    assert posting.post(webhook, event, {"Stripe-Signature": "t=1,v1=00"}) == 500
    assert payment.attempt.asked == 0
    assert payment.state == ""


def test_fault_26_body_changed_after_it_was_signed_is_refused(standin, webhook, payment):
    body = posting.json.dumps(pay_unheard(standin, payment))
    headers = posting.signed(body)
    assert posting.post(webhook, body.replace(payment.session, "cs_test_other"), headers) == 400


def test_fault_27_secret_taken_from_a_header_while_debugging_grants_nothing(
    settings, webhook, payment
):
    settings.DEBUG = True
    thing = {
        "object": "checkout.session",
        "id": payment.session,
        "status": "complete",
        "payment_status": "paid",
        "amount_total": PRICE,
        "client_reference_id": str(payment.attempt.reference),
    }
    body = posting.json.dumps(posting.event(COMPLETED, thing))
    headers = posting.signed(body, secret="whsec_mine")
    posting.post(webhook, body, headers | {"X-Djstripe-Webhook-Secret": "whsec_mine"})
    assert Attempt.objects.get().asked == 1, "the event was not let in: this proves nothing"
    assert payment.state == ""
    assert payment.attempt.status == "open"


# 28, 29


def test_fault_28_test_mode_payment_on_a_live_shop_gives_nothing_and_is_told(
    shop, standin, payment
):
    Attempt.objects.update(livemode=True)
    payment.pay()
    assert payment.state == ""
    assert payment.attempt.status == "refused"
    assert ["livemode" in line for line in payment.alerts] == [True]
    invariants.check(shop)


@pytest.mark.parametrize("livemode", [False, True])
def test_fault_28_another_shops_payment_through_the_same_account_is_nobodys_business(
    standin, webhook, payment, livemode
):
    session = sessions.fetch_session(payment.session).to_dict() | {
        "id": "cs_test_of_another_shop",
        "client_reference_id": str(uuid.uuid4()),
        "payment_status": "paid",
        "status": "complete",
        "livemode": livemode,
    }
    session["metadata"] = session["metadata"] | {"shop": "another.example"}
    posting.post(webhook, posting.event(COMPLETED, session, livemode=livemode))
    assert not Term.objects.exists() and not Alert.objects.exists()
    assert Attempt.objects.get().asked == 0


def test_fault_29_event_about_an_unknown_session_is_kept_and_told(standin, webhook, payment):
    """As after a database was restored from a backup that is older than the order."""
    event = pay_unheard(standin, payment)
    number = payment.order.number
    Attempt.objects.all().delete()
    standin.control("redeliver", event=event["id"], times=2)
    standin.flush()
    assert Event.objects.filter(id=event["id"]).exists()
    alert = Alert.objects.open().get()
    assert (alert.kind, number in alerts.text(alert)) == (alerts.UNCLAIMED_PAYMENT, True)


# 30


def test_fault_30_event_that_is_stored_already_does_not_hide_the_payment(shop, standin, payment):
    standin.delivery(hold=True)
    payment.pay()
    (event,) = standin.events(COMPLETED)
    Event.objects.create(id=event["id"], type=event["type"], data=event["data"], livemode=False)
    standin.release(hold=False)
    standin.flush()
    assert payment.state == ""
    run()
    assert payment.state == "valid"
    invariants.check(shop)


# 31


def test_fault_31_provider_silent_during_the_webhook_is_asked_again_by_the_run(
    shop, standin, payment, impatient
):
    standin.delivery(hold=True, retries=[])
    payment.pay()
    standin.fault(status=500, times=None)
    standin.release(hold=False)
    standin.flush()
    assert payment.state == ""
    assert payment.attempt.is_due
    standin.control("faults", "DELETE")
    run()
    assert payment.state == "valid"
    assert payment.attempt.is_due is False
    invariants.check(shop)


@pytest.fixture
def customers(shop, standin, webhook):
    """Three members who paid, whose payments were looked at just now."""
    return [Payment(shop, standin, name=f"member{number}").pay() for number in range(3)]


def refund_unheard(standin, customers):
    standin.delivery(drop="all")
    for payment in customers:
        payment.refund()


def states(customers):
    return [payment.state for payment in customers]


def test_fault_31_days_of_silence_are_caught_up_from_the_providers_list_of_events(
    shop, standin, customers, impatient
):
    refund_unheard(standin, customers)
    standin.fault(status=500, times=None)
    for _ in range(3):
        with pytest.raises(CommandError):
            run()
    assert states(customers) == ["valid"] * 3
    assert checkpoints.reached(event_backlog.CHECKPOINT) is None
    standin.control("faults", "DELETE")
    run()
    assert states(customers) == ["revoked"] * 3
    newest = max(event["created"] for event in standin.events())
    assert checkpoints.reached(event_backlog.CHECKPOINT).timestamp() == newest
    invariants.check(shop)


def test_fault_31_without_the_list_of_events_nothing_is_caught_up_control(standin, customers):
    refund_unheard(standin, customers)
    with mock.patch.object(runner, "_STEPS", runner._STEPS[:]):
        runner._STEPS.remove(event_backlog.read_events)
        run()
    assert states(customers) == ["valid"] * 3


def test_fault_31_next_run_reads_on_from_the_mark_and_a_little_before_it(standin, customers):
    refund_unheard(standin, customers[:1])
    run()
    mark = checkpoints.reached(event_backlog.CHECKPOINT)
    with mock.patch.object(provider_events, "events_since", return_value=iter(())) as asked:
        run()
    assert asked.call_args.args[0] == mark - timedelta(hours=1)


def test_fault_31_shop_that_did_not_run_for_months_reads_what_the_provider_still_lists(
    standin, customers, time_machine
):
    refund_unheard(standin, customers)
    checkpoints.reach(event_backlog.CHECKPOINT, timezone.now() - timedelta(days=300))
    with mock.patch.object(provider_events, "events_since", return_value=iter(())) as asked:
        run()
    assert timezone.now() - asked.call_args.args[0] < timedelta(days=30, minutes=1)


class Killed(BaseException):
    """The process is gone."""


def test_fault_31_run_killed_while_it_reads_begins_at_the_same_place(standin, customers):
    refund_unheard(standin, customers)
    follow, seen = matching.mark_due, []

    def dying(thing):
        seen.append(thing)
        if len(seen) == 2:
            raise Killed
        return follow(thing)

    with mock.patch.object(matching, "mark_due", dying), pytest.raises(Killed):
        run()
    assert checkpoints.reached(event_backlog.CHECKPOINT) is None
    assert states(customers) == ["valid"] * 3
    run()
    assert states(customers) == ["revoked"] * 3


def test_fault_31_provider_that_falls_silent_within_the_list_is_read_again(
    standin, customers, impatient
):
    refund_unheard(standin, customers)
    events = provider_events.events_since

    def breaking(since, types):
        listed = events(since, types)
        yield next(listed)
        raise client.ProviderUnavailableError

    with mock.patch.object(provider_events, "events_since", breaking), pytest.raises(CommandError):
        run()
    assert checkpoints.reached(event_backlog.CHECKPOINT) is None
    run()
    assert states(customers) == ["revoked"] * 3


def test_fault_31_dry_run_marks_nothing(standin, customers):
    refund_unheard(standin, customers)
    told = list(event_backlog.read_events(timezone.localdate(), dry_run=True))
    assert [outcome.message for outcome in told] == ["3 payments touched by events of the provider"]
    assert checkpoints.reached(event_backlog.CHECKPOINT) is None
    assert not Attempt.objects.filter(DUE).exists()


def test_fault_31_shop_without_payments_does_not_ask(db, standin):
    with mock.patch.object(provider_events, "events_since") as asked:
        assert list(event_backlog.read_events(timezone.localdate(), dry_run=False)) == []
    assert not asked.called


# 71


@pytest.mark.parametrize("events", [30, pytest.param(300, marks=pytest.mark.slow)])
def test_fault_71_a_storm_of_events_is_answered_and_leaves_nothing_to_do(
    shop, standin, webhook, events
):
    """Every third comes twice; the members have paid meanwhile, and nobody has heard of it."""
    payments = [Payment(shop, standin, name=f"member{number}") for number in range(10)]
    for payment in payments:
        pay_unheard(standin, payment)
    standin.delivery(hold=True, parallel=8, retries=[])
    for number in range(events * 2 // 3):
        standin.control("emit", type=COMPLETED, id=payments[number % 10].session)
    standin.release(hold=False)
    standin.flush(timeout=120)
    for event in standin.events(COMPLETED)[-(events // 3) :]:
        standin.control("redeliver", event=event["id"], times=1)
    assert standin.flush(timeout=120)["failed"] == 0
    assert [payment.state for payment in payments] == ["valid"] * 10
    assert not Attempt.objects.to_reconcile().exists()
    assert Term.objects.count() == Source.objects.count() == 10
    invariants.check(shop)
