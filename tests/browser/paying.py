"""The payment provider's page and the way back: steps 10 to 12 of the journey."""

from playwright.sync_api import expect

from tests.browser.walk import Visitor

GOOD_CARD = "4242 4242 4242 4242"
DECLINED_CARD = "4000 0000 0000 0002"


def pays_on_the_page_of_the_provider(visitor: Visitor) -> None:
    visitor.page.wait_for_url(lambda url: not url.startswith(visitor.shop))
    assert not visitor.is_in_shop, f"the shop asks for the card itself: {visitor.page.url}"
    visitor.must_see(visitor.price)
    visitor.look("payment")
    _types_card(visitor, DECLINED_CARD)
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    visitor.look("payment-declined", status=402)
    _types_card(visitor, GOOD_CARD)


def _types_card(visitor: Visitor, number: str) -> None:
    visitor.page.fill("[name=number]", number)
    visitor.page.fill("[name=exp]", "12 / 34")
    visitor.page.fill("[name=cvc]", "123")
    visitor.page.locator("form.sheet button[type=submit]").click()


def is_told_that_the_order_is_confirmed(visitor: Visitor) -> None:
    visitor.must_be_at("/checkout/thank-you/")
    visitor.must_see(visitor.plan, visitor.price, *visitor.days)
    visitor.look("confirmation")


def reads_the_guide(visitor: Visitor) -> None:
    visitor.page.locator(
        ".content a[href$='/members/guide/'], .container a[href$='/members/guide/']"
    ).first.click()
    visitor.must_be_at("/members/guide/")
    visitor.look("guide")
