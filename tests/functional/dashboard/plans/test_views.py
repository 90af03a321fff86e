"""The one form of a plan: what it writes, what it refuses and why; off sale and back."""

from decimal import Decimal as D

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from oscar.core.loading import get_class, get_model

from oscar_subscriptions import conf
from oscar_subscriptions.plans import eligibility
from tests.functional.pages import form_values, text
from tests.uploads import picture

Partner = get_model("partner", "Partner")
Plan = get_model("oscar_subscriptions", "Plan")
StockRecord = get_model("partner", "StockRecord")

LIST = reverse("subscriptions-dashboard:plan-list")
NEW = reverse("subscriptions-dashboard:plan-create")
MEMBERS_LIST = reverse("subscriptions:plan-list")


def edit_url(plan, page="update"):
    return reverse(f"subscriptions-dashboard:plan-{page}", kwargs={"pk": plan.pk})


def edit(desk, plan, **changes):
    """Change some fields on the page of ``plan`` and send all of it."""
    values = form_values(desk.get(edit_url(plan)), "plan_form")
    values.pop("image", None)
    sent = {name: value for name, value in (values | changes).items() if value is not None}
    return desk.post(edit_url(plan), sent, follow=True)


def test_create_says_what_members_will_pay(desk, plan_data, client):
    page = desk.post(NEW, plan_data, follow=True)
    assert "“Gold” is saved. Members pay €480.00 incl. tax." in text(page)
    plan = Plan.objects.get(product__title="Gold")
    assert plan.product.description == "<p>As many services as you like.</p>"
    assert plan.product.stockrecords.get().price == D("400.00")
    assert eligibility.problem_with_plan(plan, None) == ""


def test_edit_shows_what_is_and_writes_all_of_it(desk, shop):
    other = Partner.objects.create(name="Intras Edition")
    page = edit(
        desk, shop.plan, title="Argent", price="210.00", vendor=other.pk, months="6",
        listing_limit="5", grace_days="10", category=shop.category.pk,
        description="One\n\nTwo",
    )  # fmt: skip
    assert "Members pay €252.00 incl. tax." in text(page)
    shop.plan.refresh_from_db()
    assert (shop.plan.months, shop.plan.listing_limit, shop.plan.grace_days) == (6, 5, 10)
    product = shop.plan.product
    product.refresh_from_db()
    assert (product.title, product.description) == ("Argent", "<p>One</p>\n\n<p>Two</p>")
    assert product.stockrecords.get().partner == other
    assert list(product.categories.all()) == [shop.category]
    # Sent again as the page shows it, nothing changes.
    edit(desk, shop.plan)
    product.refresh_from_db()
    assert product.description == "<p>One</p>\n\n<p>Two</p>"
    edit(desk, shop.plan, category="", listing_limit="")
    assert not product.categories.exists()
    shop.plan.refresh_from_db()
    assert shop.plan.listing_limit is None


def test_an_edit_changes_nothing_that_was_sold(desk, shop):
    term = shop.grant(shop.make_user())
    order = shop.make_order(shop.make_user("waiting"))
    consent = shop.keep_consent(order)
    before = type(term).objects.values().get(pk=term.pk)
    assert "keep what they were shown" in text(desk.get(edit_url(shop.plan)))
    edit(desk, shop.plan, title="Dear", price="900.00", months="1", listing_limit="1")
    assert type(term).objects.values().get(pk=term.pk) == before
    consent.refresh_from_db()
    assert consent.months == 12
    order.refresh_from_db()
    assert order.total_incl_tax == D("240.00")


def test_on_sale_brings_a_hidden_product_back(desk, shop):
    hidden = shop.make_plan("Hidden", is_public=False)
    assert "hidden in the catalogue" in text(desk.get(LIST))
    assert "is_on_sale" not in form_values(desk.get(edit_url(hidden)), "plan_form")
    edit(desk, hidden, is_on_sale="on")
    assert Plan.objects.on_sale().filter(pk=hidden.pk).exists()


def test_pictures_are_written_anew_and_can_be_removed(desk, plan_data):
    desk.post(NEW, plan_data | {"image": picture()})
    plan = Plan.objects.get(product__title="Gold")
    image = plan.product.images.get()
    assert "picture" not in image.original.name
    assert "Current picture" in text(desk.get(edit_url(plan)))
    edit(desk, plan, image=picture("JPEG"))
    assert plan.product.images.get().pk != image.pk
    edit(desk, plan, remove_image="on")
    assert not plan.product.images.exists()


def test_html_of_operators_is_made_safe(desk, plan_data, client):
    evil = '<p lang="fr">Bon</p><script>alert(1)</script><img src=x onerror=alert(2)>'
    desk.post(NEW, plan_data | {"title": "<script>alert(3)</script>", "description": evil})
    plan = Plan.objects.latest("pk")
    assert plan.product.description == '<p lang="fr">Bon</p>'
    for url in (LIST, edit_url(plan), edit_url(plan, "retire"), MEMBERS_LIST):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page, url
        assert "onerror" not in page, url


REFUSED = [
    ({"price": "0"}, "price", "can’t be given away"),
    ({"price": "-5"}, "price", "can’t be given away"),
    ({"price": "1.005"}, "price", "no more than 2 decimal places"),
    ({"price": "1000000"}, "price", "less than or equal to 999999.99"),
    ({"price": "NaN"}, "price", "Enter a number"),
    ({"price": ""}, "price", "required"),
    ({"months": "0"}, "months", "greater than or equal to 1"),
    ({"months": "121"}, "months", "less than or equal to 120"),
    ({"months": "1", "grace_days": "28"}, "grace_days", "shorter than the term"),
    ({"grace_days": "-1"}, "grace_days", "greater than or equal to 0"),
    ({"grace_days": "99999999999"}, "grace_days", "shorter than the term"),
    ({"listing_limit": "0"}, "listing_limit", "greater than or equal to 1"),
    ({"title": "  "}, "title", "required"),
    ({"title": "\u202e"}, "title", "can’t be shown"),
    ({"title": "silver"}, "title", "Another plan on sale has this title"),
    ({"vendor": ""}, "new_vendor", "name the vendor"),
    ({"new_vendor": "Other"}, "new_vendor", "not both"),
    ({"vendor": "", "new_vendor": "INTRAS consultants"}, "new_vendor", "already"),
    ({"vendor": "9999"}, "vendor", "could change its price"),
]


@pytest.mark.parametrize(("changes", "field", "reason"), REFUSED)
def test_what_is_unsafe_or_contradictory_is_refused_with_a_reason(
    desk, plan_data, changes, field, reason
):
    page = desk.post(NEW, plan_data | changes)
    assert page.status_code == 200
    assert reason in " ".join(page.context["form"].errors.get(field, []))
    assert reason in text(page) and "Nothing was saved" in text(page)
    assert Plan.objects.count() == 1 and Partner.objects.count() == 1


def test_a_price_of_zero_needs_the_shops_opt_in(desk, plan_data, settings):
    settings.OSCAR_SUBSCRIPTIONS_ALLOW_FREE = True
    desk.post(NEW, plan_data | {"price": "0"})
    assert Plan.objects.filter(product__title="Gold").exists()


def test_a_price_that_no_card_can_be_charged_is_refused(desk, plan_data, monkeypatch):
    strategy = type(get_class("partner.strategy", "Selector")().strategy())
    monkeypatch.setattr(strategy, "exponent", D("0.0001"))
    page = desk.post(NEW, plan_data | {"price": "99.99"})
    assert "members would pay 119.988" in text(page)
    assert "New plan" in text(page)
    assert not Plan.objects.filter(product__title="Gold").exists()


def test_vendors_with_users_are_not_offered(desk, shop, plan_data):
    seller = shop.make_seller()
    stranger = Partner.objects.create(name="Stranger")
    stranger.users.add(shop.make_user("stranger"))
    staffed = Partner.objects.create(name="Staffed")
    staffed.users.add(shop.make_user("colleague", is_staff=True))
    page = desk.get(NEW)
    assert set(page.context["form"].fields["vendor"].queryset) == {shop.vendor, staffed}
    for partner in (seller.partner, stranger):
        page = desk.post(NEW, plan_data | {"vendor": partner.pk})
        assert "could change its price" in text(page)
    assert Plan.objects.count() == 1


def test_a_product_that_a_seller_attached_himself_to_is_refused(desk, shop):
    seller = shop.make_seller()
    record = StockRecord.objects.create(
        product=shop.plan.product, partner=seller.partner, partner_sku="x", price=D("1")
    )
    assert "a seller offers it too" in text(desk.get(LIST))
    page = edit(desk, shop.plan, title="Other")
    assert "Remove that stock record" in text(page)
    record.partner = Partner.objects.create(name="Second vendor")
    record.save()
    assert "several stock records" in text(edit(desk, shop.plan, title="Other"))
    record.delete()
    assert "is saved" in text(edit(desk, shop.plan, title="Other"))


def test_a_plan_without_a_stock_record_gets_one(desk, shop):
    shop.plan.product.stockrecords.all().delete()
    assert "has no price" in text(desk.get(LIST))
    edit(desk, shop.plan, price="200.00", vendor=shop.vendor.pk)
    assert eligibility.problem_with_plan(Plan.objects.get(), None) == ""


def test_a_file_that_is_no_picture_is_refused(desk, plan_data):
    page = desk.post(NEW, plan_data | {"image": SimpleUploadedFile("a.png", b"GIF89a<script>")})
    assert "not a picture that we can read" in text(page)


def test_retire_asks_first_and_hides_the_plan(desk, shop):
    term = shop.grant(shop.make_user())
    page = desk.get(edit_url(shop.plan, "retire"))
    assert "Take “Silver” off sale?" in text(page)
    assert Plan.objects.get().is_on_sale
    page = desk.post(edit_url(shop.plan, "retire"), follow=True)
    assert "“Silver” is no longer on sale." in text(page)
    assert "Silver" not in text(desk.get(MEMBERS_LIST))
    assert eligibility.problem_with_plan(Plan.objects.get(), None)
    term.refresh_from_db()
    assert term.covers(conf.today())
    page = desk.post(edit_url(shop.plan, "offer"), follow=True)
    assert "“Silver” is on sale." in text(page)
    assert "Silver" in text(desk.get(MEMBERS_LIST))


def test_members_may_be_allowed_to_renew_what_is_off_sale(desk, shop):
    assert "members may renew" not in text(desk.get(LIST))
    edit(desk, shop.plan, is_renewable="on")
    assert form_values(desk.get(edit_url(shop.plan)), "plan_form")["is_renewable"] == "on"
    assert "on sale members may renew" in text(desk.get(LIST))
    assert "except members who renew it" in text(desk.get(edit_url(shop.plan, "retire")))
    desk.post(edit_url(shop.plan, "retire"))
    assert "off sale members may renew" in text(desk.get(LIST))
    user = shop.make_user()
    assert eligibility.problem_with_plan(Plan.objects.get(), user)
    shop.grant(user)
    assert eligibility.problem_with_plan(Plan.objects.get(), user) == ""
    edit(desk, shop.plan, is_renewable=None)
    assert eligibility.problem_with_plan(Plan.objects.get(), user)


def test_two_plans_on_sale_never_share_a_title(desk, shop, plan_data):
    old = shop.make_plan("Silver", is_on_sale=False)
    page = desk.post(edit_url(old, "offer"), follow=True)
    assert "Another plan on sale has this title" in text(page)
    old.refresh_from_db()
    assert not old.is_on_sale
    # Off sale, it may.
    plan_data.pop("is_on_sale")
    desk.post(NEW, plan_data | {"title": "Silver"})
    assert Plan.objects.filter(product__title="Silver").count() == 3
