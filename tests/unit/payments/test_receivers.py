"""An event of the provider is a hint: the attempt is marked, and asked about after the commit."""

import pytest
from djstripe import signals
from djstripe.models import Event, WebhookEventTrigger
from oscar.core.loading import get_model

from oscar_subscriptions.payments import receivers
from oscar_subscriptions.payments.provider.events import EVENTS
from tests.bank import Payment

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
PAID = "checkout.session.completed"


@pytest.fixture
def payment(shop, standin):
    """A payment of which the shop has heard nothing."""
    return Payment(shop, standin).pay()


@pytest.fixture
def attempt(shop):
    """An attempt about which nobody is to be asked."""
    order = shop.make_order(shop.make_user())
    return Attempt.objects.create(order=order, amount=1, currency="EUR", session_id="cs_1")


def session(session_id):
    return {"object": "checkout.session", "id": session_id}


def happen(data):
    event = Event(id="evt_1", type=PAID, data=data)
    receivers.something_happened(sender=Event, event=event)


def fail(valid=True, body=None):
    """dj-stripe says that it could not store an event."""
    trigger = WebhookEventTrigger(valid=valid)
    trigger.json_body = body
    signals.webhook_processing_error.send(sender=WebhookEventTrigger, instance=trigger)


def test_every_event_that_the_endpoint_hears_of_is_followed_and_no_other(payment):
    data = {"object": session(payment.session)}
    for kind in (*EVENTS, "balance.available"):
        Event(id="evt_1", type=kind, data=data).invoke_webhook_handlers()
    assert payment.attempt.asked == len(EVENTS)


def test_the_provider_is_asked_after_the_commit_and_believed_instead_of_the_event(payment, commit):
    with commit():
        happen(
            {"object": session(payment.session) | {"payment_status": "unpaid", "amount_total": 1}}
        )
        attempt = payment.attempt
        assert attempt.status == "open" and attempt.is_due
    attempt = payment.attempt
    assert (attempt.status, attempt.received, attempt.is_due) == ("paid", 24_000, False)


@pytest.mark.parametrize(
    ("status", "thing", "is_thorough"),
    [
        ("open", session("cs_1"), False),  # money that has just come
        ("paid", session("cs_1"), True),
        ("refused", session("cs_1"), True),
        ("open", {"object": "dispute", "payment_intent": "pi_1"}, True),
        ("paid", {"object": "charge", "payment_intent": "pi_1"}, True),
    ],
)
def test_after_an_event_refunds_and_disputes_are_asked_for_that_nothing_mentions(
    attempt, commit, monkeypatch, status, thing, is_thorough
):
    Attempt.objects.filter(pk=attempt.pk).update(status=status, payment_intent_id="pi_1")
    asked = []
    monkeypatch.setattr(
        receivers.reconcile, "answer", lambda row, *, thorough: asked.append((row, thorough))
    )
    with commit():
        happen({"object": thing})
    assert asked == [(attempt, is_thorough)]


@pytest.mark.parametrize("data", [None, [], "text", {}, {"object": None}, {"object": {"id": "x"}}])
def test_an_event_that_concerns_nobody_does_nothing(attempt, commit, data):
    with commit() as calls:
        happen(data)
    assert calls == [] and Attempt.objects.get().asked == 0


def test_a_provider_that_does_not_answer_is_asked_by_the_next_run(payment, commit, standin, caplog):
    standin.fault(status=429)
    with commit():
        happen({"object": session(payment.session)})
    attempt = payment.attempt
    assert attempt.status == "open" and attempt.is_due
    assert f"Attempt {attempt.pk} not reconciled after an event" in caplog.messages


def test_a_signed_event_that_dj_stripe_could_not_store_is_followed_all_the_same(payment, commit):
    with commit():
        fail(body={"type": PAID, "data": {"object": session(payment.session)}})
    assert payment.attempt.status == "paid"


def test_an_event_that_nobody_signed_is_not_followed(attempt, commit):
    with commit():
        fail(valid=False, body={"type": PAID, "data": {"object": session("cs_1")}})
    assert Attempt.objects.get().asked == 0


@pytest.mark.parametrize(
    "body", [None, [], {}, {"type": PAID}, {"type": "invoice.paid", "data": {"object": {}}}]
)
def test_a_body_that_can_not_be_read_concerns_nobody(attempt, commit, body):
    with commit() as calls:
        fail(body=body)
    receivers.processing_failed(sender=WebhookEventTrigger)
    assert calls == [] and Attempt.objects.get().asked == 0
