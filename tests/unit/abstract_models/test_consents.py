"""Terms of sale are never edited, and a consent keeps what was promised with it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

Consent = get_model("oscar_subscriptions", "Consent")
TermsOfSale = get_model("oscar_subscriptions", "TermsOfSale")


def test_a_new_wording_is_a_new_row_and_a_version_is_published_once(shop):
    TermsOfSale.objects.create(language="en", version="2026-2", text="New")
    with pytest.raises(IntegrityError), transaction.atomic():
        TermsOfSale.objects.create(language="en", version="2026-1", text="Changed")
    shop.terms_of_sale.refresh_from_db()
    assert shop.terms_of_sale.text == "No refund during use."


def test_terms_of_sale_are_listed_with_the_newest_first(shop):
    older = shop.terms_of_sale.published_at - timedelta(days=400)
    TermsOfSale.objects.create(language="en", version="2024-1", text="Old", published_at=older)
    new = TermsOfSale.objects.create(language="en", version="2026-2", text="New")
    versions = [terms.version for terms in TermsOfSale.objects.filter(language="en")]
    assert versions == ["2026-2", "2026-1", "2024-1"]
    assert str(new) == "2026-2 (en)"


def test_an_order_is_consented_to_once(shop):
    order = shop.make_order(shop.make_user())
    shop.keep_consent(order)
    with pytest.raises(IntegrityError), transaction.atomic():
        shop.keep_consent(order)


def test_a_consent_keeps_its_conditions_when_the_plan_is_edited(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    order = shop.make_order(shop.make_user())
    shop.keep_consent(order)
    shop.plan.months, shop.plan.grace_days, shop.plan.listing_limit = 1, 5, 2
    shop.plan.save()
    consent = Consent.objects.get()
    assert (consent.months, consent.grace_days, consent.listing_limit) == (12, 0, None)
    assert (consent.starts_on, consent.ends_on) == (date(2017, 2, 3), date(2018, 2, 3))
    assert str(consent) == f"{order} – 2026-1 (en)"
