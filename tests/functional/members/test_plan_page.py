"""Steps 3 to 5: the product page of a plan; and of ordinary products, which stay Oscar's."""

from datetime import timedelta

from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from oscar.core.loading import get_model

from oscar_subscriptions import conf, terms


def day(value):
    return date_format(value, "DATE_FORMAT")


def html(client, product):
    return client.get(product.get_absolute_url()).content.decode()


def test_plan_page_keeps_its_promises(client, shop, settings):
    settings.OSCAR_SUBSCRIPTIONS_TERMS_OF_USE_URL = "/the-rules/"
    get_model("partner", "PartnerAddress").objects.create(
        partner=shop.vendor, line1="1 rue de la Paix", line4="Paris", country=shop.country
    )
    page = html(client, shop.plan.product)
    last = terms.months_after(conf.today(), 12)
    assert "Sold by" in page
    assert "1 rue de la Paix" in page
    assert "€240.00" in page
    assert f"From {day(conf.today())} to {day(last)} inclusive" in page
    assert "does not depend on the number of days" in page
    assert 'href="/the-rules/"' in page
    assert 'href="/members/terms-of-sale/"' in page
    assert f'action="/basket/add/{shop.plan.product.pk}/"' in page
    assert '<input type="hidden" name="quantity" value="1">' in page


def test_terms_of_use_may_be_a_url_name_or_absent(client, shop, settings):
    settings.OSCAR_SUBSCRIPTIONS_TERMS_OF_USE_URL = "subscriptions:guide"
    assert 'href="/members/guide/">terms of use' in html(client, shop.plan.product)
    settings.OSCAR_SUBSCRIPTIONS_TERMS_OF_USE_URL = None
    page = html(client, shop.plan.product)
    assert "read the <a" in page
    assert "terms of use</a>" not in page.split("subscriptions-terms-links")[1].split("</p>")[0]


def test_running_member_sees_the_extension(client, shop):
    user = shop.make_user()
    term = shop.grant(user, starts_on=conf.today() - timedelta(days=1))
    client.force_login(user)
    page = html(client, shop.plan.product)
    assert f"Extends your subscription to {day(terms.months_after(term.anchor, 24))}" in page


def test_suspended_member_is_told_why_and_gets_no_button(client, shop):
    user = shop.make_user()
    term = shop.grant(user)
    term.suspended_at = timezone.now()
    term.save(update_fields=["suspended_at"])
    client.force_login(user)
    page = html(client, shop.plan.product)
    assert "is suspended" in page
    assert "add_to_basket_form" not in page


def test_retired_plan_gets_no_button(client, shop):
    shop.plan.is_on_sale = False
    shop.plan.save()
    page = html(client, shop.plan.product)
    assert "is no longer on sale" in page
    assert "add_to_basket_form" not in page


def test_plan_that_a_seller_attached_himself_to_is_still_the_shops(client, shop):
    seller = shop.make_seller()
    get_model("partner", "StockRecord").objects.create(
        product=shop.plan.product,
        partner=seller.partner,
        partner_sku="mine",
        price_currency="EUR",
        price=1,
    )
    page = html(client, shop.plan.product)
    assert "add_to_basket_form" in page and "€240.00" in page
    assert "€1.20" not in page and "Offered by" not in page


def test_service_names_its_seller(client, shop):
    seller = shop.make_seller()
    seller.partner.name = "Sophie <Laurent>"
    seller.partner.save()
    page = html(client, shop.make_service(seller))
    assert ">Sophie &lt;Laurent&gt;</a>" in page
    assert reverse("subscriptions:seller", kwargs={"code": seller.partner.code}) in page
    assert 'name="quantity"' in page


def test_ordinary_product_page_is_oscars(client, shop):
    product = get_model("catalogue", "Product").objects.create(
        title="Book", product_class=shop.product_class
    )
    shop.vendor.stockrecords.create(
        product=product, partner_sku="book", price=10, price_currency="EUR"
    )
    page = html(client, product)
    assert "Offered by" not in page
    assert "Sold by" not in page
    assert "Product Information" in page


def test_anti_phishing_says_what_members_are_told(settings):
    from django.template.loader import render_to_string

    settings.OSCAR_SUBSCRIPTIONS_PHISHING_CONTACT = "help@shop.example"
    request = RequestFactory().get("/")
    text = render_to_string("oscar/subscriptions/partials/anti_phishing.html", request=request)
    assert "We keep no bank data and will NEVER ask for your card’s secret code" in text
    assert 'href="mailto:help@shop.example"' in text
