"""Steps 1 to 6: from the home page to a basket that holds one plan, once."""

from demo.visitor import Visitor

ADD_FORM = "form[action*='/basket/add/']"
ADD_BUTTON = f"{ADD_FORM} button[type=submit]"
FOUND = ".product_pod h3 a"


def picks_a_plan_and_signs_in(member: Visitor) -> None:
    """A visitor who picks a plan is led to sign in or register, and comes back to that plan."""
    finds_the_plans(member)
    chooses_a_plan(member)
    plan_page = member.page_in_front.path
    member.click(ADD_BUTTON)
    member.must_be_at("/accounts/login/")
    member.look("sign-in")
    enter = member.register if member.person.is_new else member.sign_in
    enter(member.person.email, member.person.password)
    member.must_be_at(plan_page)
    member.look("plan-again")


def finds_the_plans(member: Visitor) -> None:
    """A menu entry leads to a page that lists the plans on sale with their prices."""
    member.open("/")
    member.must_see(member.person.plan)
    member.look("home")
    member.open_menu(member.words("Membres", "Members"))
    member.look("menu")
    member.click("a[href$='/members/plans/']", member.words("S’abonner", "Subscribe"))
    member.must_be_at("/members/plans/")
    member.must_see(*member.plans_on_sale, member.price, *member.days)
    member.look("plans")


def chooses_a_plan(member: Visitor) -> None:
    """The plan shows its price and the exact first and last day it would give if bought now."""
    member.click("#content_inner a", member.person.plan)
    member.must_be_at("/catalogue/*")
    member.must_see(member.person.plan, member.price, *member.days)
    member.look("plan")


def reads_what_the_price_covers(member: Visitor) -> None:
    """The page says before the purchase: set for the year, no pro-rata, not refundable."""
    member.must_see(
        member.words("ne dépend pas du nombre de jours", "not depend on the number of days"),
        member.words("pas remboursable en cours d’utilisation", "not refunded during use"),
    )


def reads_the_page_of_the_plan(member: Visitor) -> None:
    """Vendor, price and button, and beside them the terms of use and the terms of sale."""
    member.must_see("Intras Consultants", "10 rue de la République", member.price)
    # Oscar says “basket” or “cart”, after the kind of English.
    member.must_have(ADD_BUTTON, text=member.words("Ajouter au panier", "Add to"))
    member.must_have(".subscriptions-terms-links a", 2)
    plan_page = member.page_in_front.url
    sale = member.words("Conditions générales de vente", "Terms of sale")
    use = member.words("Conditions d’utilisation", "Terms of use")
    for page, texts in {
        "terms-of-sale": (sale, member.words("de date à date", "date to date")),
        "terms-of-use": (use,),
    }.items():
        member.click(f".subscriptions-terms-links a[href*='/{page}/']")
        member.must_see(*texts)
        member.look(page)
        member.open(plan_page)


def fills_the_basket(member: Visitor) -> None:
    """The plan is alone in the basket, once, by form or by forged request."""
    plan_page = member.page_in_front.url
    adds_the_plan_to_the_basket(member)
    member.forge("#basket_formset", "form-0-quantity", "7")
    _holds_one(member)
    member.open(plan_page)
    member.forge(ADD_FORM, "quantity", "7")
    _holds_one(member)
    member.search("Atelier")
    member.click(FOUND, "Atelier")
    member.click(ADD_BUTTON)
    _holds_one(member)


def adds_the_plan_to_the_basket(member: Visitor) -> None:
    """Click the button, which leads to the basket."""
    member.click(ADD_BUTTON)
    member.must_be_at("/basket/")
    member.look("basket")
    _holds_one(member)


def _holds_one(member: Visitor) -> None:
    member.open("/basket/")
    member.must_have(".basket-items")
    member.must_see(member.person.plan)
    # The page writes its quantity itself; what the shop counted shows in the total.
    member.must_have("#basket_totals tr:last-child .total", text=member.price)
    member.must_hold("form-0-quantity", "1")
    member.must_have("[name=form-0-quantity]:not([type=hidden])", 0)
