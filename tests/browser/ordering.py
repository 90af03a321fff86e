"""The order page: steps 7 to 9 of the journey."""

from playwright.sync_api import expect

from tests.browser.walk import Visitor


def proceeds_to_the_order_page(visitor: Visitor) -> None:
    visitor.follow("Procéder à la commande", "Proceed to checkout", within="#content_inner")
    visitor.must_be_at("/checkout/")
    visitor.must_see(
        visitor.plan,
        visitor.price,
        *visitor.days,
        visitor.words("aucune information bancaire", "no bank data"),
        "security@example.com",
    )


def finds_the_form_filled_in(visitor: Visitor) -> None:
    """As far as the shop knows the member; a new one fills it in."""
    for name, value in visitor.address.items():
        field = visitor.page.locator(f"#id_billing-{name}")
        expect(field).to_have_value("" if visitor.is_new else value)
    expect(visitor.page.locator("#id_billing-country")).to_have_value("FR")
    visitor.look("order")
    for name, value in visitor.address.items():
        visitor.page.fill(f"#id_billing-{name}", value)


def forgets_to_accept_the_terms(visitor: Visitor) -> None:
    visitor.page.click("#place-order")
    expect(visitor.page.locator("#accept_terms_error")).to_be_visible()
    for name, value in visitor.address.items():
        expect(visitor.page.locator(f"#id_billing-{name}")).to_have_value(value)
    visitor.look("order-without-terms")


def accepts_the_terms_and_orders(visitor: Visitor) -> None:
    visitor.page.check("#id_accept_terms")
    visitor.page.click("#place-order")
