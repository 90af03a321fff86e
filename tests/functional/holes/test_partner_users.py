"""What users of a partner write in Oscar's catalogue dashboard: as in the member space, or not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run import doctor
from oscar_subscriptions.dashboard.catalogue import mixins, partner_users
from oscar_subscriptions.sellers import html, listings, parking
from tests.functional import pages
from tests.functional.holes.catalogue import create_product, product_form, product_url
from tests.uploads import picture

Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db

EVIL = "<p>ok</p><script>alert(1)</script>"


@pytest.fixture
def service(shop, seller, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return shop.make_service(seller)


@pytest.fixture(params=["seller", "helper"])
def browser(request, shop, seller, client):
    """A seller, or another user of the seller's partner, whom staff let in."""
    user = seller.user
    if request.param == "helper":
        user = shop.let_in(shop.make_user("helper"))
        seller.partner.users.add(user)
    client.force_login(user)
    return client


def write(browser, product, **changes):
    url = product_url(product)
    return browser.post(url, product_form(browser, url) | changes)


def test_sellers_are_not_let_in_because_they_are_sellers(shop, client):
    client.force_login(shop.make_seller("other").user)
    for url in ("dashboard:index", "dashboard:catalogue-product-list", "dashboard:order-list"):
        assert client.get(reverse(url)).status_code == 403
        assert client.post(reverse(url)).status_code == 403


# 108


def test_fault_108_a_new_product_whose_price_is_marked_for_deletion_is_refused(
    shop, seller, browser
):
    evil = {"stockrecords-0-DELETE": "on", "description": EVIL}
    page = create_product(browser, shop, seller.partner, **evil, title="Nobody's")
    assert "A product needs a price of yours" in pages.text(page)
    assert not Product.objects.filter(title="Nobody's").exists()


def test_fault_108_nor_is_the_only_price_deleted_later(service, browser):
    page = write(browser, service, **{"stockrecords-0-DELETE": "on"})
    assert "A product needs a price of yours" in pages.text(page)
    assert service.stockrecords.count() == 1


def test_fault_108_without_the_guard_it_belongs_to_nobody_control(shop, seller, desk, monkeypatch):
    monkeypatch.setattr(mixins.PlanStockRecordFormSetMixin, "clean", lambda formset: None)
    create_product(desk, shop, seller.partner, **{"stockrecords-0-DELETE": "on"}, title="Nobody's")
    assert not Product.objects.get(title="Nobody's").stockrecords.exists()


def test_fault_108_html_is_sanitised_whatever_becomes_of_the_price(
    shop, seller, service, browser, monkeypatch
):
    monkeypatch.setattr(mixins.PlanStockRecordFormSetMixin, "clean", lambda formset: None)
    gone = {"stockrecords-0-DELETE": "on", "description": EVIL}
    create_product(browser, shop, seller.partner, **gone, title="Nobody's")
    write(browser, service, **gone)
    for product in (Product.objects.get(title="Nobody's"), Product.objects.get(pk=service.pk)):
        assert product.description == "<p>ok</p>"


def test_fault_108_html_of_a_partner_that_is_no_seller_is_sanitised_too(shop, client):
    publisher = get_model("partner", "Partner").objects.create(name="Publisher")
    user = shop.let_in(shop.make_user("publisher"))
    publisher.users.add(user)
    client.force_login(user)
    create_product(client, shop, publisher, title="Book", description=EVIL)
    assert Product.objects.get(title="Book").description == "<p>ok</p>"


def test_fault_108_doctor_names_what_nobody_sells_and_what_nobody_sanitised(shop, service):
    lost = Product.objects.create(title="Lost", product_class=service.product_class)
    Product.objects.filter(pk=service.pk).update(description=EVIL)
    found = {each.code: each for each in doctor.examine()}
    assert str(lost) in found["product-without-price"].subject
    assert str(service) in found["html-not-sanitised"].subject
    assert Product.objects.get(pk=service.pk).description == EVIL  # looking changes nothing
    found["html-not-sanitised"].fix()
    assert Product.objects.get(pk=service.pk).description == "<p>ok</p>"
    Product.objects.filter(pk=lost.pk).update(is_public=False)
    left = {each.code for each in doctor.examine()}
    assert not left & {"product-without-price", "html-not-sanitised"}


def test_no_save_of_a_product_or_a_price_costs_a_statement_more(service):
    for row in (service, service.stockrecords.get()):
        with CaptureQueriesContext(connection) as asked:
            row.save(update_fields=["date_updated"])
        assert not [each for each in asked if "oscar_subscriptions" in each["sql"]]
    with CaptureQueriesContext(connection) as asked:
        service.save(update_fields=["date_updated"])
    assert len(asked) == 1


def test_code_of_the_shop_sanitises_what_it_writes(service):
    service.product_class.attributes.create(name="Programme", code="programme", type="richtext")
    service = Product.objects.get(pk=service.pk)
    service.description, service.attr.programme = EVIL, EVIL
    assert html.sanitise_product(service)
    assert service.description == service.attr.programme == "<p>ok</p>"
    assert not html.sanitise_product(service)


def test_fault_108_no_file_is_stored_but_a_picture_written_anew_or_a_pdf(service, browser):
    for code, kind in (("plan", "image"), ("flyer", "file")):
        service.product_class.attributes.create(name=code, code=code, type=kind)
    script = SimpleUploadedFile("x.html", b"<script>alert(1)</script>", "text/html")
    for field in ("images-0-original", "attr_plan", "attr_flyer"):
        script.seek(0)
        page = write(browser, service, **{field: script})
        assert "This is not a picture that we can read" in pages.text(page), field
    fake = SimpleUploadedFile("x.pdf", b"<script>alert(1)</script>", "application/pdf")
    assert "not a picture" in pages.text(write(browser, service, attr_flyer=fake))
    pdf = SimpleUploadedFile("x.pdf", b"%PDF-1.4", "application/pdf")
    sent = {"images-0-original": picture(), "attr_flyer": pdf}
    assert write(browser, service, **sent).status_code == 302
    service = Product.objects.get(pk=service.pk)
    assert service.images.get().original.name.endswith(".jpg")
    assert service.attr.flyer.name.endswith(".pdf")


# 109


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("price", "-5", "greater than or equal to 0.01"),
        ("price", "0", "greater than or equal to 0.01"),
        ("price", "", "This field is required"),
        ("price", "1000000", "less than or equal to"),
        ("price", "9" * 5000, "Ensure"),
        ("price_currency", "XXX", "The shop sells in EUR"),
        ("price_currency", "USD", "The shop sells in EUR"),
    ],
)
def test_fault_109_a_price_that_the_member_space_refuses_is_refused(
    shop, seller, service, browser, field, value, reason
):
    change = {f"stockrecords-0-{field}": value}
    assert reason in pages.text(write(browser, service, **change))
    page = create_product(browser, shop, seller.partner, **change, title="New")
    assert reason in pages.text(page)
    assert not Product.objects.filter(title="New").exists()
    record = service.stockrecords.get()
    assert (str(record.price), record.price_currency) == ("50.00", "EUR")


def test_fault_109_without_the_guard_oscar_takes_minus_five_control(service, desk, monkeypatch):
    monkeypatch.setattr(partner_users, "guard_price", lambda form: None)
    write(desk, service, **{"stockrecords-0-price": "-5", "stockrecords-0-price_currency": "XXX"})
    record = service.stockrecords.get()
    assert (str(record.price), record.price_currency) == ("-5.00", "XXX")


def bulk(browser, action, products, **data):
    """Walk Oscar's two steps of a bulk action; return the last page."""
    chosen = {"action": action, "selected_product": [product.pk for product in products]}
    start = reverse("dashboard:catalogue-product-list")
    url = browser.post(start, chosen, follow=True).redirect_chain[-1][0]
    partners = [record.partner_id for each in products for record in each.stockrecords.all()]
    confirmed = {"selected_products": chosen["selected_product"], "confirm": "on"}
    return browser.post(url, confirmed | {"partners": partners} | data, follow=True)


def price_of(service):
    return str(service.stockrecords.get().price)


@pytest.mark.parametrize(
    "change",
    [
        {"new_price": "0"},
        {"new_price": "1000000"},
        {"increase_by_amount": "-49.995"},
        {"increase_by_amount": "-60"},
        {"increase_by_percentage": "-100"},
        {"increase_by_percentage": "99999999"},
        {"price_{pk}": "0"},
    ],
)
def test_fault_109_nor_does_the_bulk_action_set_one(service, browser, change):
    sent = {name.format(pk=service.pk): value for name, value in change.items()}
    page = pages.text(bulk(browser, "set_product_price", [service], **sent))
    assert "Nothing was changed" in page or "Ensure" in page
    assert "Price updated" not in page
    assert price_of(service) == "50.00"


def test_fault_109_an_ordinary_price_is_set_in_bulk_as_before(service, browser):
    bulk(browser, "set_product_price", [service], increase_by_percentage="10")
    assert price_of(service) == "55.00"
    bulk(browser, "set_product_price", [service], new_price="12.50")
    assert price_of(service) == "12.50"


# 110


@pytest.fixture
def one_slot(service):
    """The plan allows one service, and it is used."""
    Term.objects.update(listing_limit=1)


LIMIT = "as many services in the shop as your subscription allows"


@pytest.mark.usefixtures("one_slot")
def test_fault_110_a_product_above_the_limit_is_refused_when_it_is_saved(shop, seller, browser):
    page = create_product(browser, shop, seller.partner, title="Second")
    assert LIMIT in pages.text(page)
    assert not Product.objects.filter(title="Second").exists()
    create_product(browser, shop, seller.partner, title="Second", is_public="")
    hidden = Product.objects.get(title="Second")
    assert not hidden.is_public
    assert LIMIT in pages.text(write(browser, hidden, is_public="on"))
    assert listings.count_public(seller) == 1


@pytest.mark.usefixtures("one_slot")
def test_fault_110_the_one_that_is_public_is_still_written(service, browser):
    assert write(browser, service, title="Coaching 2").status_code == 302
    assert Product.objects.get(pk=service.pk).title == "Coaching 2"


@pytest.mark.usefixtures("one_slot")
def test_fault_110_nor_is_one_published_in_bulk(shop, seller, browser):
    others = [shop.make_service(seller, title, is_public=False) for title in ("A", "B")]
    page = bulk(browser, "make_products_public", others)
    assert LIMIT in pages.text(page) and "successfully" not in pages.text(page)
    assert listings.count_public(seller) == 1
    Term.objects.update(listing_limit=3)
    bulk(browser, "make_products_public", others)
    assert listings.count_public(seller) == 3


def test_fault_110_a_seller_whose_term_is_over_shows_nothing(shop, seller, service, browser):
    Term.objects.update(revoked_at="2017-01-01T00:00Z")
    parking.park(seller)
    assert LIMIT in pages.text(write(browser, service, is_public="on"))
    bulk(browser, "make_products_public", [service])
    create_product(browser, shop, seller.partner, title="Second")
    assert listings.count_public(seller) == 0


def test_fault_110_a_parked_service_that_is_shown_is_no_longer_parked(seller, service, browser):
    Term.objects.update(listing_limit=0)
    parking.park(seller)
    Term.objects.update(listing_limit=1)
    write(browser, service, is_public="on")
    assert not seller.parked_listings.exists()
    write(browser, service, is_public="")
    assert parking.restore(seller) == []


@pytest.mark.usefixtures("one_slot")
def test_fault_110_without_the_guard_oscar_knows_no_limit_control(shop, seller, desk, monkeypatch):
    monkeypatch.setattr(partner_users, "problem_with_publishing", lambda sellers, products: "")
    create_product(desk, shop, seller.partner, title="Second")
    assert listings.count_public(seller) == 2


def test_fault_110_staff_are_not_counted_against_anybody(shop, seller, service, staff_desk):
    Term.objects.update(listing_limit=0)
    assert write(staff_desk, service, title="By staff").status_code == 302
