"""Steps 10 to 12: the payment provider's page, the bank's answer, and back."""

import time
from urllib.parse import urlsplit

from demo import mail
from demo.browser import Page, values
from demo.ordering import is_provider, orders
from demo.people import Journey, Walker, days
from demo.promises import promise

TEST_CARD = {"number": "4242 4242 4242 4242", "exp": "12 / 39", "cvc": "123"}
DECLINED_CARD = {**TEST_CARD, "number": "4000 0000 0000 0002"}
WEBHOOK_SECONDS = 15


def step_10(journey: Journey) -> str:
    """The card is typed on the provider's page only, after a warning about phishing."""
    for walker in journey.walkers:
        walker.pages["order"].must_show(
            walker.words("aucune information bancaire", "no bank data"),
            walker.words("code secret", "secret code"),
            "security@example.com",
        )
        _asks_for_no_card(walker)
        hosted = _change_of_mind(journey, walker) if walker.is_new else walker.pages["hosted"]
        declined = pay(walker, hosted, **DECLINED_CARD)
        declined.must_show(walker.words("refusée", "declined"))
        walker.pages["paid"] = pay(walker, declined, follow=False, **TEST_CARD)
        promise(walker.pages["paid"].status in (302, 303), "the card is accepted")
    return (
        "warned of phishing, then the card on the provider's own origin; no card field on the shop"
    )


def _asks_for_no_card(walker: Walker) -> None:
    for name in ("plan", "order"):
        for field in walker.pages[name].soup.find_all("input"):
            about = " ".join(str(field.get(key, "")) for key in ("name", "id", "autocomplete"))
            suspicious = [word for word in ("card", "cvc", "cvv", "cc-") if word in about.lower()]
            promise(not suspicious, f"the shop has no field for a card: {about}")


def _change_of_mind(journey: Journey, walker: Walker) -> Page:
    """Leave the payment page, look at the order that waits, and come back to pay it."""
    hosted = walker.pages["hosted"]
    waiting = walker.browser.get(hosted.link("Cancel"))
    promise(
        urlsplit(waiting.url).netloc == urlsplit(walker.browser.shop).netloc, "back at the shop"
    )
    waiting.form(action="/cancel/")
    again = walker.browser.get(waiting.link(path=f"/payments/{walker.order_number}/pay/"))
    promise(is_provider(journey, again), f"the order can be paid after all: {again}")
    promise(orders(walker.browser) == [walker.order_number], "it is the same order")
    return again


def pay(walker: Walker, page: Page, follow: bool = True, **card: str) -> Page:
    """Type ``card`` on the provider's page; return the page that comes next."""
    form = page.form("number")
    known = values(form)
    email = {"email": walker.email} if "email" in known else {}
    return walker.browser.submit(page, form, follow=follow, method="card", **email, **card)


def step_11(journey: Journey) -> str:
    """The provider's signed webhook confirms; nobody's browser has come back yet."""
    slowest = 0.0
    for walker in journey.walkers:
        started = time.monotonic()
        while walker.browser.get("/members/space/").status != 200:
            waited = time.monotonic() - started
            promise(waited < WEBHOOK_SECONDS, "the webhook alone makes a seller")
            time.sleep(0.1)
        slowest = max(slowest, time.monotonic() - started)
        order = journey.operator.get(f"/dashboard/orders/{walker.order_number}/")
        order.must_show("Paid", "Debit")
    return f"the webhook alone made sellers, before any browser was back ({slowest:.1f} s)"


def step_12(journey: Journey) -> str:
    """Confirmation page with dates, receipt link, next step; and e-mails."""
    for walker in journey.walkers:
        address = walker.pages["paid"].location
        confirmed = walker.browser.get(address)
        confirmed.must_show(walker.plan, walker.order_number, *days(walker))
        for path in ("/members/space/add/", "/members/guide/"):
            promise(walker.browser.get(confirmed.link(path=path)).status == 200, f"{path} opens")
        receipt = walker.browser.get(confirmed.link(walker.words("reçu", "receipt")))
        promise(receipt.status == 200, f"the receipt opens: {receipt}")
        again = walker.browser.get(address)
        promise(again.path == confirmed.path, "coming back twice changes nothing")
        _has_one_term(walker)
        _has_mail(journey, walker)
    _keeps_no_card(journey)
    return "confirmation with days, receipt and next step; e-mails sent; no card number anywhere"


def _has_one_term(walker: Walker) -> None:
    page = walker.browser.get("/members/subscription/")
    page.must_show(walker.plan, *days(walker))
    terms = [term["data-status"] for term in page.soup.select("[data-status]")]
    promise(terms == ["active"], f"there is one term, and it is active: {terms}")


def _has_mail(journey: Journey, walker: Walker) -> None:
    received = [letter for letter in mail.letters(journey.sandbox.var) if letter.to == walker.email]
    about = [letter for letter in received if walker.order_number in letter.text]
    promise(about, f"{walker.email} was told of order {walker.order_number}")
    first, last = days(walker)
    told = [letter for letter in received if first in letter.text and last in letter.text]
    promise(told, f"{walker.email} was told in {walker.language}: from {first} to {last}")


def _keeps_no_card(journey: Journey) -> None:
    numbers = [TEST_CARD["number"].encode(), TEST_CARD["number"].replace(" ", "").encode()]
    for path in journey.sandbox.var.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            promise(not any(number in content for number in numbers), f"no card number in {path}")
