"""Steps 1 to 6: from the home page to a basket that holds one plan, once."""

from dateutil.relativedelta import relativedelta

from demo.browser import Page
from demo.people import Journey, Walker, days, register, sign_in
from demo.promises import promise


def step_1(journey: Journey) -> str:
    """A visitor who picks a plan is led to sign in or register, and comes back to that plan."""
    for walker in journey.walkers:
        browser = walker.browser
        plan_page = open_plan(walker)
        login = browser.submit(plan_page, plan_page.form(action="/basket/add/"))
        promise("/accounts/login" in login.path, f"a visitor who picks a plan signs in: {login}")
        enter = register if walker.is_new else sign_in
        back = enter(browser, login, walker.email, walker.password)
        promise(back.path == plan_page.path, f"{walker.email} is back at the plan: {back}")
    return "a visitor who picks a plan signs in, or registers, and is back at that plan"


def step_2(journey: Journey) -> str:
    """A menu entry leads to a page that lists the plans on sale."""
    for walker in journey.walkers:
        home = walker.browser.get("/")
        home.must_show(walker.words("Membres", "Members"))
        plans = walker.browser.get(
            home.link(walker.words("S'abonner", "Subscribe"), path="/members/plans/")
        )
        plans.must_show("Abonnement Bronze", "Abonnement Silver", "Abonnement Gold", walker.price)
        walker.pages["plans"] = plans
    return "the menu leads to the list of plans: Bronze, Silver and Gold with their prices"


def step_3(journey: Journey) -> str:
    """The plan shows its price and the exact first and last day it would give if bought now."""
    for walker in journey.walkers:
        walker.first_day = journey.today
        walker.last_day = journey.today + relativedelta(months=12)
        page = walker.browser.get(walker.pages["plans"].link(walker.plan))
        page.must_show(walker.plan, walker.price, *days(walker))
        walker.pages["plan"] = page
    first, last = journey.today, journey.walkers[0].last_day
    return f"price and exact days, 12 months date to date: {first} – {last}"


def step_4(journey: Journey) -> str:
    """No pro-rata; the page says so before the purchase."""
    for walker in journey.walkers:
        walker.pages["plan"].must_show(
            walker.words("ne dépend pas du nombre de jours", "not depend on the number of days"),
            walker.words("pas remboursable en cours d'utilisation", "not refunded during use"),
        )
    return "the page says before the purchase: set for the year, no pro-rata, not refundable"


def step_5(journey: Journey) -> str:
    """Vendor, price and button, and beside them the terms of use and the terms of sale."""
    for walker in journey.walkers:
        page = walker.pages["plan"]
        page.must_show("Intras Consultants", "10 rue de la République", walker.price)
        button = page.form(action="/basket/add/").get_text(" ", strip=True)
        # Oscar says “basket” or “cart”, after the kind of English.
        words = walker.words("Ajouter au panier", "Add to")
        promise(words in button, f"the button says “{words}”: {button}")
        use = walker.browser.get(page.link(path="/terms-of-use/"))
        sale = walker.browser.get(page.link(path="/terms-of-sale/"))
        use.must_show(walker.words("Conditions d'utilisation", "Terms of use"))
        sale.must_show(
            walker.words("Conditions générales de vente", "Terms of sale"),
            walker.words("de date à date", "date to date"),
        )
    return "vendor, price and button; terms of use and terms of sale, each in the reader's language"


def step_6(journey: Journey) -> str:
    """The plan is alone in the basket, once, by form or by forged request."""
    for walker in journey.walkers:
        browser, page = walker.browser, walker.pages["plan"]
        basket = browser.submit(page, page.form(action="/basket/add/"))
        promise(basket.path == "/basket/", f"the button leads to the basket: {basket}")
        _holds_one(basket, walker)
        for field in basket.soup.find_all("input", attrs={"name": "form-0-quantity"}):
            promise(field.get("type") == "hidden", "the quantity of a plan can't be typed")
        _forge(walker, basket)
    return "alone in the basket, once; a forged quantity or a second product changes nothing"


def _forge(walker: Walker, basket: Page) -> None:
    browser, plan_page = walker.browser, walker.pages["plan"]
    browser.submit(basket, basket.form("form-0-quantity"), **{"form-0-quantity": "7"})
    _holds_one(browser.get("/basket/"), walker)
    browser.submit(plan_page, plan_page.form(action="/basket/add/"), quantity="7")
    _holds_one(browser.get("/basket/"), walker)
    service = browser.get("/search/", q="Atelier")
    service_page = browser.get(service.link("Atelier"))
    browser.submit(service_page, service_page.form(action="/basket/add/"))
    _holds_one(browser.get("/basket/"), walker)


def _holds_one(basket: Page, walker: Walker) -> None:
    lines = basket.soup.select(".basket-items")
    promise(len(lines) == 1, f"the basket has one line, not {len(lines)}: {basket}")
    basket.must_show(walker.plan, walker.price)
    quantities = [
        field.get("value") for field in basket.soup.find_all(attrs={"name": "form-0-quantity"})
    ]
    promise(quantities in ([], ["1"]), f"the quantity is 1, not {quantities}")


def open_plan(walker: Walker) -> Page:
    """Open the page of the plan that this member buys."""
    plans = walker.browser.get("/members/plans/")
    return walker.browser.get(plans.link(walker.plan))
