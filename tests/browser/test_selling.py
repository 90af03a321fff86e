"""An operator sells for a member, who opens the link and orders; and refunds half of it.

The pictures are kept in ``tests/browser/shots/selling``.
"""

import pytest
from playwright.sync_api import expect

from demo import ordering, paying
from demo.people import CAMILLE
from shop.demo_data.people import MEMBER, OPERATOR, PASSWORD
from tests.browser import operating
from tests.browser.walk import ChromiumVisitor, ChromiumWalk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN = "Abonnement Silver"


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_selling(walk: ChromiumWalk, demo_shop: None, language: str, width: int) -> None:
    # Each page once in each language and at each width; the audit takes most of the time.
    walk.audit = (language, width) in {("fr", 390), ("en", 1280)}
    operator, member, stranger = walk.visitor(), walk.visitor(CAMILLE), walk.visitor()
    operating.signs_in_at_the_dashboard(operator, OPERATOR.email, PASSWORD)
    link = sells(operator)

    stranger.open("/accounts/login/")
    stranger.sign_in(OPERATOR.email, PASSWORD)
    stranger.open(link)
    stranger.must_see(stranger.words("destiné à un autre compte", "is for another account"))
    stranger.look("another-account", status=403)
    stranger.open(f"{link[:-3]}/")
    stranger.must_see(stranger.words("Ce lien n’est pas valable", "This link is not valid"))
    stranger.look("damaged-link", status=404)

    orders(member, link)
    refunds_half(operator)
    walk.must_be_flawless()


def sells(operator: ChromiumVisitor) -> str:
    """Send the link; return it as the operator copies it."""
    operating.opens_in_the_menu(operator, "sell/")
    operator.look("sell")
    operator.page.fill("#search_form [name=q]", MEMBER.email[:4])
    operator.page.click("#search_form button")
    operator.look("sell-found")
    operator.page.click(f"tbody a:has-text('{MEMBER.email}')")
    operator.look("sell-form")
    operator.choose("plan", PLAN)
    operator.page.click("#action_form button")
    operator.must_see(operator.words("Rien n’est commandé.", "Nothing is ordered."), "240")
    operator.page.click("details summary")
    operator.look("sell-preview")
    operator.page.click("#preview_form button.btn-primary")
    operator.look("sell-link")
    return str(operator.page.input_value("#order_link"))


def orders(member: ChromiumVisitor, link: str) -> None:
    """Open the link, sign in, agree and pay."""
    member.open(link)
    member.must_be_at("/accounts/login/")
    member.sign_in(MEMBER.email, PASSWORD)
    member.must_see(PLAN)
    member.look("link")
    member.click("#renew_form button")
    member.must_be_at("/checkout/preview/")
    expect(member.page.locator("[name=accept_terms]")).not_to_be_checked()
    ordering.places_the_order(member)
    paying.pays_on_the_page_of_the_provider(member)
    paying.is_told_that_the_order_is_confirmed(member)


def refunds_half(operator: ChromiumVisitor) -> None:
    """Refund 120 of 240 euros on the page of the subscription."""
    operator.open(operating.DASHBOARD)
    operator.page.click("tbody th a")
    operator.page.click("a[href$='/refund/']")
    operator.look("refund-form")
    operator.fill("amount", "120")
    operator.fill("reason", "Camille called")
    operator.page.click("#action_form button")
    operator.look("refund-preview")
    operator.page.click("#preview_form button.btn-danger")
    operator.must_see(operator.words("Le remboursement est en cours", "The refund is under way"))
