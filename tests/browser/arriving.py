"""From the home page to a basket with one plan in it: steps 1 to 6 of the journey."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.walk import Visitor


def sees_the_home_page(visitor: Visitor) -> None:
    visitor.open("/")
    visitor.must_see(visitor.plan)
    visitor.look("home")


def opens_the_menu_members(visitor: Visitor) -> None:
    """On a phone the menu is behind the button with three bars."""
    opens_the_navigation(visitor)
    menu = visitor.page.locator(".navbar .dropdown", has_text=visitor.words("Membres", "Members"))
    menu.locator(".dropdown-toggle").click()
    expect(menu.locator(".dropdown-menu")).to_be_visible()
    visitor.look("menu")
    menu.get_by_role("link", name=visitor.words("S’abonner", "Subscribe")).click()


def opens_the_navigation(visitor: Visitor) -> None:
    """Show the shop's menu and search; on a phone they are folded away."""
    if visitor.on_phone:
        visitor.page.locator("[data-target='#navbarSupportedContent']").click()
        # Bootstrap unfolds it slowly, and has these classes on it when that is done.
        expect(visitor.page.locator("#navbarSupportedContent")).to_have_class(
            re.compile(r"\bcollapse\b.*\bshow\b")
        )


def reads_the_list_of_plans(visitor: Visitor) -> None:
    visitor.must_be_at("/members/plans/")
    visitor.must_see(*visitor.plans_on_sale, visitor.price, *visitor.days)
    visitor.look("plans")
    visitor.page.locator("main, #content_inner").get_by_role(
        "link", name=visitor.plan
    ).first.click()


def reads_the_page_of_the_plan(visitor: Visitor) -> None:
    visitor.must_be_at("/catalogue/")
    visitor.must_see(
        visitor.plan,
        visitor.price,
        *visitor.days,
        "Intras Consultants",
        "10 rue de la République",
        visitor.words("ne dépend pas du nombre de jours", "not depend on the number of days"),
        visitor.words("pas remboursable en cours d’utilisation", "not refunded during use"),
    )
    links = visitor.page.locator(".subscriptions-terms-links a")
    expect(links).to_have_count(2)
    visitor.look("plan")


def adds_the_plan_and_is_asked_to_sign_in(visitor: Visitor) -> None:
    plan_page = visitor.page.url
    _add_button(visitor).click()
    visitor.must_be_at("/accounts/login/")
    visitor.look("sign-in")
    enter = registers if visitor.is_new else signs_in
    enter(visitor)
    visitor.page.wait_for_url(plan_page)
    visitor.look("plan-again")


def comes_in(visitor: Visitor) -> Visitor:
    """Sign in before anything else, and return the visitor."""
    visitor.open("/accounts/login/")
    signs_in(visitor)
    return visitor


def signs_in(visitor: Visitor) -> None:
    visitor.page.fill("#id_login-username", visitor.email)
    visitor.page.fill("#id_login-password", visitor.password)
    visitor.page.click("[name=login_submit]")
    visitor.page.wait_for_url(lambda url: "/accounts/login" not in url)


def registers(visitor: Visitor) -> None:
    visitor.page.fill("#id_registration-email", visitor.email)
    visitor.page.fill("#id_registration-password1", visitor.password)
    visitor.page.fill("#id_registration-password2", visitor.password)
    visitor.page.click("[name=registration_submit]")
    visitor.page.wait_for_url(lambda url: "/accounts/login" not in url)


def adds_the_plan_to_the_basket(visitor: Visitor) -> None:
    _add_button(visitor).click()
    visitor.must_be_at("/basket/")
    visitor.must_see(visitor.plan, visitor.price)
    expect(visitor.page.locator(".basket-items")).to_have_count(1)
    expect(visitor.page.locator("[name=form-0-quantity]:visible")).to_have_count(0)
    visitor.look("basket")


def _add_button(visitor: Visitor) -> Any:
    return visitor.page.locator("form[action*='/basket/add/'] button[type=submit]").first
