"""The member is a seller: step 13 of the journey."""

from playwright.sync_api import expect

from shop.demo_data import pictures
from tests.browser.arriving import opens_the_navigation
from tests.browser.walk import Visitor


def opens_the_member_space(visitor: Visitor) -> None:
    visitor.open("/members/space/")
    visitor.must_see(visitor.last_day)
    visitor.look("member-space-empty")


def adds_a_service(visitor: Visitor) -> None:
    visitor.follow("Ajouter une prestation", "Add a service", within="#content_inner")
    visitor.look("service-form")
    visitor.page.fill("#id_title", visitor.service)
    visitor.page.fill(
        "#id_description",
        visitor.words(
            "Une relecture attentive, clause par clause.\n\nRendue en trois jours.",
            "A careful reading, clause by clause.\n\nBack in three days.",
        ),
    )
    visitor.page.fill("#id_price", visitor.words("80,00", "80.00"))
    visitor.page.select_option("#id_category", label="Conseil")
    picture = pictures.paint("#0b7285", "#083b44", visitor.words("Contrats", "Contracts"))
    visitor.page.set_input_files(
        "#id_image",
        {"name": "picture.png", "mimeType": "image/png", "buffer": picture},
    )
    visitor.page.click("#service_form button[type=submit]")
    visitor.must_be_at("/members/space/")
    visitor.must_see(visitor.service)
    visitor.look("member-space")


def edits_it(visitor: Visitor) -> None:
    visitor.follow("Modifier", "Edit", within="#content_inner")
    expect(visitor.page.locator("#id_title")).to_have_value(visitor.service)
    visitor.look("service-edit")


def is_found_by_a_shopper(shopper: Visitor, seller: Visitor) -> None:
    """By search, seconds after it was added; at the price with VAT."""
    shopper.open("/")
    opens_the_navigation(shopper)
    shopper.page.fill("[name=q]:visible", seller.service.split()[0])
    shopper.page.keyboard.press("Enter")
    shopper.must_be_at("/search/")
    shopper.must_see(seller.service)
    shopper.look("search")
    shopper.page.get_by_role("link", name=seller.service).last.click()
    shopper.must_see(seller.service, shopper.words("96,00 €", "€96.00"), seller.shown_name)
    shopper.look("service")
    shopper.page.click("form[action*='/basket/add/'] button[type=submit]")
    # The shop leads back to the service, with a message, or to the basket.
    shopper.open("/basket/")
    shopper.must_see(seller.service)
    expect(shopper.page.locator(".basket-items")).to_have_count(1)
    shopper.look("basket-of-a-shopper")


def reads_my_subscription(visitor: Visitor) -> None:
    visitor.open("/members/subscription/")
    visitor.must_see(visitor.plan, *visitor.days)
    expect(visitor.page.locator("[data-status]")).to_have_attribute("data-status", "active")
    visitor.look("my-subscription")


def reads_the_order(visitor: Visitor) -> None:
    visitor.open("/accounts/orders/")
    visitor.look("orders")
    visitor.page.locator("table a[href*='/accounts/orders/']").first.click()
    visitor.must_see(visitor.plan, visitor.price, *visitor.days)
    visitor.look("order-detail")


def reads_the_terms(visitor: Visitor) -> None:
    visitor.open("/members/terms-of-sale/")
    visitor.must_see(visitor.words("Conditions générales de vente", "Terms of sale"))
    visitor.look("terms-of-sale")
    visitor.open("/terms-of-use/")
    visitor.must_see(visitor.words("Conditions d’utilisation", "Terms of use"))
    visitor.look("terms-of-use")


def is_refused_without_a_term(visitor: Visitor) -> None:
    visitor.open("/members/space/")
    visitor.must_see(visitor.words("Voir les abonnements", "See the plans"))
    visitor.look("refused-never-a-seller", status=403)


def is_refused_after_the_last_day(visitor: Visitor) -> None:
    visitor.open("/members/space/")
    visitor.must_see("Abonnement Bronze")
    visitor.look("refused-lapsed", status=403)
