"""What the stand-in's tests share: parameters, a real Stripe client, a receiver of webhooks."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe


def client_of(server, key=None, **options):
    return stripe.StripeClient(
        key or server.api_key,
        base_addresses={"api": server.url},
        max_network_retries=0,
        **options,
    )


def session_params(amount=10000, currency="eur", **changes):
    """Parameters of an ordinary session."""
    product = {"name": "Abonnement Silver", "description": "12 months"}
    price = {"currency": currency, "unit_amount": amount, "product_data": product}
    return {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "http://shop.test/return/?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/cancelled/",
        "client_reference_id": "ref-1",
        "customer_email": "member@example.com",
        "metadata": {"order": "100001"},
        "payment_intent_data": {"metadata": {"order": "100001"}, "description": "Order 100001"},
    } | changes


def types(events):
    return [event["type"] for event in events]


def until(condition, seconds=5):
    """Wait for ``condition()`` to be true, at most ``seconds``; return what it returned."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
    return found


class Receiver(ThreadingHTTPServer):
    """Answers webhooks with ``status`` and keeps ``(payload, signature)`` of each."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Keep)
        self.url = f"http://127.0.0.1:{self.server_port}/hook/"
        self.status = 200
        self.received = []
        self.on_receive = None
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def end(self):
        self.shutdown()
        self.server_close()

    @property
    def events(self):
        return [json.loads(payload) for payload, _ in self.received]

    @property
    def types(self):
        return [event["type"] for event in self.events]


class _Keep(BaseHTTPRequestHandler):
    def do_POST(self):
        payload = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.received.append((payload, self.headers["Stripe-Signature"]))
        if self.server.on_receive:
            self.server.on_receive(payload)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass
