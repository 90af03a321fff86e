"""The vendor that an operator names on the form of a plan."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.plans import new_vendor

PartnerAddress = get_model("partner", "PartnerAddress")


def test_vendor_is_made_with_its_address(shop):
    data = {"line1": "1 rue de la Paix", "postcode": "75002", "line4": "Paris"}
    partner = new_vendor.create(data | {"new_vendor": "Intras Edition", "country": shop.country})
    partner.refresh_from_db()
    assert partner.name == "Intras Edition"
    address = partner.addresses.get()
    assert (address.line1, address.postcode, address.line4) == tuple(data.values())
    assert address.country == shop.country
    assert not partner.users.exists()


@pytest.mark.parametrize("blank", [{}, {"line1": "", "postcode": "", "line4": None}])
def test_country_alone_is_no_address(shop, blank):
    data = blank | {"new_vendor": "Intras Edition", "country": shop.country}
    assert new_vendor.address(data) is None
    assert not new_vendor.create(data).addresses.exists()


def test_address_to_be_checked_is_not_written(shop):
    address = new_vendor.address({"line4": "Paris", "country": None})
    assert (address.pk, address.line1, address.line4) == (None, "", "Paris")
    assert not PartnerAddress.objects.exists()
