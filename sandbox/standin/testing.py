"""The stand-in inside a test's own process, and a client for its controls and pages::

    standin = testing.start(tmp_path / "state.sqlite3")
    ...
    standin.stop()

``Standin(url)`` is the same client for a stand-in that runs elsewhere.
"""

import json
import urllib.error
import urllib.parse
import urllib.request

from .outgoing import open_directly
from .server import Server

API_KEY = "sk_test_" + "StandInDemoKeyForTests24"

# Seconds to wait for deliveries: a busy machine is no reason to fail, and nothing else takes long.
PATIENCE = 60


class ControlError(Exception):
    """A control said no; the message is its own."""


class Standin:
    """A stand-in at ``url``, this process's or another's. ``api_key`` is a key that it accepts."""

    api_key = API_KEY

    def __init__(self, url, server=None):
        self.url = url
        self.server = server

    def stop(self):
        """End the server that `start` began; its state stays in the file."""
        self.server.stop()

    def control(self, path, verb="POST", /, **values):
        """Call ``/_standin/<path>`` with ``values``. Raises ``ControlError``."""
        body = json.dumps(values).encode() if verb == "POST" else None
        query = "" if verb == "POST" or not values else "?" + urllib.parse.urlencode(values)
        request = urllib.request.Request(
            f"{self.url}/_standin/{path}{query}", body, {"Content-Type": "application/json"},
            method=verb,
        )  # fmt: skip
        try:
            with open_directly(request, timeout=2 * PATIENCE) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as problem:
            with problem:
                raise ControlError(json.load(problem)["error"]["message"]) from None

    def delivery(self, **values):
        """Steer deliveries, e.g. ``delivery(hold=True)``."""
        return self.control("delivery", **values)

    def release(self, **values):
        return self.control("release", **values)

    def flush(self, **values):
        """Wait until every event was delivered. Raises ``AssertionError`` after ``timeout``."""
        done = self.control("flush", **{"timeout": PATIENCE} | values)
        assert done["drained"], f"webhooks are still pending: {done}"
        return done

    def fault(self, **values):
        """Let the API fail, e.g. ``fault(lose="after", path="checkout/sessions")``."""
        return self.control("faults", **values)

    def advance(self, seconds):
        """Let ``seconds`` pass on the stand-in's clock."""
        return self.control("clock", advance=seconds)

    def pay(self, session_id, **values):
        """Pay without a browser; see ``controls.money.pay``."""
        return self.control(f"sessions/{session_id}/pay", **values)

    def events(self, type=None):
        """Events so far, oldest first."""
        wanted = {"type": type} if type else {}
        return self.control("events", "GET", **wanted)["data"]

    def submit(self, url, **fields):
        """Post a hosted page's form as a browser would, without following redirects.

        Returns ``(status, location or None, html)``.
        """
        request = urllib.request.Request(url, urllib.parse.urlencode(fields).encode())
        try:
            with open_directly(request, timeout=60) as answer:
                return answer.status, None, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.headers.get("Location"), answer.read().decode()

    def submit_card(self, url, number="4242 4242 4242 4242", **fields):
        """`submit` with a card; ``fields`` replace or add form fields."""
        typed = {"method": "card", "email": "member@example.com", "number": number,
                 "exp": "12 / 34", "cvc": "123"}  # fmt: skip
        return self.submit(url, **typed | fields)


def start(state_path, port=0):
    """Start a stand-in in threads of this process, on a free port unless ``port`` says which."""
    server = Server("127.0.0.1", port, state_path, quiet=True)
    server.serve_in_thread()
    return Standin(server.app.origin, server)
