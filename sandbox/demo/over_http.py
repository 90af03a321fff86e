"""The story over HTTP: pages are fetched, links followed and forms sent; no script runs."""

import re
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import Tag

from demo import mail
from demo.browser import Browser, Page, plain, values
from demo.people import Member
from demo.processes import Sandbox
from demo.promises import promise
from demo.visitor import Visitor, Walk
from runner.ports import HOST


class HttpWalk(Walk):
    """A walk through a sandbox."""

    def __init__(self, sandbox: Sandbox, language: str) -> None:
        super().__init__(sandbox.url, f"http://{HOST}:{sandbox.standin_port}/*", language)
        self.sandbox = sandbox

    def visitor(self, person: Member | None = None) -> "HttpVisitor":
        return HttpVisitor(self, person)

    def run(self, day: date) -> None:
        self.sandbox.command("subscriptions_run", "--date", day.isoformat())

    def sent_mails(self) -> list[mail.Mail]:
        return mail.sent_mails(self.sandbox.var)


class HttpVisitor(Visitor):
    """Somebody whose browser can only fetch."""

    _front: Page

    def __init__(self, walk: Walk, person: Member | None) -> None:
        super().__init__(walk, person)
        self._browser = Browser(walk.shop, walk.language)

    def open(self, address: str) -> None:
        self._arrive(self.peek(address))

    def click(self, css: str, text: str = "", stay: bool = False) -> None:
        found = self._found(css, text)
        promise(found, f"{self._front} has {css} “{text}”")
        if found[0].name == "a":
            return self.open(urljoin(self._front.url, found[0]["href"]))
        form, button = found[0].find_parent("form"), found[0].get("name")
        pressed = {button: found[0].get("value", "")} if button else {}
        self._send(form, not stay, **self._typed, **pressed)
        promise(not stay or self._front.status == 303, f"the form is accepted: {self._front}")

    def come_back(self) -> None:
        """Twice: the second time changes nothing."""
        way_back = self._front.location
        for _ in range(2):
            self.open(way_back)
            self.must_be_at("/checkout/thank-you/")

    def open_menu(self, name: str) -> None:
        self.must_have(".navbar .dropdown-toggle", text=name)

    def search(self, text: str) -> None:
        self._send(self._front.form("q"), q=text)

    def fill(self, field: str, value: str) -> None:
        self._front.form(field)
        self._typed[field] = value

    def tick(self, field: str) -> None:
        self.fill(field, "on")

    def choose(self, field: str, label: str) -> None:
        options = self._front.soup.select(f"[name='{field}'] option")
        self.fill(field, next(o["value"] for o in options if o.get_text(strip=True) == label))

    def attach(self, field: str, picture: bytes) -> None:
        self._files[field] = ("picture.png", picture, "image/png")

    def forge(self, form: str, field: str, value: str) -> None:
        self._send(self._front.soup.select_one(form), **{field: value})

    def peek(self, address: str) -> Page:
        return self._browser.get(address)

    @property
    def page_in_front(self) -> Page:
        return self._front

    def must_see(self, *texts: str) -> None:
        self._front.must_show(*texts)

    def must_have(self, css: str, count: int = 1, text: str = "") -> None:
        found = len(self._found(css, text))
        promise(found == count, f"{self._front} has {count}, not {found}, {css} “{text}”")

    def must_hold(self, field: str, value: str) -> None:
        held = values(self._front.form(field)).get(field, "")
        promise(held == value, f"{field} holds “{value}”, not “{held}”")

    def must_be_at(self, pattern: str) -> None:
        promise(self.is_at(self._front.url, pattern), f"{pattern} is reached: {self._front}")
        promise(self._front.status == 200, f"the page opens: {self._front}")

    def must_have_left(self, path: str) -> None:
        promise(path not in self._front.path, f"{path} is left: {self._front}")

    def look(self, name: str, status: int = 200) -> None:
        promise(self._front.status == status, f"{name} answers {status}: {self._front}")
        if urlsplit(self._front.url).netloc != urlsplit(self.walk.shop).netloc:
            return
        for field in self._front.soup.find_all("input"):
            about = " ".join(str(field.get(key, "")) for key in ("name", "id", "autocomplete"))
            asks = re.search("card|cvc|cvv|cc-", about, re.IGNORECASE)
            promise(not asks, f"the shop has no field for a card: {about}")

    def _found(self, css: str, text: str) -> list[Tag]:
        wanted = plain(text).lower()
        found = self._front.soup.select(css)
        return [tag for tag in found if wanted in plain(tag.get_text(" ")).lower()]

    def _send(self, form: Tag, follow: bool = True, **typed: str) -> None:
        files = self._files or None
        self._arrive(self._browser.submit(self._front, form, follow, files, **typed))

    def _arrive(self, page: Page) -> None:
        self._front = page
        self._typed: dict[str, str] = {}
        self._files: dict[str, Any] = {}
