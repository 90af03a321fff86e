"""Who walks, what they are called, what they buy, and what they keep in mind on the way."""

from dataclasses import dataclass, field
from datetime import date

from demo.browser import Browser, Page
from demo.processes import Sandbox
from demo.promises import promise
from demo.words import in_words
from shop.demo_data import people

# The password of everybody who registers on the way; never the one of the demo accounts.
NEW_PASSWORD = "quite-a-walk-2026"


@dataclass
class Walker:
    """A member on the way.

    Attributes:
        plan: title of the plan that this member buys.
        price: what the pages say it costs, VAT included.
        pages: the pages of this walk that a later step looks at again, by name.
    """

    language: str
    email: str
    password: str
    name: tuple[str, str]
    address: dict[str, str]
    plan: str
    price: str
    is_new: bool
    browser: Browser
    first_day: date | None = None
    last_day: date | None = None
    order_number: str = ""
    service: str = ""
    pages: dict[str, Page] = field(default_factory=dict)

    def words(self, french: str, english: str) -> str:
        """Return the text in this member's language."""
        return french if self.language == "fr" else english


@dataclass
class Journey:
    """Everything a step works with."""

    sandbox: Sandbox
    walkers: list[Walker]
    shoppers: dict[str, Browser]
    operator: Browser
    today: date


def set_out(sandbox: Sandbox, today: date) -> Journey:
    """Give everybody a browser."""
    member = people.MEMBER
    camille = Walker(
        language="fr",
        email=member.email,
        password=people.PASSWORD,
        name=(member.first_name, member.last_name),
        address=dict(zip(("line1", "line4", "postcode"), member.address, strict=True)),
        plan="Abonnement Silver",
        price="240,00 €",
        is_new=False,
        browser=Browser(sandbox.url, "fr"),
    )
    jane = Walker(
        language="en",
        email="jane@example.com",
        password=NEW_PASSWORD,
        name=("Jane", "Porter"),
        address={"line1": "8 quai des Chartrons", "line4": "Bordeaux", "postcode": "33000"},
        plan="Abonnement Gold",
        price="€480.00",
        is_new=True,
        browser=Browser(sandbox.url, "en"),
    )
    shoppers = {language: Browser(sandbox.url, language) for language in ("fr", "en")}
    operator = Browser(sandbox.url, "en")
    sign_in(operator, operator.get("/accounts/login/"), people.OPERATOR.email, people.PASSWORD)
    return Journey(sandbox, [camille, jane], shoppers, operator, today)


def sign_in(browser: Browser, page: Page, email: str, password: str) -> Page:
    """Sign in with the form on ``page`` and return the page that comes next."""
    form = page.form("login-username")
    after = browser.submit(
        page, form, **{"login-username": email, "login-password": password, "login_submit": "1"}
    )
    promise("sessionid" in browser.session.cookies, f"{email} is signed in")
    return after


def register(browser: Browser, page: Page, email: str, password: str) -> Page:
    """Make an account with the form on ``page`` and return the page that comes next."""
    form = page.form("registration-email")
    typed = {
        "registration-email": email,
        "registration-password1": password,
        "registration-password2": password,
        "registration_submit": "1",
    }
    return browser.submit(page, form, **typed)


def days(walker: Walker) -> list[str]:
    """Return first and last day as the member reads them."""
    span = [walker.first_day, walker.last_day]
    return [in_words(day, walker.language) for day in span if day is not None]
