"""A seller's later life: another plan, automatic renewal, fewer services, orders to serve.

The pictures are kept in ``tests/browser/shots/living``.
"""

from typing import Any

import pytest
from oscar.core.loading import get_class, get_model
from oscar.test.factories import create_order

from demo import arriving, ordering, paying
from demo.people import Member
from oscar_subscriptions import sellers
from oscar_subscriptions.daily_run import runner
from shop.demo_data.people import MEMBER, PASSWORD, SELLER, account
from tests.browser.walk import ChromiumVisitor, ChromiumWalk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ordered_service(demo_shop: None) -> Any:
    """One of the seller's services, which the member has ordered."""
    partner = sellers.get_seller(account(SELLER)).partner
    service = get_model("catalogue", "Product").objects.filter(stockrecords__partner=partner)[0]
    basket = get_model("basket", "Basket").objects.create(owner=account(MEMBER))
    basket.strategy = get_class("partner.strategy", "Selector")().strategy()
    basket.add_product(service)
    create_order(basket=basket, user=account(MEMBER))
    return service


@pytest.mark.slow
@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("en", 390)])
def test_living(
    walk: ChromiumWalk, ordered_service: Any, settings: Any, language: str, width: int
) -> None:
    walk.audit = True
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    seller = walk.visitor(Member(SELLER.email, PASSWORD, plan="Abonnement Bronze", price=120))
    seller.come_in(SELLER.email, PASSWORD)

    changes_the_plan_and_chooses_automatic_renewal(seller)
    switches_it_off(seller)
    chooses_what_stays(seller)
    serves_an_order(seller, ordered_service)

    walk.must_be_flawless()


def changes_the_plan_and_chooses_automatic_renewal(seller: ChromiumVisitor) -> None:
    bronze = get_model("catalogue", "Product").objects.get(upc="plan-bronze")
    seller.open(bronze.get_absolute_url())
    seller.click(arriving.ADD_BUTTON)
    ordering.proceeds(seller)
    seller.must_see(seller.words("Quand doit-il commencer", "When shall it begin"))
    seller.look("order-of-another-plan")
    seller.page.locator("#beginning input[type=radio]").last.check()
    seller.tick("auto_renewal")
    ordering.places_the_order(seller)
    paying.pays_on_the_page_of_the_provider(seller)
    seller.must_be_at("/checkout/thank-you/")
    seller.look("confirmation")


def switches_it_off(seller: ChromiumVisitor) -> None:
    switched_off = "form[id^=renewal_off]"
    seller.open("/members/subscription/")
    seller.must_see(seller.words("Le renouvellement automatique est activé", "renewal is on since"))
    seller.look("my-subscription")
    seller.page.locator(switched_off).locator("button").click()
    seller.must_see(seller.words("Rien ne sera prélevé", "Nothing will be charged"))
    seller.look("switched-off")
    assert seller.page.locator(switched_off).count() == 0


def chooses_what_stays(seller: ChromiumVisitor) -> None:
    """The plan allows only one service from today on."""
    get_model("oscar_subscriptions", "Term").objects.update(listing_limit=1)
    assert not [outcome for outcome in runner.run() if outcome.failed]
    seller.open("/members/space/")
    seller.must_see(seller.words("Prestations dans la boutique : 1 sur 1", "1 of 1 service used"))
    seller.look("fewer-services")
    seller.click("a", seller.words("Choisir celles", "Choose which ones"))
    boxes = seller.page.locator("#choose_form input[type=checkbox]")
    for number in range(boxes.count()):
        boxes.nth(number).check()
    seller.page.click("#choose_form button")
    seller.must_see(seller.words("plus de prestations que", "more services than"))
    seller.look("too-many")
    for number in range(1, boxes.count()):
        boxes.nth(number).uncheck()
    seller.page.click("#choose_form button")
    seller.must_be_at("/members/space/")
    seller.look("chosen")


def serves_an_order(seller: ChromiumVisitor, service: Any) -> None:
    seller.click("nav.mb-4 a", seller.words("Commandes", "Orders"))
    seller.must_see(service.title, MEMBER.email, MEMBER.last_name)
    seller.look("orders")
    seller.page.locator("[data-line] button").click()
    seller.must_see(seller.words("est marquée comme réalisée", "is marked as served"))
    seller.look("served")
