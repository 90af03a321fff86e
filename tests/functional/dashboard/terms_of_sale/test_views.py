"""Versions of the terms of sale: published once, never edited, and who accepted which."""

from datetime import timedelta

from django.urls import reverse
from oscar.core.loading import get_model

from tests.functional.pages import form_values, text

TermsOfSale = get_model("oscar_subscriptions", "TermsOfSale")

LIST = reverse("subscriptions-dashboard:terms-of-sale-list")
NEW = reverse("subscriptions-dashboard:terms-of-sale-create")


def detail_url(row):
    return reverse("subscriptions-dashboard:terms-of-sale-detail", kwargs={"pk": row.pk})


def publish(desk, **changes):
    data = {"language": "en", "version": "2027-1", "text": "New words.\n\nAnd more."}
    return desk.post(NEW, data | changes, follow=True)


def test_list_says_which_is_in_force_and_how_often_each_was_accepted(desk, shop):
    earlier = shop.terms_of_sale.published_at - timedelta(days=9)
    TermsOfSale.objects.create(language="en", version="2025-1", text="Old", published_at=earlier)
    for name in ("a", "b"):
        shop.keep_consent(shop.make_order(shop.make_user(name)))
    page = text(desk.get(LIST))
    for words in ("in force 2", "in force 0", "replaced 0"):
        assert words in page


def test_a_new_version_is_in_force_for_members_at_once(desk, shop):
    page = publish(desk)
    assert "Version 2027-1 is published." in text(page)
    assert "Add Français" in text(page)
    assert TermsOfSale.objects.current("en").version == "2027-1"
    page = desk.get(reverse("subscriptions:terms-of-sale"))
    assert "<p>New words.</p>" in page.content.decode()


def test_a_published_version_is_never_written_over(desk, shop):
    page = publish(desk, version="2026-1")
    assert "is published in this language already" in text(page)
    assert "New words" in form_values(page, "terms_of_sale_form")["text"]
    assert TermsOfSale.objects.get(language="en").text == "No refund during use."


def test_two_operators_at_once_publish_one_text(desk, shop, monkeypatch):
    from oscar_subscriptions.dashboard.terms_of_sale.views import TermsOfSaleForm

    # The form has looked before the other operator's row is there.
    monkeypatch.setattr(TermsOfSaleForm, "clean", lambda self: self.cleaned_data)
    page = publish(desk, version="2026-1")
    assert "is published in this language already" in text(page)


def test_texts_that_are_missing_or_foreign_are_refused(desk, shop):
    for changes in ({"text": " "}, {"version": ""}, {"language": "xx"}, {"version": "x" * 65}):
        assert publish(desk, **changes).context["form"].errors.keys() == changes.keys()
    assert TermsOfSale.objects.count() == 2


def test_one_version_with_those_who_accepted_it(desk, shop):
    order = shop.make_order(shop.make_user("ada", first_name="Ada", last_name="Martin"))
    shop.keep_consent(order)
    page = text(desk.get(detail_url(shop.terms_of_sale)))
    assert "No refund during use." in page
    assert f"Ada Martin Silver {order.number}" in page
    order.user.delete()
    assert "account deleted" in text(desk.get(detail_url(shop.terms_of_sale)))
    french = TermsOfSale.objects.get(language="fr")
    assert "Nobody has accepted this version yet" in text(desk.get(detail_url(french)))


def test_text_is_shown_as_text(desk, shop):
    publish(desk, version="<b>v</b>", text="<script>alert(1)</script>")
    row = TermsOfSale.objects.get(version="<b>v</b>")
    for url in (LIST, detail_url(row)):
        page = desk.get(url).content.decode()
        assert "<script>alert" not in page and "<b>v" not in page


def test_who_accepted_is_shown_in_pages_of_a_fixed_number_of_queries(
    desk, shop, django_assert_max_num_queries, monkeypatch
):
    from oscar_subscriptions.dashboard.terms_of_sale.views import TermsOfSaleDetailView

    monkeypatch.setattr(TermsOfSaleDetailView, "paginate_by", 3)
    shop.keep_consent(shop.make_order(shop.make_user("first")))
    url = detail_url(shop.terms_of_sale)
    desk.get(url)
    with django_assert_max_num_queries(100) as with_1:
        desk.get(url)
    for number in range(4):
        shop.keep_consent(shop.make_order(shop.make_user(f"member-{number}")))
    with django_assert_max_num_queries(len(with_1)):
        page = desk.get(url)
    assert "Page 1 of 2" in text(page)
    assert "first" in text(desk.get(url, {"page": 2}))
