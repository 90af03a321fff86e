"""One member buys one plan, over HTTP, from signing in to the member space."""

import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from bs4 import Tag

from demo.browser import Page
from demo.paying import TEST_CARD
from demo.promises import BrokenPromise, promise
from shop import environment as env
from standin.testing import Standin
from tests.soak import receiver, stock
from tests.soak.reload import Tally, browser, same_browser
from tests.soak.script import Member

# How often a member who did not get to the payment page begins again.
PATIENCE = 5
ORDER = {
    "billing-first_name": "Ada",
    "billing-last_name": "Martin",
    "billing-line1": "1 rue de la Paix",
    "billing-line4": "Paris",
    "billing-postcode": "75002",
    "accept_terms": "on",
    "action": "place_order",
}

# One payment at a time with the notifications cut off: the end of one must not help the next.
_outage = threading.Lock()


class Purchase:
    """The purchase of ``member``; ``tally`` counts "paid", "confirmed", "looked after" and
    "detours"."""

    def __init__(self, member: Member, tally: Tally, standin: Standin) -> None:
        self.member, self.tally, self.standin = member, tally, standin
        self.browser = browser(member.language, tally)

    def make(self) -> None:
        """Walk the whole way.

        Raises:
            BrokenPromise: a page is not what the member must get to see.
        """
        login = self.browser.get("/accounts/login/")
        typed = {"login-username": self.member.email, "login-password": stock.PASSWORD}
        form = login.form("login-username")
        inside = self.browser.submit(login, form, **typed, login_submit="1")
        promise(inside.path != login.path, f"{self.member.email} is signed in: {inside}")
        paid = self._pay(self._reach_provider())
        self.tally.count("paid")
        if self.member.comes_back:
            self._come_back(paid)

    def _reach_provider(self) -> Page:
        for _ in range(PATIENCE):
            page = self._order()
            if _is_provider(page):
                return page
            # The order may be there although its answer was lost: that is where one looks first.
            self.tally.count("detours")
            for number in self.browser.get("/accounts/orders/").orders():
                details = self.browser.get(f"/accounts/orders/{number}/")
                page = self.browser.get(details.link(path=f"/payments/{number}/pay/"))
                if _is_provider(page):
                    return page
        raise BrokenPromise(f"the order leads to the payment page: {page} {page.text[:300]}")

    def _order(self) -> Page:
        plan = self.browser.get(self.browser.get("/members/plans/").link(self.member.plan))
        self.browser.submit(plan, plan.form(action="/basket/add/"))
        page = self.browser.get("/checkout/")
        form = page.form("accept_terms")
        return self._submit(self.member.orders_twice, page, form, **ORDER)

    def _pay(self, page: Page) -> Page:
        if self.member.is_told:
            self.standin.delivery(delay=self.member.delay)
            return self._type_card(page)
        with _outage:
            self.standin.delivery(drop="all")
            try:
                return self._type_card(page)
            finally:
                self.standin.delivery(drop=0)

    def _type_card(self, page: Page) -> Page:
        form, twice = page.form("number"), self.member.pays_twice
        paid = self._submit(twice, page, form, method="card", follow=False, **TEST_CARD)
        promise(paid.status == 303, f"the card is accepted: {paid}")
        return paid

    def _come_back(self, paid: Page) -> None:
        page = self.browser.get(paid.location)
        if receiver.EVERY and page.path != "/checkout/thank-you/":
            # Paid, and left to a later run; an error page is counted as such.
            self.tally.count("looked after")
            return
        promise(page.path == "/checkout/thank-you/", f"confirmed: {page} {page.text[:300]}")
        page.must_show(self.member.plan)
        space = self.browser.get("/members/space/")
        promise(space.status == 200, f"a seller at once: {space}")
        self.tally.count("confirmed")

    def _submit(self, twice: bool, page: Page, form: Tag, **fields) -> Page:
        """Send a form, or send it twice at the same time; return the first answer."""
        if not twice:
            return self.browser.submit(page, form, **fields)
        second = same_browser(self.browser, self.tally)
        with ThreadPoolExecutor(1) as pool:
            click = pool.submit(second.submit, page, form, **fields)
            answer = self.browser.submit(page, form, **fields)
            click.result()
        return answer


def _is_provider(page: Page) -> bool:
    return urlsplit(page.url).port == env.STANDIN_PORT and page.status == 200
