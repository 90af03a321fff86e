"""What the story asks of a browser; one module for each kind of browser carries it out."""

from abc import ABC, abstractmethod
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from demo.browser import Page
from demo.mail import Mail
from demo.people import PLANS, Member
from demo.words import in_words
from shop.demo_data import people


class Walk(ABC):
    """A walk through one shop in one language, by several visitors.

    Attributes:
        shop: its address, without a slash at the end.
        provider: what ``must_be_at`` asks for on the payment provider's pages.
    """

    def __init__(self, shop: str, provider: str, language: str) -> None:
        self.shop, self.provider, self.language = shop, provider, language

    @property
    def today(self) -> date:
        """The day in the shop: a walk may begin before midnight and end after it."""
        return datetime.now(ZoneInfo("Europe/Paris")).date()

    def words(self, french: Any, english: Any) -> Any:
        """Return the text, or whatever it is, for the language of this walk."""
        return french if self.language == "fr" else english

    @cached_property
    def operator(self) -> "Visitor":
        """The shop's operator, signed in."""
        operator = self.visitor()
        operator.come_in(people.OPERATOR.email, people.PASSWORD)
        return operator

    @abstractmethod
    def visitor(self, person: Member | None = None) -> "Visitor":
        """Return somebody with a browser of their own."""

    @abstractmethod
    def run(self, day: date) -> None:
        """Do the shop's daily work as on ``day``.

        Raises:
            Exception: it failed.
        """

    @abstractmethod
    def sent_mails(self) -> list[Mail]:
        """Return the e-mails that the shop sent, oldest first."""


class Visitor(ABC):
    """Somebody in front of a browser.

    Every ``must_…`` raises AssertionError if it is not so, at once or after some waiting, as the
    browser needs. ``css`` selects what is on the page; ``text`` is in it, in any case.

    Attributes:
        person: a member, or nobody known.
        paid_on: the day of the first payment; until then the pages show the days from today on.
        years: how many have been bought, or the first that is about to be.
        shopper: who bought the member's service, and still has its page in front.
        service_page: the address of that page.
    """

    person: Member
    plans_on_sale = PLANS
    order_number = ""
    shopper: "Visitor"
    service_page: str

    def __init__(self, walk: Walk, person: Member | None) -> None:
        if person:
            self.person = person
        self.walk = walk
        self.words = walk.words
        self.paid_on: date | None = None
        self.years = 1

    @property
    def price(self) -> str:
        """What the pages say that the member's plan costs."""
        return self.words(f"{self.person.price},00 €", f"€{self.person.price}.00")

    @property
    def last_day(self) -> date:
        """Last day of the term that the member is about to buy, or bought last."""
        return self._after(self.years)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return self._after(self.years - 1) + timedelta(days=self.years > 1)

    def _after(self, years: int) -> date:
        return (self.paid_on or self.walk.today) + relativedelta(years=years)

    def has_paid(self) -> None:
        """From now on the days are those of this payment."""
        self.paid_on = self.paid_on or self.walk.today

    @property
    def days(self) -> list[str]:
        """First and last day as the pages show them."""
        return [in_words(day, self.walk.language) for day in (self.first_day, self.last_day)]

    @property
    def service(self) -> str:
        """Title of the service that the member adds."""
        return self.words("Relecture de contrats", "Proofreading of contracts")

    def is_at(self, url: str, pattern: str) -> bool:
        """Return whether ``url``, without its query, is what ``must_be_at`` asks for."""
        return fnmatchcase(url.partition("?")[0], urljoin(self.walk.shop, pattern))

    def renew(self) -> None:
        """Let the days be those of the next year."""
        self.years += 1

    def come_in(self, email: str, password: str) -> None:
        """Sign in before anything else."""
        self.open("/accounts/login/")
        self.sign_in(email, password)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in with the form in front."""
        self.fill("login-username", email)
        self.fill("login-password", password)
        self.click("[name=login_submit]")
        self.must_have_left("/accounts/login/")

    def register(self, email: str, password: str) -> None:
        """Make an account with the form in front."""
        self.fill("registration-email", email)
        self.fill("registration-password1", password)
        self.fill("registration-password2", password)
        self.click("[name=registration_submit]")
        self.must_have_left("/accounts/login/")

    @abstractmethod
    def open(self, address: str) -> None:
        """Type an address: a path on the shop or a whole one."""

    @abstractmethod
    def click(self, css: str, text: str = "", stay: bool = False) -> None:
        """Click the first link or button; ``stay`` where it leads, if the browser can."""

    @abstractmethod
    def come_back(self) -> None:
        """Go where the click led after which the visitor was to ``stay``."""

    @abstractmethod
    def open_menu(self, name: str) -> None:
        """Unfold an entry of the shop's menu."""

    @abstractmethod
    def search(self, text: str) -> None:
        """Use the search of the shop's menu."""

    @abstractmethod
    def fill(self, field: str, value: str) -> None:
        """Type into the field of that name, in place of what is there."""

    @abstractmethod
    def tick(self, field: str) -> None:
        """Tick the box of that name."""

    @abstractmethod
    def choose(self, field: str, label: str) -> None:
        """Choose from the list of that name."""

    @abstractmethod
    def attach(self, field: str, picture: bytes) -> None:
        """Attach a PNG to the field of that name."""

    @abstractmethod
    def forge(self, form: str, field: str, value: str) -> None:
        """Send ``form`` (CSS) with what its page does not let one type; the answer is in front."""

    @abstractmethod
    def peek(self, address: str) -> Page:
        """Ask for a page with the same cookies, and stay where one is."""

    @property
    @abstractmethod
    def page_in_front(self) -> Page:
        """The page in front, as markup."""

    @abstractmethod
    def must_see(self, *texts: str) -> None:
        """All ``texts`` are on the page; kinds of space and case don't matter."""

    @abstractmethod
    def must_have(self, css: str, count: int = 1, text: str = "") -> None:
        """The page shows ``count`` such elements."""

    @abstractmethod
    def must_hold(self, field: str, value: str) -> None:
        """The field of that name has that value."""

    @abstractmethod
    def must_be_at(self, pattern: str) -> None:
        """The address, without its query, is like this: ``*`` stands for anything."""

    @abstractmethod
    def must_have_left(self, path: str) -> None:
        """The address is another one."""

    @abstractmethod
    def look(self, name: str, status: int = 200) -> None:
        """Check what must hold of any page. The shop was to answer with ``status``."""
