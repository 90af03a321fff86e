"""What dj-stripe is not to keep: bank data, and nothing else."""

import json

import pytest
from djstripe.models import Customer, Event, PaymentMethod, WebhookEventTrigger

from oscar_subscriptions.payments.payment_methods import scrubbing

CARD = {"brand": "visa", "last4": "4242", "exp_year": 2034, "fingerprint": "abc"}
SCRUBBED = {"brand": "visa", "last4": None, "exp_year": None, "fingerprint": None}


def test_scrubbing_leaves_what_is_no_bank_data():
    invoice = {"object": "invoice", "number": "F-2026-1", "metadata": {"number": "7"}}
    card = {"card": {"last4": "4242", "brand": "visa", "metadata": {"fingerprint": "mine"}}}
    assert scrubbing.scrub_card_details(invoice) == invoice
    assert scrubbing.scrub_card_details(card) == {
        "card": {"last4": None, "brand": "visa", "metadata": {"fingerprint": "mine"}}
    }


@pytest.mark.parametrize(
    "where", ["card", "default_source", "payment_method_details", "sepa_debit", "source"]
)
def test_bank_data_is_found_at_any_depth_below_a_means_of_payment(where):
    thing = {"data": [{where: {"checks": [CARD]}}]}
    assert scrubbing.scrub_card_details(thing) == {"data": [{where: {"checks": [SCRUBBED]}}]}


@pytest.mark.parametrize("thing", [None, 7, "4242", [], {}, [None, {"card": None}]])
def test_what_holds_nothing_stays_as_it_is(thing):
    assert scrubbing.scrub_card_details(thing) == thing


def test_what_was_given_is_not_changed_itself():
    thing = {"card": dict(CARD)}
    scrubbing.scrub_card_details(thing)
    assert thing == {"card": CARD}


@pytest.mark.parametrize("is_kept", [False, True])
def test_dj_stripe_stores_no_bank_data_unless_the_shop_wants_it(db, settings, is_kept):
    settings.OSCAR_SUBSCRIPTIONS_KEEP_CARD_DETAILS = is_kept
    method = PaymentMethod.objects.create(id="pm_1", stripe_data={"card": CARD})
    event = Event.objects.create(
        id="evt_1",
        livemode=False,
        data={"object": {"card": CARD}},
        stripe_data={"data": {"object": {"card": CARD}}},
    )
    for row in (method, event):
        row.refresh_from_db()
    left = CARD if is_kept else SCRUBBED
    assert method.stripe_data["card"] == left
    assert event.data["object"]["card"] == event.stripe_data["data"]["object"]["card"] == left


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_body_is_scrubbed_only_once_its_signature_was_verified(endpoint, settings, is_kept):
    settings.OSCAR_SUBSCRIPTIONS_KEEP_CARD_DETAILS = is_kept
    body = json.dumps({"data": {"object": {"card": CARD}}})
    trigger = WebhookEventTrigger.objects.create(
        webhook_endpoint=endpoint, remote_ip="127.0.0.1", headers={}, body=body
    )
    assert trigger.body == body
    trigger.save()
    kept = WebhookEventTrigger.objects.get().json_body["data"]["object"]["card"]
    assert kept == (CARD if is_kept else SCRUBBED)


@pytest.mark.parametrize("body", ["no JSON", '{"data":  {"object": {"number": "F-1"}}}'])
def test_a_body_without_bank_data_is_kept_to_the_letter(endpoint, body):
    trigger = WebhookEventTrigger.objects.create(
        webhook_endpoint=endpoint, remote_ip="127.0.0.1", headers={}, body=body
    )
    trigger.save()
    trigger.refresh_from_db()
    assert trigger.body == body


# Payers.

PAYER = {"email": "a@example.com", "name": "Ada", "phone": "1", "address": {"city": "Paris"}}
NOBODY = dict.fromkeys(PAYER)


@pytest.mark.parametrize("where", sorted(scrubbing.PAYERS))
def test_payers_are_found_at_any_depth(where):
    thing = {"data": [{where: {"details": [PAYER]}}], "name": "Silver"}
    scrubbed = {"data": [{where: {"details": [NOBODY]}}], "name": "Silver"}
    assert scrubbing.scrub_payer_details(thing) == scrubbed


def test_a_customer_and_the_address_of_a_page_or_receipt_are_nobodys():
    customer = {"object": "customer", "id": "cus_1", **PAYER, "metadata": {"email": "mine"}}
    assert scrubbing.scrub_payer_details(customer) == customer | NOBODY
    page = {"customer_email": "a@example.com", "receipt_email": "b@example.com", "amount": 7}
    assert scrubbing.scrub_payer_details(page) == {
        "customer_email": None,
        "receipt_email": None,
        "amount": 7,
    }


@pytest.mark.parametrize("is_kept", [False, True])
def test_dj_stripe_stores_no_payer_unless_the_shop_wants_it(db, settings, is_kept):
    settings.OSCAR_SUBSCRIPTIONS_KEEP_PAYER_DETAILS = is_kept
    stored = {"object": "customer", **PAYER}
    row = Customer.objects.create(id="cus_1", email="a@example.com", stripe_data=stored)
    row.refresh_from_db()
    assert row.email == ("a@example.com" if is_kept else "")
    assert row.stripe_data == (stored if is_kept else stored | NOBODY)
