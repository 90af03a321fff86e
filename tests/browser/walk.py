"""The story in Chromium: one language, one width of the window.

Every page is looked at: a screenshot is kept, and what is wrong with the page is noted, so that a
walk tells everything at its end and not only the first thing.
"""

import re
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect

from demo.browser import Page, plain
from demo.mail import Mail
from demo.people import Member
from demo.visitor import Visitor, Walk
from tests.browser import accessibility, chromium, page_checks

LOCALES = {"fr": "fr-FR", "en": "en-GB"}
HEIGHTS = {1280: 900, 390: 844}
WAIT_MILLISECONDS = 10_000
FORGE = """(form, [name, value]) => {
  form.querySelectorAll(`[name="${name}"]`).forEach((field) => field.remove());
  form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}));
  form.submit();
}"""


class ChromiumWalk(Walk):
    """A walk at one width of the window, through the shop that this process serves.

    Attributes:
        audit: whether axe-core looks at the pages too; slow, so not in every walk.
        problems: what was found so far, and on which pages.
    """

    def __init__(
        self, browser: Any, shop: str, provider: str, language: str, width: int, shots: Path
    ) -> None:
        super().__init__(shop, provider, language)
        self.browser = browser
        self.width = width
        self.shots = shots
        self.audit = False
        self.problems: dict[str, list[str]] = {}
        self.pages_seen = 0
        self._contexts: list[Any] = []

    def visitor(self, person: Member | None = None) -> "ChromiumVisitor":
        context = self.browser.new_context(
            locale=LOCALES[self.language],
            timezone_id="Europe/Paris",
            viewport={"width": self.width, "height": HEIGHTS[self.width]},
            has_touch=self.width < 768,
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT_MILLISECONDS)
        self._contexts.append(context)
        return ChromiumVisitor(self, person, context.new_page())

    def run(self, day: date) -> None:
        call_command("subscriptions_run", "--date", day.isoformat(), stdout=StringIO())

    def sent_mails(self) -> list[Mail]:
        return [
            Mail(address, plain(sent.subject), plain(sent.body))
            for sent in mail.outbox
            for address in sent.to
        ]

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


class ChromiumVisitor(Visitor):
    """Somebody in front of Chromium, at ``page``.

    Attributes:
        is_watched: whether the pages are looked at; another walk may do that already.
    """

    is_watched = True
    walk: ChromiumWalk

    def __init__(self, walk: ChromiumWalk, person: Member | None, page: Any) -> None:
        super().__init__(walk, person)
        self.page = page
        self.on_phone = walk.width < 768
        self._noise = page_checks.Noise(page)

    def open(self, address: str) -> None:
        self.page.goto(urljoin(self.walk.shop, address))

    def click(self, css: str, text: str = "", stay: bool = False) -> None:
        self._shown(css, text).first.click()

    def come_back(self) -> None:
        """The provider's page has led back already."""
        self.must_be_at("/*")

    def open_menu(self, name: str) -> None:
        """On a phone the menu is behind the button with three bars."""
        self._unfold_navigation()
        menu = self.page.locator(".navbar .dropdown", has_text=name)
        menu.locator(".dropdown-toggle").click()
        expect(menu.locator(".dropdown-menu")).to_be_visible()

    def search(self, text: str) -> None:
        self._unfold_navigation()
        self.page.fill("[name=q]:visible", text)
        self.page.keyboard.press("Enter")
        self.must_be_at("/search/")

    def _unfold_navigation(self) -> None:
        if self.on_phone:
            self.page.locator("[data-target='#navbarSupportedContent']").click()
            # Bootstrap unfolds it slowly, and has these classes on it when that is done.
            expect(self.page.locator("#navbarSupportedContent")).to_have_class(
                re.compile(r"\bcollapse\b.*\bshow\b")
            )

    def fill(self, field: str, value: str) -> None:
        self._field(field).fill(value)

    def tick(self, field: str) -> None:
        self._field(field).check()

    def choose(self, field: str, label: str) -> None:
        self._field(field).select_option(label=label)

    def attach(self, field: str, picture: bytes) -> None:
        file = {"name": "picture.png", "mimeType": "image/png", "buffer": picture}
        self._field(field).set_input_files(file)

    def forge(self, form: str, field: str, value: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(form).first.evaluate(FORGE, [field, value])

    def peek(self, address: str) -> Page:
        answer = self.page.context.request.get(
            urljoin(self.walk.shop, address), headers={"Accept-Language": self.walk.language}
        )
        return Page(answer.url, answer.status, answer.body().decode(errors="replace"))

    @property
    def page_in_front(self) -> Page:
        return Page(self.page.url, 200, self.page.content())

    def must_see(self, *texts: str) -> None:
        for text in texts:
            # (Playwright folds non-breaking spaces of the page only, not of what is looked for.)
            plain = " ".join(text.split())
            expect(self.page.locator("body")).to_contain_text(plain, ignore_case=True)

    def must_have(self, css: str, count: int = 1, text: str = "") -> None:
        expect(self._shown(css, text)).to_have_count(count)

    def must_hold(self, field: str, value: str) -> None:
        expect(self._field(field)).to_have_value(value)

    def must_be_at(self, pattern: str) -> None:
        self.page.wait_for_url(lambda url: self.is_at(url, pattern))

    def must_have_left(self, path: str) -> None:
        self.page.wait_for_url(lambda url: path not in url)

    @property
    def is_in_shop(self) -> bool:
        """Whether the page in front is the shop's own, by origin."""
        return urlsplit(self.page.url).netloc == urlsplit(self.walk.shop).netloc

    def _field(self, name: str) -> Any:
        return self.page.locator(f":is(input, select, textarea)[name='{name}']")

    def _shown(self, css: str, text: str) -> Any:
        shown = self.page.locator(css).filter(visible=True)
        return shown.filter(has_text=text) if text else shown

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
