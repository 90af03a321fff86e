"""Oscar's page that deletes a partner, with our mixin in front."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from tests.functional import pages

Partner = get_model("partner", "Partner")

LIST = reverse("dashboard:partner-list")


@pytest.fixture
def boss(shop, client):
    """The browser of a member of staff who may do everything."""
    client.force_login(shop.make_user("boss", is_staff=True, is_superuser=True))
    return client


def address(partner):
    return reverse("dashboard:partner-delete", kwargs={"pk": partner.pk})


@pytest.mark.parametrize("method", ["get", "post"])
def test_vendor_of_a_plan_is_kept_and_the_list_says_why(shop, boss, method):
    page = getattr(boss, method)(address(shop.vendor), follow=True)
    assert page.redirect_chain[-1][0] == LIST
    assert "“Intras Consultants” sells subscriptions" in pages.text(page)
    assert Partner.objects.filter(pk=shop.vendor.pk).exists()


def test_other_partners_are_deleted_on_oscars_own_page(shop, boss):
    other = Partner.objects.create(name="Other")
    assert "Other" in pages.text(boss.get(address(other)))
    boss.post(address(other))
    assert not Partner.objects.filter(pk=other.pk).exists()
