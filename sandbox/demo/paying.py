"""Steps 10 to 12: the payment provider's page, the bank's answer, and back."""

import time

from demo.ordering import orders
from demo.promises import promise
from demo.visitor import Visitor

TEST_CARD = {"number": "4242 4242 4242 4242", "exp": "12 / 39", "cvc": "123"}
DECLINED_CARD = {**TEST_CARD, "number": "4000 0000 0000 0002"}
# For what leaves after the answer: the provider's notifications, the shop's e-mails.
WEBHOOK_SECONDS = MAIL_SECONDS = 15


def pays(member: Visitor) -> None:
    """The card is typed on the provider's page only; an order left there can be paid later."""
    if member.person.is_new:
        _changes_the_mind(member)
    pays_on_the_page_of_the_provider(member)


def _changes_the_mind(member: Visitor) -> None:
    """Leave the payment page, look at the order that waits, and come back to pay it."""
    member.click(".cancel a")
    member.must_be_at("/*")
    member.must_have("form[action*='/cancel/']")
    member.look("order-waiting")
    member.click(f"a[href*='/payments/{member.order_number}/pay/']")
    member.must_be_at(member.walk.provider)
    promise(orders(member) == [member.order_number], "it is the same order")


def pays_on_the_page_of_the_provider(member: Visitor) -> None:
    """Pay with a card that the bank declines, and then with a good one."""
    member.must_be_at(member.walk.provider)
    member.must_see(member.price)
    member.look("payment")
    types_card(member, DECLINED_CARD)
    member.must_see(member.words("refusée", "declined"))
    member.must_have("[role=alert]")
    member.look("payment-declined")
    types_card(member, TEST_CARD)


def types_card(member: Visitor, card: dict[str, str]) -> None:
    """Type a card; the good one leads back to the shop, where the member does not go yet."""
    for field, value in card.items():
        member.fill(field, value)
    member.click("form.sheet button[type=submit]", stay=card == TEST_CARD)
    if card == TEST_CARD:
        member.has_paid()


def is_a_seller_by_the_webhook(member: Visitor) -> None:
    """The provider's signed webhook confirms, whether or not a browser has come back."""
    started = time.monotonic()
    while member.peek("/members/space/").status != 200:
        waited = time.monotonic() - started
        promise(waited < WEBHOOK_SECONDS, "the webhook alone makes a seller")
        time.sleep(0.1)
    order = member.walk.operator.peek(f"/dashboard/orders/{member.order_number}/")
    order.must_show("Paid", member.words("Débit", "Debit"))


def comes_back(member: Visitor) -> None:
    """Confirmation page with dates, receipt link, next step; and e-mails."""
    is_told_that_the_order_is_confirmed(member)
    confirmed = member.page_in_front
    confirmed.must_show(member.order_number)
    receipt = confirmed.link(member.words("reçu", "receipt"))
    for address in (confirmed.link(path="/members/space/add/"), receipt):
        promise(member.peek(address).status == 200, f"{address} opens")
    member.click("a.btn[href$='/members/guide/']")
    member.must_be_at("/members/guide/")
    member.look("guide")
    _has_one_term(member)
    _has_mail(member)


def is_told_that_the_order_is_confirmed(member: Visitor) -> None:
    """Come back from the provider."""
    member.come_back()
    member.must_be_at("/checkout/thank-you/")
    member.must_see(member.person.plan, member.price, *member.days)
    member.look("confirmation")


def _has_one_term(member: Visitor) -> None:
    member.open("/members/subscription/")
    member.must_see(member.person.plan, *member.days)
    member.must_have("[data-status]")
    member.must_have("[data-status=active]")
    member.look("my-subscription")
    member.open("/accounts/orders/")
    member.look("orders")
    member.click("table a[href*='/accounts/orders/']")
    member.must_see(member.person.plan, member.price, *member.days)
    member.look("order-detail")


def _has_mail(member: Visitor) -> None:
    email = member.person.email
    first, last = member.days
    about, told = False, False
    # Mails leave after the response.
    deadline = time.monotonic() + MAIL_SECONDS
    while not (about and told) and time.monotonic() < deadline:
        time.sleep(0.1)
        texts = [message.text for message in member.walk.sent_mails() if message.to == email]
        about = any(member.order_number in text for text in texts)
        told = any(first in text and last in text for text in texts)
    promise(about, f"{email} was told of order {member.order_number}")
    promise(told, f"{email} was told in {member.walk.language}: from {first} to {last}")
