"""Webhooks: signed, retried, and as late, doubled, lost and disordered as a test wants them."""

import json
import socket
import threading
import time

import pytest
import stripe
from standin_support import client_of, session_params, types, until

from standin import testing

PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


PATHS = {
    "payment_intent": "payment_intents",
    "charge": "charges",
    "checkout.session": "checkout/sessions",
}


@pytest.fixture
def buy(pay_server, client):
    """Pay one session; returns its id."""

    def pay():
        session = client.v1.checkout.sessions.create(session_params())
        pay_server.pay(session.id)
        return session.id

    return pay


def test_events_arrive_in_order_and_signed_with_the_endpoints_secret(
    pay_server, receiver, endpoint, buy
):
    session = buy()
    pay_server.flush()

    assert receiver.types == PAID
    for payload, signature in receiver.received:
        event = stripe.Webhook.construct_event(payload, signature, endpoint.secret)
        assert event.api_version == endpoint.api_version == stripe.api_version
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(payload + " ", signature, endpoint.secret)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(payload, signature, "whsec_other")
    assert receiver.events[-1]["data"]["object"]["id"] == session


def test_the_secret_is_shown_once(client, endpoint):
    assert endpoint.secret.startswith("whsec_")
    assert "secret" not in client.v1.webhook_endpoints.retrieve(endpoint.id)
    assert "secret" not in client.v1.webhook_endpoints.list().data[0]


def test_an_endpoint_gets_what_it_asked_for(pay_server, client, receiver, endpoint, buy):
    def buy_and_deliver():
        buy()
        pay_server.flush()  # what is still on its way when the endpoint changes would be dropped

    client.v1.webhook_endpoints.update(endpoint.id, {"enabled_events": [PAID[3]]})
    buy_and_deliver()
    client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    buy_and_deliver()
    client.v1.webhook_endpoints.update(endpoint.id, {"disabled": False})
    buy_and_deliver()
    client.v1.webhook_endpoints.delete(endpoint.id)
    buy_and_deliver()

    assert receiver.types == [PAID[3], PAID[3]]


def test_the_receiver_may_call_the_api_while_it_handles_an_event(
    pay_server, client, receiver, endpoint, buy
):
    seen = []

    def fetch(payload):
        body = json.loads(payload)["data"]["object"]
        seen.append(client.raw_request("get", f"/v1/{PATHS[body['object']]}/{body['id']}").data)

    receiver.on_receive = fetch
    buy()
    pay_server.flush()

    assert [body["object"] for body in seen] == [
        "payment_intent", "charge", "payment_intent", "checkout.session",
    ]  # fmt: skip
    assert seen[-1]["payment_status"] == "paid"


def test_a_failed_delivery_is_tried_again(pay_server, receiver, endpoint, buy):
    pay_server.delivery(retries=[0.01, 0.01], types=[PAID[3]])
    receiver.status = 500
    buy()
    until(lambda: len(receiver.received) >= 4)
    receiver.status = 200
    pay_server.flush()

    assert set(receiver.types) == set(PAID)
    answers = pay_server.control("deliveries", "GET")["data"]
    assert {one["state"] for one in answers} == {"delivered"}
    assert answers[0]["answers"][0]["status"] == 500


def test_tries_are_bounded(pay_server, receiver, endpoint, buy):
    pay_server.delivery(retries=[0, 0])
    receiver.status = 302
    buy()
    pay_server.flush()

    assert len(receiver.received) == 3 * len(PAID)
    assert pay_server.control("flush")["failed"] == len(PAID)


def test_every_event_can_arrive_several_times(pay_server, receiver, endpoint, buy):
    pay_server.delivery(duplicate=3, parallel=3)
    buy()
    pay_server.flush()

    assert sorted(receiver.types) == sorted(PAID * 3)
    assert len({event["id"] for event in receiver.events}) == len(PAID)


def test_an_old_event_can_be_sent_again(pay_server, receiver, endpoint, buy):
    buy()
    event = pay_server.events(PAID[3])[0]
    pay_server.control("redeliver", event=event["id"], times=5)
    pay_server.flush()

    assert receiver.types[len(PAID) :] == [PAID[3]] * 5


def test_events_can_arrive_in_reverse(pay_server, receiver, endpoint, buy):
    pay_server.delivery(reorder="reverse")
    buy()
    pay_server.flush()

    assert receiver.types == PAID[::-1]


def test_events_can_be_lost(pay_server, receiver, endpoint, buy):
    pay_server.delivery(drop=2)
    buy()
    pay_server.flush()
    assert receiver.types == PAID[2:]

    pay_server.delivery(drop="all")
    buy()
    pay_server.flush()
    assert receiver.types == PAID[2:]


def test_events_can_be_held_and_released_in_any_order(pay_server, receiver, endpoint, buy):
    pay_server.delivery(hold=True)
    buy()
    pay_server.flush()
    assert receiver.received == []

    wanted = [PAID[2], PAID[0]]
    assert types(pay_server.release(types=wanted)["released"]) == wanted
    pay_server.flush()
    assert receiver.types == wanted

    pay_server.release(order="reverse", hold=False)
    pay_server.flush()  # else those of the next purchase would come between them
    buy()
    pay_server.flush()
    assert receiver.types == [*wanted, PAID[3], PAID[1], *PAID]


def test_one_type_of_event_can_be_singled_out(pay_server, receiver, endpoint, buy):
    pay_server.delivery(drop="all", types=[PAID[3]])
    buy()
    pay_server.flush()

    assert receiver.types == PAID[:3]


def test_delayed_events_wait_for_the_clock(pay_server, receiver, endpoint, buy):
    pay_server.delivery(delay=3600)
    buy()
    assert not pay_server.control("flush", timeout=0)["drained"]
    assert receiver.received == []

    pay_server.advance(3600)
    pay_server.flush()

    assert receiver.types == PAID
    payload, signature = receiver.received[0]
    assert stripe.Webhook.construct_event(payload, signature, endpoint.secret)


@pytest.mark.parametrize(("after", "arrived"), [(False, 1), (True, 2)])
def test_a_delivery_can_seem_to_fail(pay_server, receiver, endpoint, buy, after, arrived):
    pay_server.delivery(fail=1, fail_status=502, fail_after=after, types=[PAID[3]])
    buy()
    pay_server.flush(force=True)

    assert receiver.types.count(PAID[3]) == arrived


def test_any_event_about_anything_can_be_invented(pay_server, receiver, endpoint, buy):
    session = buy()
    pay_server.control("amend", id=session, set={"amount_total": 1}, remove=["currency"])
    pay_server.control("emit", type="checkout.session.completed", id=session)
    unknown = {"id": "cs_test_unknown", "object": "checkout.session"}
    pay_server.control("emit", type="checkout.session.completed", object=unknown)
    pay_server.flush()

    amended, invented = (event["data"]["object"] for event in receiver.events[-2:])
    assert amended["amount_total"] == 1 and "currency" not in amended
    assert invented["id"] == "cs_test_unknown"


def test_unreachable_receivers_do_no_harm(pay_server, client, receiver, endpoint, buy):
    receiver.end()
    pay_server.delivery(retries=[])
    buy()
    pay_server.flush()

    answers = pay_server.control("deliveries", "GET", state="failed")["data"]
    assert len(answers) == len(PAID) and "URLError" in answers[0]["answers"][0]["error"]


def test_a_restart_goes_on_where_it_was(tmp_path, receiver):
    state = tmp_path / "state.sqlite3"
    first = testing.start(state)
    api = client_of(first).v1
    params = {"url": receiver.url, "enabled_events": ["*"]}
    secret = api.webhook_endpoints.create(params).secret
    receiver.status = 500
    first.delivery(retries=[3600])
    session = api.checkout.sessions.create(session_params(), {"idempotency_key": "k"})
    first.pay(session.id)
    until(lambda: len(receiver.received) == len(PAID))
    first.stop()
    receiver.status = 200
    receiver.received.clear()

    second = testing.start(state)
    try:
        api = client_of(second).v1
        assert api.checkout.sessions.retrieve(session.id).payment_status == "paid"
        assert (
            api.checkout.sessions.create(session_params(), {"idempotency_key": "k"}).id
            == session.id
        )
        second.flush(force=True)
        assert receiver.types == PAID
        assert stripe.Webhook.construct_event(*receiver.received[0], secret)
    finally:
        second.stop()


def test_a_receiver_that_does_not_speak_http_does_no_harm(pay_server, client, buy):
    with socket.create_server(("127.0.0.1", 0)) as babbler:

        def babble():
            for _ in PAID:
                connection, _ = babbler.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"hello\r\n\r\n")

        threading.Thread(target=babble, daemon=True).start()
        url = f"http://127.0.0.1:{babbler.getsockname()[1]}/"
        client.v1.webhook_endpoints.create({"url": url, "enabled_events": ["*"]})
        pay_server.delivery(retries=[])
        buy()
        pay_server.flush()

    answers = pay_server.control("deliveries", "GET", state="failed")["data"]
    assert {one["answers"][0]["error"].split(":")[0] for one in answers} == {"BadStatusLine"}


def test_stopping_is_quick_whatever_is_under_way(tmp_path, receiver):
    server = testing.start(tmp_path / "state.sqlite3")
    client_of(server).v1.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    leave = threading.Event()
    receiver.on_receive = lambda payload: leave.wait(10)
    server.control("emit", type="a.b", object={"id": "x", "object": "thing"})
    until(lambda: receiver.received)

    begun = time.monotonic()
    server.stop()

    assert time.monotonic() - begun < 3
    leave.set()
    server.server.app.deliverer.join(5)
    assert not server.server.app.deliverer.is_alive()
