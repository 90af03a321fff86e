"""A walk through the shop: several visitors, one language, one width of the window.

Every page is looked at: a screenshot is kept, and what is wrong with the page is noted, so that a
walk tells everything at its end and not only the first thing.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.browser import accessibility, chromium, page_checks

LOCALES = {"fr": "fr-FR", "en": "en-GB"}
HEIGHTS = {1280: 900, 390: 844}
WAIT_MILLISECONDS = 10_000


class Walk:
    """What the visitors of one walk share.

    Attributes:
        audit: whether axe-core looks at the pages too; slow, so not in every walk.
        problems: what was found so far, and on which pages.
    """

    def __init__(self, browser: Any, language: str, width: int, shots: Path) -> None:
        self.browser = browser
        self.language = language
        self.width = width
        self.shots = shots
        self.audit = False
        self.problems: dict[str, list[str]] = {}
        self.pages_seen = 0
        self._contexts: list[Any] = []

    def words(self, french: Any, english: Any) -> Any:
        """Return the text, or whatever it is, for the language of this walk."""
        return french if self.language == "fr" else english

    def visitor(self, shop: str, **about: Any) -> "Visitor":
        """Return somebody with a browser of their own. ``about`` becomes attributes."""
        context = self.browser.new_context(
            locale=LOCALES[self.language],
            timezone_id="Europe/Paris",
            viewport={"width": self.width, "height": HEIGHTS[self.width]},
            has_touch=self.width < 768,
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT_MILLISECONDS)
        self._contexts.append(context)
        return Visitor(self, context.new_page(), shop, about)

    def note(self, name: str, problems: list[str]) -> None:
        """Keep ``problems`` of the page ``name``; they are on the test's output as well."""
        for problem in problems:
            self.problems.setdefault(problem, []).append(name)
            print(f"{name}: {problem}")

    def must_be_flawless(self) -> None:
        """End the walk.

        Raises:
            AssertionError: with everything that was found on any page.
        """
        found = [f"{problem} [{', '.join(pages)}]" for problem, pages in self.problems.items()]
        assert not found, f"{len(found)} problems on {self.pages_seen} pages:\n" + "\n".join(found)

    def close(self) -> None:
        """Close all windows, so that no request is left when the shop's data goes."""
        for context in self._contexts:
            context.close()


class Visitor:
    """Somebody in front of a browser, at ``page``.

    Attributes:
        is_watched: whether the pages are looked at; another walk may do that already.
    """

    is_watched = True

    def __init__(self, walk: Walk, page: Any, shop: str, about: dict[str, Any]) -> None:
        self.walk = walk
        self.page = page
        self.shop = shop
        self.words = walk.words
        self.on_phone = walk.width < 768
        vars(self).update(about)
        self._noise = page_checks.Noise(page)

    def open(self, path: str) -> None:
        """Type the address of a page of the shop."""
        self.page.goto(self.shop + path)

    def follow(self, french: str, english: str, within: str = "body") -> None:
        """Click the first link with this text, in this walk's language, below ``within``."""
        self.page.locator(within).get_by_role(
            "link", name=self.words(french, english)
        ).first.click()

    def must_see(self, *texts: str) -> None:
        """Wait until all ``texts`` can be read on the page; kinds of space don't matter.

        Raises:
            AssertionError: one of them did not appear.
        """
        from playwright.sync_api import expect

        for text in texts:
            # (Playwright folds non-breaking spaces of the page only, not of what is looked for.)
            plain = " ".join(text.split())
            expect(self.page.locator("body")).to_contain_text(plain, ignore_case=True)

    def must_be_at(self, path: str) -> None:
        """Wait until the address is a page of the shop below ``path``."""
        self.page.wait_for_url(lambda url: url.startswith(self.shop + path))

    @property
    def is_in_shop(self) -> bool:
        """Whether the page in front is the shop's own, by origin."""
        return urlsplit(self.page.url).netloc == urlsplit(self.shop).netloc

    def look(self, name: str, status: int = 200) -> None:
        """Take the page's picture, and note what is wrong with it.

        Args:
            name: of the picture, and of the page in the report.
            status: what the shop was to answer; anything else above 399 is a problem.
        """
        self.page.wait_for_load_state("load")
        if not self.is_watched:
            return
        self.walk.pages_seen += 1
        file = f"{self.walk.pages_seen:02}-{name}.png"
        chromium.screenshot(self.page, self.walk.shots / file)
        facts = page_checks.facts(self.page)
        problems = [
            *page_checks.problems(facts, self.walk.language, self.walk.width),
            *(page_checks.card_fields(facts) if self.is_in_shop else []),
            *(page_checks.unprotected_forms(facts) if self.is_in_shop else []),
            *self._noise.since_last_time(status),
        ]
        if self.walk.audit:
            problems += accessibility.problems(self.page)
        self.walk.note(name, problems)
