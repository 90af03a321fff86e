"""Steps 7 to 9: the order page, and the order."""

from demo.promises import promise
from demo.visitor import Visitor

ORDER_BUTTON = "#place_order_form #place-order"


def proceeds_to_the_order_page(member: Visitor) -> None:
    """One order page: billing details, summary, terms, a warning against phishing, button."""
    proceeds(member)
    for field in ("first_name", "line1", "postcode"):
        member.must_have(f"#place_order_form [name=billing-{field}]")
    member.must_see(
        member.person.plan,
        member.price,
        *member.days,
        member.words("Conditions générales de vente", "Terms of sale"),
        member.words("aucune information bancaire", "no bank data"),
        member.words("code secret", "secret code"),
        "security@example.com",
    )
    member.must_have(ORDER_BUTTON, text=member.words("Commander", "Order"))


def proceeds(member: Visitor) -> None:
    """Click the button of the basket, which leads to the order page."""
    words = member.words("Procéder à la commande", "Proceed to")
    member.click("#content_inner a[href*='/checkout/']", words)
    member.must_be_at("/checkout/preview/")


def finds_the_form_filled_in(member: Visitor) -> None:
    """A complete profile and address book fill the billing form in; without, it is empty."""
    for field, value in member.person.billing.items():
        member.must_hold(f"billing-{field}", "" if member.person.is_new else value)
    member.must_hold("billing-country", "FR")
    member.look("order")
    for field, value in member.person.billing.items():
        member.fill(f"billing-{field}", value)


def accepts_the_terms_and_orders(member: Visitor) -> None:
    """No order without the tick, checked on the server; the order comes before the payment."""
    member.click(ORDER_BUTTON)
    member.must_have("#accept_terms_error")
    member.must_see(member.words("conditions générales de vente", "terms of sale"))
    for field, value in member.person.billing.items():
        member.must_hold(f"billing-{field}", value)
    member.look("order-without-terms")
    promise(not orders(member), "without the tick there is no order")
    places_the_order(member)
    numbers = orders(member)
    promise(len(numbers) == 1, f"there is one order, not {len(numbers)}")
    member.order_number = numbers[0]
    _is_kept(member)


def places_the_order(member: Visitor) -> None:
    """Tick and click; the payment provider's page comes next."""
    member.tick("accept_terms")
    member.click(ORDER_BUTTON)
    member.must_be_at(member.walk.provider)


def _is_kept(member: Visitor) -> None:
    """What was typed is there next time; the accepted text is kept with the order as evidence."""
    member.peek("/accounts/addresses/").must_show(*member.person.billing.values())
    consents = member.walk.operator.peek("/admin/oscar_subscriptions/consent/")
    rows = [row.get_text(" ") for row in consents.soup.select("#result_list tbody tr")]
    mine = [row for row in rows if member.order_number in row]
    promise(mine and f"({member.walk.language})" in mine[0], f"the accepted text is kept: {rows}")


def orders(member: Visitor) -> list[str]:
    """Return the numbers in the member's order history."""
    return member.peek("/accounts/orders/").orders()
