"""Steps 13 and 14: services in the shop, and the year that passes."""

from datetime import timedelta

from demo import arriving, ordering, paying
from demo.people import NEW_PASSWORD
from demo.promises import promise
from demo.visitor import Visitor
from shop.demo_data import people, pictures


def sells(member: Visitor) -> None:
    """A seller at once, without signing in again; shoppers find the service and can buy it."""
    member.open("/members/space/")
    member.must_see(member.days[1])
    member.look("member-space-empty")
    _adds_a_service(member)
    member.shopper = member.walk.visitor()
    _is_found(member.shopper, member)
    _is_bought(member.shopper, member)
    _refuses_others(member)


def _adds_a_service(member: Visitor) -> None:
    add = member.words("Ajouter une prestation", "Add a service")
    member.click("#content_inner a[href$='/members/space/add/']", add)
    member.look("service-form")
    member.fill("title", member.service)
    text = member.words("Clause par clause.", "Clause by clause.")
    member.fill("description", f"<p>{text}</p><script>alert(1)</script>")
    member.fill("price", member.words("80,00", "80.00"))
    member.choose("category", "Conseil")
    title = member.words("Contrats", "Contracts")
    member.attach("image", pictures.paint("#0b7285", "#083b44", title))
    member.click("#service_form button[type=submit]")
    member.must_be_at("/members/space/")
    member.must_see(member.service)
    member.look("member-space")
    member.click("#content_inner a", member.words("Modifier", "Edit"))
    member.must_hold("title", member.service)
    member.look("service-edit")


def _is_found(shopper: Visitor, seller: Visitor) -> None:
    """By search, seconds after it was added; at the price with VAT."""
    shopper.open("/")
    shopper.search(_word(seller))
    shopper.must_be_at("/search/")
    shopper.must_see(seller.service)
    shopper.look("search")
    shopper.click(arriving.FOUND, seller.service)
    shopper.must_see(
        seller.service,
        "Clause",
        seller.person.name,
        shopper.words("96,00 €", "€96.00"),
    )
    seller.service_page = shopper.page_in_front.url
    harmful = "<script>alert(1)" in shopper.page_in_front.html
    promise(not harmful, "what could do harm was removed from the text")
    shopper.look("service")


def _is_bought(shopper: Visitor, seller: Visitor) -> None:
    """Through the shop's ordinary checkout, which is Oscar's own."""
    shopper.click(arriving.ADD_BUTTON)
    # The shop leads back to the service, with a message, or to the basket.
    shopper.open("/basket/")
    shopper.must_see(seller.service)
    shopper.must_have(".basket-items")
    shopper.look("basket-of-a-shopper")
    shopper.open("/accounts/login/")
    shopper.register(f"shopper-of-{seller.person.email}", NEW_PASSWORD)
    shopper.open("/checkout/")
    shopper.click("a[href*='/checkout/preview/']")
    shopper.must_see(seller.service)
    shopper.click(ordering.ORDER_BUTTON)
    shopper.must_be_at("/checkout/thank-you/")
    shopper.must_see(seller.service)
    shopper.open(seller.service_page)


def _refuses_others(member: Visitor) -> None:
    for person, name, way_on in (
        (people.NEWCOMER, "never-a-seller", member.words("Voir les abonnements", "See the plans")),
        (people.LAPSED, "lapsed", "Abonnement Bronze"),
    ):
        other = member.walk.visitor()
        other.come_in(person.email, people.PASSWORD)
        add = other.peek("/members/space/add/")
        promise(add.status == 403, f"{person.email} does not get the form: {add}")
        other.open("/members/space/")
        other.must_see(other.words("abonnement", "subscription"), way_on)
        other.look(f"refused-{name}", status=403)


def lives_through_the_year(members: list[Visitor]) -> None:
    """In the shop on the last day, not on the day after; a renewal brings all of it back."""
    first, *others = members
    run = first.walk.run
    last_day, day_after = first.last_day, first.last_day + timedelta(days=1)
    run(last_day)
    promise(_in_shop(first), "on the last day the service is still in the shop")
    run(day_after)
    for member in members:
        promise(not _in_shop(member), "on the day after it has left the shop")
        # With a page that was opened while the service was still in the shop.
        member.shopper.click(arriving.ADD_BUTTON)
        member.shopper.open("/basket/")
        member.shopper.must_have(".basket-items", 0)
        member.open("/members/space/")
        member.must_see(member.service)
    _renews(first)
    run(day_after)
    promise(_in_shop(first), "the renewal brought the service back")
    for other in others:
        promise(not _in_shop(other), "and nobody else's")


def _in_shop(member: Visitor) -> bool:
    """Return whether shoppers find the service and can open its page; both or neither."""
    stranger = member.walk.visitor()
    found = stranger.peek(f"/search/?q={_word(member)}")
    listed = any(_word(member) in words for words, _address in found.links())
    opens = stranger.peek(member.service_page).status == 200
    promise(listed == opens, f"listed ({listed}) and open ({opens}) go together")
    return opens


def _word(member: Visitor) -> str:
    return member.service.split()[0]


def _renews(member: Visitor) -> None:
    """Buy the next year; it begins on the day after the last one."""
    member.renew()
    member.open("/members/plans/")
    member.click("#content_inner a", member.person.plan)
    member.must_see(member.days[0])
    member.click(arriving.ADD_BUTTON)
    member.open("/checkout/")
    ordering.places_the_order(member)
    paying.types_card(member, paying.TEST_CARD)
    paying.is_told_that_the_order_is_confirmed(member)
