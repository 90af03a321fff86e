"""The machine's Chromium. What may fail in it by itself is tried again here, not by whole tests."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Error

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing that leaves this machine, and nothing that a container does not allow.
ARGUMENTS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
]
TRIES = 3
START_MILLISECONDS = 60_000


def program() -> str | None:
    """Return the path of the browser; ``CHROMIUM`` in the environment names another one."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def launched(playwright: Any, path: str) -> Any:
    """Return the browser at ``path``, started; a busy machine may need more than one try."""
    return tried(
        lambda: playwright.chromium.launch(
            executable_path=path, args=ARGUMENTS, timeout=START_MILLISECONDS
        )
    )


def screenshot(page: Any, path: Path) -> None:
    """Keep a picture of the whole page; Chromium sometimes can't take one at the first try."""
    tried(lambda: page.screenshot(path=path, full_page=True, animations="disabled"))


def tried(action: Callable[[], Any]) -> Any:
    """Return what ``action`` returns, at the third try at the latest.

    Raises:
        playwright.sync_api.Error: of the last try.
    """
    for _ in range(TRIES - 1):
        try:
            return action()
        except Error as error:
            print(f"tried again: {error}")
    return action()
