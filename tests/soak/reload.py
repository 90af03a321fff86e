"""A browser whose owner presses "reload" until the shop answers."""

import threading
from collections import Counter

import requests
from requests.adapters import HTTPAdapter

from demo.browser import Browser
from shop import environment as env

TRIES, PAUSE_SECONDS = 300, 0.2


class Tally:
    """What the whole crowd met on its way, counted by name; for all threads."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.server_errors: list[str] = []
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, name: str) -> int:
        """Add one and return how many it are by now."""
        with self._lock:
            self._counts[name] += 1
            return self._counts[name]

    def __getitem__(self, name: str) -> int:
        return self._counts[name]


class Reloading(HTTPAdapter):
    """Sends each request again when its connection is refused, or cut before the answer is here."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self.tally = tally

    def send(self, request: requests.PreparedRequest, *args, **kwargs) -> requests.Response:
        """Return the answer.

        Raises:
            requests.ConnectionError: the shop stays away, or the soak is being stopped.
        """
        tries = 0
        while True:
            if self.tally.stopping.is_set():
                raise requests.ConnectionError("the soak is being stopped")
            try:
                response = super().send(request, *args, **kwargs)
                # Read here, because a page that stops halfway is cut as well.
                if response.content is not None and response.status_code >= 500:
                    self.tally.server_errors.append(
                        f"{request.method} {request.url}: {response.status_code}"
                    )
                return response
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as problem:
                tries += 1
                self.tally.count("refused" if "refused" in str(problem) else "cut")
                if tries == TRIES:
                    raise
                self.tally.stopping.wait(PAUSE_SECONDS)


def browser(language: str, tally: Tally) -> Browser:
    """Return a browser on the shop."""
    made = Browser(env.BASE_URL, language)
    made.session.mount("http://", Reloading(tally))
    return made


def same_browser(one: Browser, tally: Tally) -> Browser:
    """Return the same browser for a second request at the same time: same cookies, same person."""
    made = browser(one.language, tally)
    made.session.cookies.update(one.session.cookies)
    return made
