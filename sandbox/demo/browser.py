"""As much of a browser as the journey needs: pages, links, forms, cookies, redirects."""

import re
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import urljoin, urlsplit

import requests
from bs4 import BeautifulSoup, Tag

from demo.promises import BrokenPromise, promise

TIMEOUT_SECONDS = 30


class Page:
    """One answer of a server, as a reader sees it."""

    def __init__(self, url: str, status: int, html: str, location: str = "") -> None:
        self.url, self.status, self.html = url, status, html
        self.path = urlsplit(url).path
        self.location = urljoin(url, location)

    def __str__(self) -> str:
        return f"{self.url} ({self.status})"

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page, parsed when it is first looked at: many pages only lead to the next."""
        return BeautifulSoup(self.html, "html.parser")

    @property
    def text(self) -> str:
        """What is written on the page, without markup; one kind of space and of apostrophe."""
        return plain(self.soup.get_text(" "))

    def shows(self, *texts: str) -> bool:
        """Tell whether all ``texts`` are written on the page, upper and lower case alike."""
        return all(plain(text).lower() in self.text.lower() for text in texts)

    def must_show(self, *texts: str) -> None:
        """Break the promise with the texts that are missing."""
        for text in texts:
            promise(self.shows(text), f"{self.url} says “{text}”")

    def links(self) -> Iterator[tuple[str, str]]:
        """Yield the text and the address of every link."""
        for link in self.soup.find_all("a", href=True):
            yield plain(link.get_text(" ")), urljoin(self.url, link["href"])

    def link(self, text: str = "", path: str = "") -> str:
        """Return the address of the first link with ``text`` in it and ``path`` in its address."""
        for words, address in self.links():
            if plain(text).lower() in words.lower() and path in urlsplit(address).path:
                return address
        raise BrokenPromise(f"{self.url} has a link “{text}” {path}")

    def form(self, field: str = "", action: str = "") -> Tag:
        """Return the first form that has a field ``field`` and ``action`` in its address."""
        for form in self.soup.find_all("form"):
            has_field = not field or form.find(attrs={"name": field})
            if has_field and action in (form.get("action") or self.path):
                return form
        raise BrokenPromise(f"{self.url} has a form with {field or action}")

    def orders(self) -> list[str]:
        """Return the numbers in the member's order history, which is this page."""
        numbers = re.findall(r'href="/accounts/orders/(\d+)/', self.html)
        return list(dict.fromkeys(numbers))


class Browser:
    """One person's browser, with cookies of its own and a preferred language."""

    def __init__(self, shop: str, language: str) -> None:
        self.shop = shop
        self.language = language
        self.session = requests.Session()
        # What the machine has configured for its user is nothing to the people of the demo.
        self.session.trust_env = False
        self.session.headers["Accept-Language"] = language

    def get(self, address: str) -> Page:
        """Open ``address``, a path on the shop or a whole one."""
        return self._send(urljoin(self.shop, address), {}, "get", follow=True)

    def submit(
        self,
        page: Page,
        form: Tag,
        follow: bool = True,
        files: dict | None = None,
        **typed: str | None,
    ) -> Page:
        """Send ``form`` as it stands on ``page``, with ``typed`` in its fields.

        Args:
            follow: whether to follow the redirects that come back.
            files: by name, as ``requests`` wants them.
            typed: by name; ``None`` leaves a field out, such as a box that is not ticked. The
                buttons of a form are sent only if they are named here.
        """
        fields = {**values(form), **typed}
        return self._send(
            urljoin(page.url, form.get("action") or page.url),
            {name: value for name, value in fields.items() if value is not None},
            form.get("method", "get"),
            follow,
            files,
        )

    def _send(
        self, url: str, fields: dict, method: str, follow: bool, files: dict | None = None
    ) -> Page:
        get = method.lower() == "get"
        response = self.session.request(
            method.upper(),
            url,
            params=fields if get else None,
            data=None if get else fields,
            files=files,
            allow_redirects=follow,
            timeout=TIMEOUT_SECONDS,
        )
        html = response.content.decode(errors="replace")
        return Page(response.url, response.status_code, html, response.headers.get("Location", ""))


def values(form: Tag) -> dict[str, str]:
    """Return what a browser would send of ``form`` as it stands; without its buttons."""
    found: dict[str, str] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or field.has_attr("disabled") or kind in ("submit", "button", "file"):
            continue
        if kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                found[name] = field.get("value", "on")
        elif field.name == "textarea":
            found[name] = field.get_text().removeprefix("\n")
        elif field.name == "select":
            options = field.find_all("option")
            chosen = [option for option in options if option.has_attr("selected")] or options[:1]
            found[name] = chosen[0].get("value", chosen[0].get_text()) if chosen else ""
        else:
            found[name] = field.get("value", "")
    return found


def plain(text: str) -> str:
    """Return ``text`` with single plain spaces and plain apostrophes."""
    return " ".join(text.replace("’", "'").split())
