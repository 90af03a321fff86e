"""Steps 7 to 9: the order page, and the order."""

from urllib.parse import urlsplit

from demo.browser import Browser, Page
from demo.people import Journey, Walker, days
from demo.promises import promise


def step_7(journey: Journey) -> str:
    """One order page: billing details, summary, terms, button."""
    for walker in journey.walkers:
        basket = walker.browser.get("/basket/")
        page = walker.browser.get(
            basket.link(walker.words("Procéder à la commande", "Proceed to"), path="/checkout/")
        )
        form = page.form("accept_terms")
        for field in ("billing-first_name", "billing-line1", "billing-postcode"):
            promise(form.find(attrs={"name": field}), f"the order page asks for {field}")
        page.must_show(walker.plan, walker.price, *days(walker))
        buttons = [button.get_text(" ", strip=True) for button in form.find_all("button")]
        expected = walker.words("Commander", "Order")
        promise(any(expected in button for button in buttons), f"“{expected}” is in {buttons}")
        page.must_show(walker.words("Conditions générales de vente", "Terms of sale"))
        walker.pages["order"] = page
    return "one order page: billing details, plan with price and days, terms of sale, button"


def step_8(journey: Journey) -> str:
    """The billing form is prefilled from the profile and the address book."""
    for walker in journey.walkers:
        page = walker.pages["order"]
        known = {"first_name": walker.name[0], "last_name": walker.name[1], **walker.address}
        for field, value in known.items():
            found = page.value(f"billing-{field}")
            expected = "" if walker.is_new else value
            promise(found == expected, f"{field} is prefilled with “{expected}”, not “{found}”")
        promise(page.value("billing-country") == "FR", "the shop's own country is chosen already")
    return "a complete profile fills the form in; an empty one leaves it empty"


def step_9(journey: Journey) -> str:
    """No order without the tick, checked on the server; the order comes before the payment."""
    for walker in journey.walkers:
        browser, page = walker.browser, walker.pages["order"]
        typed = {
            "billing-first_name": walker.name[0],
            "billing-last_name": walker.name[1],
            **{f"billing-{field}": value for field, value in walker.address.items()},
            "action": "place_order",
        }
        form = page.form("accept_terms")
        refused = browser.submit(page, form, accept_terms=None, **typed)
        refused.must_show(walker.words("conditions générales de vente", "terms of sale"))
        refused.form("accept_terms")
        promise(not orders(browser), f"without the tick there is no order: {refused}")
        leaving = browser.submit(refused, refused.form("accept_terms"), accept_terms="on", **typed)
        promise(is_provider(journey, leaving), f"the order leads to the payment page: {leaving}")
        numbers = orders(browser)
        promise(len(numbers) == 1, f"there is one order, not {len(numbers)}")
        walker.order_number = numbers[0]
        walker.pages["hosted"] = leaving
        _is_kept(journey, walker)
    return "no order without the tick; with it one order, the accepted text kept, then payment"


def _is_kept(journey: Journey, walker: Walker) -> None:
    """What was typed is there next time; the accepted text is kept with the order as evidence."""
    addresses = walker.browser.get("/accounts/addresses/")
    addresses.must_show(walker.name[1], *walker.address.values())
    consents = journey.operator.get("/admin/oscar_subscriptions/consent/")
    rows = [row.get_text(" ") for row in consents.soup.select("#result_list tbody tr")]
    mine = [row for row in rows if walker.order_number in row]
    promise(mine and f"({walker.language})" in mine[0], f"the accepted text is kept: {rows}")


def orders(browser: Browser) -> list[str]:
    """Return the numbers in the member's order history."""
    page = browser.get("/accounts/orders/")
    paths = [urlsplit(address).path for _words, address in page.links()]
    numbers = [path.removeprefix("/accounts/orders/").strip("/") for path in paths]
    return list(dict.fromkeys(number for number in numbers if number.isdigit()))


def is_provider(journey: Journey, page: Page) -> bool:
    """Tell whether ``page`` is one of the payment provider's own."""
    return urlsplit(page.url).port == journey.sandbox.standin_port and page.status == 200
