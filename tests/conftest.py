"""Fixtures that every kind of test may ask for."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from tests import base_rows, factories, flushing, ledger_watch, search_index

STORIES = ("tests/faults/", "tests/functional/")

flushing.install(afterwards=base_rows.restore)
ledger_watch.install()


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Mark what is told by a test's place, and put what takes half a minute first, so that no
    worker is left alone with it at the end."""
    told: set[str] = set()
    for item in items:
        # Stories through all of the shop: of several variants the first is quick, and a control,
        # which shows that a test can fail, is not.
        if item.nodeid.startswith(STORIES) and not item.get_closest_marker("slow"):
            story = item.nodeid.partition("[")[0]
            if story in told or story.endswith("_control"):
                item.add_marker(pytest.mark.slow)
            told.add(story)
    items.sort(
        key=lambda item: (
            "test_simulated_shop" not in item.nodeid,
            item.get_closest_marker("browser") is None,
        )
    )


def pytest_collection_finish() -> None:
    """All that was loaded so far stays. Without this, the garbage collector goes through its
    300,000 objects again and again: a twentieth of the time of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 1000)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The database of this run, with the rows that every test starts with."""
    with django_db_blocker.unblock():
        base_rows.write()


@pytest.fixture(scope="session", autouse=True)
def _without_search() -> None:
    search_index.disconnect()


@pytest.fixture(autouse=True)
def _ledger_alone() -> Iterator[None]:
    """No module but the ledger writes the days or the validity of a term."""
    yield
    offences = [*ledger_watch.found]
    ledger_watch.found.clear()
    assert not offences


@pytest.fixture
def searchable() -> Iterator[None]:
    """The search index, empty, is written as in a shop; no other test finds anything in it."""
    search_index.connect()
    search_index.empty()
    yield
    search_index.disconnect()
    search_index.empty()


@pytest.fixture
def without_base_rows(db: Any) -> None:
    """A test that begins with an empty database."""
    flushing.empty(base_rows.ALIAS)


@pytest.fixture
def shop(db: Any) -> factories.Shop:
    """A shop with one vendor, one plan, published terms of sale and a member."""
    return factories.Shop()


@pytest.fixture
def standin(settings: Any, tmp_path: Any, monkeypatch: Any) -> Iterator[Any]:
    """The payment stand-in over HTTP, as the provider of this test's shop."""
    import stripe

    from standin import testing

    server = testing.start(tmp_path / "standin.sqlite3")
    settings.STRIPE_API_HOST = server.url
    # The library waits before it asks again; here nobody is overloaded.
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    before, stripe.api_base = stripe.api_base, server.url
    yield server
    stripe.api_base = before
    server.stop()


@pytest.fixture
def member(shop: factories.Shop, client: Any) -> Any:
    """A member without any term, signed in on ``client``."""
    user = shop.make_user(first_name="Ada", last_name="Martin")
    client.force_login(user)
    return user


@pytest.fixture
def order(shop: factories.Shop, member: Any, standin: Any) -> Any:
    """An order that waits for its payment, as the checkout leaves it; its pages are not walked."""
    return shop.place_order(member)


@pytest.fixture
def hosted(order: Any, client: Any) -> str:
    """The address of the provider's page for ``order``; the shop hears of no event."""
    from tests.functional import pages

    return client.get(pages.pay_url(order)).url


@pytest.fixture
def told(webhook: Any, hosted: str) -> str:
    """As ``hosted``, and the provider's events come in."""
    return hosted


@pytest.fixture
def webhook(standin: Any, live_server: Any) -> Any:
    """The shop over HTTP, with its webhook endpoint made at the provider."""
    from django.core.management import call_command

    call_command("subscriptions_webhook", url=live_server.url, verbosity=0)
    return live_server
