"""A stand-in, the real Stripe library as its client, and a receiver that keeps its webhooks."""

import sys
from pathlib import Path

import pytest

try:
    import standin.testing
except ImportError:
    # Run on its own, without the project's pytest settings.
    sys.path.insert(0, str(Path(__file__).parents[2] / "sandbox"))
    import standin.testing

from standin_support import Receiver, client_of


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """One stand-in for a module's tests."""
    running = standin.testing.start(tmp_path_factory.mktemp("standin") / "state.sqlite3")
    yield running
    running.stop()


@pytest.fixture
def pay_server(server):
    """The stand-in with nothing in it."""
    server.control("reset", endpoints=True)
    server.control("settings", async_delay=3600)
    return server


@pytest.fixture
def client(pay_server):
    """The real Stripe library; it does not retry, so that a test sees each answer."""
    return client_of(pay_server)


@pytest.fixture
def receiver():
    listening = Receiver()
    yield listening
    listening.end()


@pytest.fixture
def endpoint(client, receiver):
    """The receiver, registered for every event; carries its secret."""
    params = {"url": receiver.url, "enabled_events": ["*"]}
    return client.v1.webhook_endpoints.create(params)
