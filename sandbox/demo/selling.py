"""Steps 13 and 14: services in the shop, and the year that passes."""

from datetime import timedelta
from io import BytesIO

from dateutil.relativedelta import relativedelta
from PIL import Image

from demo import arriving, paying
from demo.browser import Browser, Page
from demo.people import NEW_PASSWORD, Journey, Walker, register, sign_in
from demo.promises import promise
from demo.words import in_words
from shop.demo_data import people


def step_13(journey: Journey) -> str:
    """From that moment the member adds a service, and shoppers find and can buy it."""
    for walker in journey.walkers:
        _add_service(walker)
        shopper = journey.shoppers[walker.language]
        walker.pages["service"] = _find(shopper, walker)
        _buy(shopper, walker)
    _refuses_others(journey)
    return "sellers at once, without signing in again; shoppers find the services and buy them"


def _add_service(walker: Walker) -> None:
    walker.service = walker.words("Relecture de contrats", "Proofreading of contracts")
    space = walker.browser.get("/members/space/")
    page = walker.browser.get(space.link(path="/members/space/add/"))
    form = page.form("title")
    category = form.find("select", attrs={"name": "category"})
    options = {
        option.get_text(strip=True): option["value"] for option in category.find_all("option")
    }
    added = walker.browser.submit(
        page,
        form,
        files={"image": ("picture.png", _picture(), "image/png")},
        title=walker.service,
        description="<p>Fast.</p><script>alert(1)</script>",
        price=walker.words("80,00", "80.00"),
        category=options["Conseil"],
    )
    added.must_show(walker.service)
    promise(added.path == "/members/space/", f"the service is in the member space: {added}")


def _picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (80, 60), "teal").save(file, "PNG")
    return file.getvalue()


def _find(shopper: Browser, walker: Walker) -> Page:
    found = shopper.get("/search/", q=walker.service.split()[0])
    page = shopper.get(found.link(walker.service.split()[0]))
    page.must_show(walker.service, "Fast.", " ".join(walker.name), walker.words("96,00", "96.00"))
    promise("<script>alert(1)" not in page.html, "what could do harm was removed from the text")
    return page


def _buy(shopper: Browser, walker: Walker) -> None:
    """Buy the service through the shop's ordinary checkout, which is Oscar's own."""
    page = shopper.get(walker.pages["service"].url)
    shopper.submit(page, page.form(action="/basket/add/"))
    page = shopper.get("/checkout/")
    if "login" in page.path or page.soup.find(attrs={"name": "username"}):
        email = f"shopper-{walker.language}@example.com"
        register(shopper, shopper.get("/accounts/login/"), email, NEW_PASSWORD)
        page = shopper.get("/checkout/")
    page = shopper.get(page.link(path="/checkout/preview/"))
    page.must_show(walker.service)
    done = shopper.submit(page, page.form("action"), action="place_order")
    promise("thank-you" in done.path, f"the service is bought: {done}")
    done.must_show(walker.service)


def _refuses_others(journey: Journey) -> None:
    for language, words in (("fr", "abonnement"), ("en", "subscription")):
        for person in (people.NEWCOMER, people.LAPSED):
            browser = Browser(journey.sandbox.url, language)
            sign_in(browser, browser.get("/accounts/login/"), person.email, people.PASSWORD)
            refused = browser.get("/members/space/")
            promise(refused.status == 403, f"{person.email} is not let in: {refused}")
            refused.must_show(words)
            promise(browser.get("/members/space/add/").status == 403, "nor to the form")


def step_14(journey: Journey) -> str:
    """A seller on the last day, not on the day after; a renewal brings all of it back."""
    camille, jane = journey.walkers
    last_day = camille.last_day
    assert last_day is not None
    _run(journey, last_day.isoformat())
    promise(_in_shop(journey, camille), "on the last day the service is still in the shop")
    _run(journey, (last_day + timedelta(days=1)).isoformat())
    for walker in journey.walkers:
        promise(not _in_shop(journey, walker), "on the day after it has left the shop")
        _is_not_for_sale(journey, walker)
        walker.browser.get("/members/space/").must_show(walker.service)
    _renew(journey, camille)
    _run(journey, (last_day + timedelta(days=1)).isoformat())
    promise(_in_shop(journey, camille), "the renewal brought the service back")
    promise(not _in_shop(journey, jane), "and nobody else's")
    return (
        f"in the shop until {last_day}, not on the day after; renewed to {camille.last_day}, back"
    )


def _run(journey: Journey, day: str) -> str:
    return journey.sandbox.command("subscriptions_run", "--date", day)


def _in_shop(journey: Journey, walker: Walker) -> bool:
    """Tell whether shoppers find the service and can open its page; both or neither."""
    shopper = Browser(journey.sandbox.url, walker.language)
    found = shopper.get("/search/", q=walker.service.split()[0])
    listed = any(walker.service.split()[0] in words for words, _address in found.links())
    opens = shopper.get(walker.pages["service"].url).status == 200
    promise(listed == opens, f"listed ({listed}) and open ({opens}) go together")
    return opens


def _is_not_for_sale(journey: Journey, walker: Walker) -> None:
    """Try to buy the service with a page that was opened while it was still in the shop."""
    shopper, page = journey.shoppers[walker.language], walker.pages["service"]
    shopper.submit(page, page.form(action="/basket/add/"))
    basket = shopper.get("/basket/")
    promise(not basket.soup.select(".basket-items"), f"a parked service can't be bought: {basket}")


def _renew(journey: Journey, walker: Walker) -> None:
    """Buy the next year; it begins on the day after the last one."""
    assert walker.first_day is not None and walker.last_day is not None
    old_last_day = walker.last_day
    walker.first_day = old_last_day + timedelta(days=1)
    walker.last_day = journey.today + relativedelta(months=24)
    walker.pages["plan"] = arriving.open_plan(walker)
    walker.pages["plan"].must_show(in_words(walker.first_day, walker.language))
    page = walker.pages["plan"]
    walker.browser.submit(page, page.form(action="/basket/add/"))
    order_page = walker.browser.get("/checkout/")
    hosted = walker.browser.submit(
        order_page, order_page.form("accept_terms"), accept_terms="on", action="place_order"
    )
    confirmed = paying.pay(walker, hosted, **paying.TEST_CARD)
    confirmed.must_show(walker.plan, in_words(walker.last_day, walker.language))
