"""Every object that the stand-in returns has the fields that Stripe publishes for its kind."""

import json
from pathlib import Path

import pytest
import stripe
from standin_support import session_params

from standin.forms import words

SHAPES = Path(__file__).parents[1] / "data" / "stripe_shapes.json"
PUBLISHED = json.loads(SHAPES.read_text())["kinds"]
NAMES = {dict: "object", list: "array", bool: "boolean", int: "integer", float: "number"}

# Where the published example shows one variant of several, or only what is required.
OPEN = {
    "charge.payment_method_details": "one field per type of payment method",
    "payment_intent.automatic_payment_methods": "the example shows `enabled` alone",
    "payment_intent.last_payment_error": "the example shows `type` alone",
    "payment_intent.next_action": "one field per type of action",
}
ONE_OF = {"payment_method": ("card", "sepa_debit")}
NEVER_NULL = words(
    "id object created livemode amount currency status metadata type url data enabled_events "
    "payment_status amount_total expires_at captured paid refunded disputed refunds"
)


def differences(kind, body):
    """What is wrong with ``body`` as an object of ``kind``, as readable lines."""
    published = dict(PUBLISHED[kind])
    for field in ONE_OF.get(kind, ()):
        if body["type"] != field:
            published.pop(field, None)
        elif field not in published:
            published[field] = {}
    found = list(_compared(published, body, kind))
    for name in sorted(NEVER_NULL & set(published)):
        # A session that is over has no address any more.
        if body.get(name) is None and not (name == "url" and body.get("status") != "open"):
            found.append(f"{kind}.{name} is null")
    return found


def _name(value):
    return "string" if isinstance(value, str) else NAMES[type(value)]


def _compared(shape, value, path):
    if value is None or shape == "null":
        return
    if isinstance(shape, str):
        if _name(value) != shape:
            yield f"{path} is {_name(value)}, published as {shape}"
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{path} is no array"
        elif shape:
            for item in value:
                yield from _compared(shape[0], item, f"{path}[]")
    elif not isinstance(value, dict):
        yield f"{path} is no object"
    elif shape and path not in OPEN:
        for name in shape.keys() - value.keys():
            yield f"{path}.{name} is missing"
        for name in value.keys() - shape.keys():
            yield f"{path}.{name} is not published"
        for name in shape.keys() & value.keys():
            yield from _compared(shape[name], value[name], f"{path}.{name}")


@pytest.fixture
def everything(pay_server, client, endpoint):
    """Objects of every kind in every state that we can bring about, as plain dicts."""
    server, objects = pay_server, [endpoint.to_dict()]
    objects[0].pop("secret")  # only in the answer that creates it, as Stripe documents

    def session(**changes):
        return client.v1.checkout.sessions.create(session_params(**changes)).id

    def raw(path):
        return json.loads(json.dumps(client.raw_request("get", path).data))

    session()
    paid = session(customer_email="a@example.com", customer_creation="always")
    server.pay(paid)
    server.pay(session(), card="4000000000000127")
    server.pay(session(), card="4000002500003155")
    server.pay(session(), card="4000000000003220", bank="refuse")
    server.pay(session(), card="4000002760003184", bank="confirm")
    slow = session()
    server.pay(slow, method="sepa_debit")
    server.control(f"sessions/{slow}/settle", outcome="succeed")
    bounced = session()
    server.pay(bounced, method="sepa_debit")
    server.control(f"sessions/{bounced}/settle", outcome="fail")
    server.control(f"charges/{paid}/refund", amount=100)
    back = server.control(f"charges/{paid}/refund", status="pending")
    server.control(f"refunds/{back['id']}", status="failed")
    disputed = session()
    server.pay(disputed, card="4000000000000259")
    inquired = session()
    server.pay(inquired)
    server.control(f"charges/{inquired}/dispute", inquiry=True)
    client.v1.checkout.sessions.expire(session())
    saved = session(customer_creation="always", payment_intent_data={"setup_future_usage": OFF})
    server.pay(saved)
    for card in ("4242424242424242", "4000002760003184"):
        charge_later(client, server, saved, card)
    for path in PATHS:
        objects.extend(raw(f"/v1/{path}?limit=100")["data"])
    objects.append(raw("/v1/account"))
    return objects


OFF = "off_session"


def charge_later(client, server, session, card):
    """Charge what was saved in ``session`` as if it were ``card``."""
    paid = client.v1.checkout.sessions.retrieve(session, {"expand": ["payment_intent"]})
    method = paid.payment_intent.payment_method
    server.control(f"payment_methods/{method}", card=card)
    intent = client.v1.payment_intents.create(
        {
            "amount": 500,
            "currency": "eur",
            "customer": paid.customer,
            "payment_method": method,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )
    try:
        client.v1.payment_intents.confirm(intent.id, {OFF: True})
    except stripe.CardError:
        client.v1.payment_intents.cancel(intent.id)


PATHS = words(
    "checkout/sessions payment_intents charges refunds disputes customers payment_methods "
    "balance_transactions events webhook_endpoints"
)


def test_every_object_has_the_published_fields(everything):
    wrong = {line for body in everything for line in differences(body["object"], body)}

    assert not wrong, "\n".join(sorted(wrong))
    assert {body["object"] for body in everything} == PUBLISHED.keys()


def test_events_carry_objects_of_the_published_shapes(everything):
    carried = [body["data"]["object"] for body in everything if body["object"] == "event"]

    wrong = {line for body in carried for line in differences(body["object"], body)}

    assert not wrong, "\n".join(sorted(wrong))


def test_the_comparison_can_fail():
    charge = dict.fromkeys(PUBLISHED["charge"], None) | {"amount": "12", "extra": 1}
    del charge["captured"]

    wrong = differences("charge", charge)

    assert "charge.amount is string, published as integer" in wrong
    assert "charge.extra is not published" in wrong
    assert "charge.captured is missing" in wrong
    assert "charge.id is null" in wrong
