"""Chromium, started once; the demo shop with its payment stand-in; and a walk through it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import chromium
from tests.browser.walk import ChromiumWalk

SHOTS = Path(__file__).parent / "shots"


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Chromium. Where there is none: a failure in CI, elsewhere a skip that says why."""
    path = chromium.program()
    if path is None:
        reason = "no Chromium on this machine (Debian: apt-get install chromium; or set CHROMIUM)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, and Django then refuses its database here.
        # The loop only runs while we wait for the browser.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = chromium.launched(playwright, path)
        yield browser
        browser.close()


@pytest.fixture
def empty_shop(
    without_base_rows: None, searchable: None, webhook: Any, standin: Any, settings: Any
) -> Iterator[None]:
    """A shop that serves its pages and holds nothing; an empty search index."""
    settings.OSCAR_SUBSCRIPTIONS_BASE_URL = webhook.url
    yield
    # What is still on its way would otherwise arrive in the next test's database.
    standin.flush()


@pytest.fixture
def demo_shop(empty_shop: None) -> None:
    """The sandbox shop as it is on its first day."""
    from shop.demo_data import everything

    everything.load()


@pytest.fixture
def walk(browser: Any, live_server: Any, standin: Any, request: Any) -> Iterator[ChromiumWalk]:
    """A walk in the language and at the width of the test's parameters ``language``, ``width``."""
    language = request.getfixturevalue("language")
    width = request.getfixturevalue("width")
    story = request.node.originalname.removeprefix("test_")
    shots = SHOTS / story / f"{language}-{width}"
    shutil.rmtree(shots, ignore_errors=True)
    shots.mkdir(parents=True)
    walk = ChromiumWalk(browser, live_server.url, f"{standin.url}/*", language, width, shots)
    yield walk
    walk.close()
