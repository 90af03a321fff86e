"""What templates ask of the extension."""

from datetime import date
from decimal import Decimal as D
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, terms
from oscar_subscriptions.templatetags import subscriptions_tags as tags

NOBODY = AnonymousUser()


def render(text, **context):
    return Template("{% load subscriptions_tags %}" + text).render(Context(context))


def test_plan_of_a_product_is_asked_once_in_a_request(shop, django_assert_num_queries):
    product = get_model("catalogue", "Product").objects.get(pk=shop.plan.product.pk)
    service = shop.make_service(shop.make_seller())
    without_record = get_model("catalogue", "Product")(pk=999_999)
    page = {"request": SimpleNamespace()}
    # What is offered, and the plan.
    with django_assert_num_queries(2):
        assert tags.plan_for_product(page, product) == shop.plan
        assert tags.plan_for_product(page, product).title == "Silver"
    page = {"request": SimpleNamespace()}
    with django_assert_num_queries(1):
        for _ in range(2):
            assert tags.plan_for_product(page, service) is None
            assert tags.seller_of(page, service).partner.display_name == "Consultant 1"
    with django_assert_num_queries(1):
        assert tags.plan_for_product(page, without_record) is None
        assert tags.plan_for_product(page, without_record) is None
    assert tags.plan_for_product(page, None) is None


def test_seller_of_a_product_is_a_row_like_any_other(shop):
    seller = shop.make_seller()
    found = tags.seller_of({}, shop.make_service(seller))
    assert found == seller and found.created_at == seller.created_at
    assert found.partner == seller.partner and found.partner.code == seller.partner.code


def test_phishing_contact_is_a_bare_address(settings):
    settings.OSCAR_SUBSCRIPTIONS_PHISHING_CONTACT = "The shop <help@shop.example>"
    assert tags.phishing_contact() == "help@shop.example"


def test_template_learns_the_days_and_whether_they_continue(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    user = shop.make_user()
    text = (
        "{% plan_span plan user as span %}{{ span.starts_on|date:'Y-m-d' }}"
        "{% if span|continues %} continues{% endif %}"
    )
    for visitor in (NOBODY, user):
        assert render(text, plan=shop.plan, user=visitor) == "2017-02-03"
    shop.grant(user)
    assert render(text, plan=shop.plan, user=user) == "2018-02-04 continues"


def test_price_that_was_paid_before_is_told_only_if_it_was_another(shop):
    user = shop.make_user()
    term = fulfilment.order_paid(shop.make_order(user)).term
    assert tags.paid_before({}, shop.plan, user, D("300.00"), "EUR") == term
    assert tags.paid_before({}, shop.plan, user, D("240.00"), "EUR") is None
    assert tags.paid_before({}, shop.plan, NOBODY, D("300.00"), "EUR") is None


def test_reason_against_a_purchase_is_in_words(shop):
    assert tags.plan_problem({}, shop.plan, NOBODY) == ""
    shop.plan.is_on_sale = False
    shop.plan.save()
    assert "no longer on sale" in tags.plan_problem({}, shop.plan, NOBODY)


def test_seller_today_is_one_in_the_template(shop):
    text = "{% is_seller user as selling %}{{ selling }}"
    assert render(text, user=shop.make_seller().user) == "True"
    lapsed = shop.make_seller("lapsed", starts_on=terms.months_after(conf.today(), -13))
    assert render(text, user=lapsed.user) == render(text, user=NOBODY) == "False"


def test_product_of_a_seller_names_the_seller_and_one_of_the_shop_nobody(shop):
    seller = shop.make_seller()
    assert tags.seller_of({}, shop.make_service(seller)) == seller
    assert tags.seller_of({}, shop.plan.product) is None


def test_shop_that_offers_no_automatic_renewal_says_so(settings):
    assert not tags.auto_renewal_is_offered()
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    assert tags.auto_renewal_is_offered()


@pytest.mark.parametrize(
    ("configured", "address"),
    [
        (None, ""),
        ("/the-rules/", "/the-rules/"),
        ("https://shop.example/rules", "https://shop.example/rules"),
        ("subscriptions:guide", "/members/guide/"),
    ],
)
def test_terms_of_use_are_an_address_or_the_name_of_a_page(settings, configured, address):
    settings.OSCAR_SUBSCRIPTIONS_TERMS_OF_USE_URL = configured
    assert tags.terms_of_use_url() == address
    assert reverse("subscriptions:guide") == "/members/guide/"


def test_term_that_was_given_for_the_first_time_continues_nothing(shop):
    user = shop.make_user()
    first = shop.grant(user, starts_on=date(2017, 2, 3))
    assert not tags.continues(first)
