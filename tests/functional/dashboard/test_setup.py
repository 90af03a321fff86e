"""From an empty database to a plan that members can buy, through the pages alone."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions.plans import eligibility
from tests.functional.pages import form_values, text

Country = get_model("address", "Country")
Partner = get_model("partner", "Partner")
Plan = get_model("oscar_subscriptions", "Plan")
TermsOfSale = get_model("oscar_subscriptions", "TermsOfSale")

PLANS = reverse("subscriptions-dashboard:plan-list")
NEW_PLAN = reverse("subscriptions-dashboard:plan-create")
TERMS = reverse("subscriptions-dashboard:terms-of-sale-list")
NEW_TERMS = reverse("subscriptions-dashboard:terms-of-sale-create")


@pytest.fixture
def desk(without_base_rows, client):
    """The operator's browser in a shop without a single row."""
    operator = get_user_model().objects.create_user("operator", is_staff=True, is_superuser=True)
    client.force_login(operator)
    return client


def test_an_operator_sets_up_a_shop_without_a_developer(desk, client):
    assert "There is no plan yet" in text(desk.get(PLANS))
    page = desk.get(PLANS)
    assert "Nothing can be ordered until they are" in text(page)

    values = form_values(desk.get(NEW_TERMS), "terms_of_sale_form")
    french = {"language": "fr", "version": "2027-1", "text": "Pas de remboursement."}
    page = desk.post(NEW_TERMS, values | french, follow=True)
    assert "Version 2027-1 is missing in these languages" in text(page)
    add = f"{NEW_TERMS}?language=en&version=2027-1"
    assert add in page.content.decode().replace("&amp;", "&")
    values = form_values(desk.get(add), "terms_of_sale_form")
    assert (values["language"], values["version"]) == ("en", "2027-1")
    page = desk.post(NEW_TERMS, values | {"text": "No refund."}, follow=True)
    assert "is missing" not in text(page)
    assert TermsOfSale.objects.count() == 2

    page = desk.get(NEW_PLAN)
    values = form_values(page, "plan_form")
    # Choices that could only be empty are not asked for.
    assert not {"vendor", "category", "country", "line1", "remove_image"} & values.keys()
    filled = {"title": "Silver", "price": "200,00", "new_vendor": "Intras Consultants"}
    page = desk.post(NEW_PLAN, values | filled, headers={"accept-language": "fr"}, follow=True)
    assert page.redirect_chain, text(page)

    plan = Plan.objects.get()
    assert eligibility.problem_with_plan(plan, None) == ""
    assert (plan.months, plan.listing_limit, plan.grace_days) == (12, None, 0)
    product_class = plan.product.get_product_class()
    assert product_class.name == "Subscription"
    assert not product_class.requires_shipping and not product_class.track_stock
    assert not plan.product.stockrecords.get().partner.users.exists()
    client.logout()
    page = client.get(reverse("subscriptions:plan-list"))
    assert "Silver" in text(page) and "€240.00" in text(page)
    assert client.get(plan.product.get_absolute_url()).status_code == 200


def test_the_new_vendor_has_an_address(desk):
    france = Country.objects.create(
        iso_3166_1_a2="FR", printable_name="France", name="France", is_shipping_country=True
    )
    values = form_values(desk.get(NEW_PLAN), "plan_form")
    filled = {"title": "Silver", "price": "200.00", "new_vendor": "Intras Consultants"}
    address = {"line1": "1 rue de la Paix", "postcode": "7", "line4": "Paris", "country": ""}
    page = desk.post(NEW_PLAN, values | filled | address)
    assert page.context["form"].errors.keys() == {"country"}
    page = desk.post(NEW_PLAN, values | filled | address | {"country": france.pk})
    assert page.context["form"].errors.keys() == {"postcode"}
    assert not Partner.objects.exists()
    good = {"country": france.pk, "postcode": "75002"}
    desk.post(NEW_PLAN, values | filled | address | good)
    assert Partner.objects.get().primary_address.line4 == "Paris"


def test_half_a_setup_leaves_nothing_behind(desk):
    values = form_values(desk.get(NEW_PLAN), "plan_form")
    # 99.99 plus a fifth is 119.988 in a shop that does not round taxes to cents.
    filled = {"title": "Silver", "price": "0.00", "new_vendor": "Intras Consultants"}
    desk.post(NEW_PLAN, values | filled)
    assert not Plan.objects.exists() and not Partner.objects.exists()
