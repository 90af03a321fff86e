"""What partner users may write in Oscar's catalogue dashboard, without its pages."""

from decimal import Decimal as D
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from oscar_subscriptions.dashboard.catalogue import partner_users
from tests.uploads import picture


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        ({"new_price": D(3)}, D(3)),
        ({"price_7": D(4), "new_price": D(3)}, D(4)),
        ({"increase_by_amount": D("-0.5")}, D("1.5")),
        ({"increase_by_percentage": D(10)}, D("2.2")),
        ({}, D(2)),
    ],
)
def test_new_price_is_that_of_oscars_bulk_action(changes, price):
    record = SimpleNamespace(product_id=7, price=D(2))
    assert partner_users._new_price(record, changes) == price


def test_record_without_a_price_has_none_after_an_increase():
    record = SimpleNamespace(product_id=7, price=None)
    assert partner_users._new_price(record, {"increase_by_amount": D(1)}) is None


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"<html>"), ("a.html", b"%PDF-1.4"), ("a.svg", b"<svg>")]
)
def test_what_is_neither_a_picture_nor_a_pdf_is_refused(name, content):
    files = MultiValueDict({"file": [SimpleUploadedFile(name, content)]})
    with pytest.raises(ValidationError, match="not a picture"):
        partner_users.rewrite_uploads(files)


def test_picture_is_written_anew_and_a_pdf_stays():
    pdf = SimpleUploadedFile("a.PDF", b"%PDF-1.4")
    files = MultiValueDict({"picture": [picture("GIF")], "file": [pdf]})
    partner_users.rewrite_uploads(files)
    assert files["picture"].name.endswith(".jpg")
    assert files["file"] is pdf and pdf.read() == b"%PDF-1.4"


def test_only_the_currency_of_the_shop_is_taken():
    partner_users.check_currency("EUR")
    with pytest.raises(ValidationError, match="EUR"):
        partner_users.check_currency("XXX")


def test_only_sellers_of_the_chosen_partners_are_concerned(shop):
    one, other = shop.make_seller("one"), shop.make_seller("other")
    assert partner_users.sellers_among([one, other], [other.partner, shop.vendor]) == [other]


def test_sellers_are_those_whose_partner_the_user_belongs_to(shop):
    seller = shop.make_seller()
    shop.make_seller("other")
    assert partner_users.lock_sellers(seller.user) == [seller]
    assert partner_users.lock_sellers(shop.make_user("stranger")) == []


def test_limit_counts_what_would_be_public(shop):
    seller = shop.make_seller()
    shown, hidden = shop.make_service(seller), shop.make_service(seller, "B", is_public=False)
    assert partner_users.problem_with_publishing([seller], [shown, hidden]) == ""
    seller.user.oscar_subscriptions.get().terms.update(listing_limit=1)
    assert partner_users.problem_with_publishing([seller], [shown]) == ""
    assert "as many services" in partner_users.problem_with_publishing([seller], [hidden])
    assert partner_users.problem_with_publishing([], [hidden]) == ""
