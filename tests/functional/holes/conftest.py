"""Sellers in Oscar's own partner dashboard, into which staff let them by hand."""

from typing import Any

import pytest

from oscar_subscriptions.checkout.mixins import PlanRulesMixin
from tests import factories


@pytest.fixture
def seller(shop: factories.Shop) -> Any:
    """A seller today, with Oscar's permission for partner users: the attacks below need it."""
    seller = shop.make_seller()
    shop.let_in(seller.user)
    return seller


@pytest.fixture
def desk(client: Any, seller: Any) -> Any:
    """The seller's browser, signed in."""
    client.force_login(seller.user)
    return client


@pytest.fixture
def staff_desk(shop: factories.Shop) -> Any:
    """The browser of a member of staff who may do everything, signed in."""
    from django.test import Client

    browser = Client()
    browser.force_login(shop.make_user("boss", is_staff=True, is_superuser=True))
    return browser


@pytest.fixture
def oscars_checkout(monkeypatch: Any) -> None:
    """Oscar's own checkout, in which a plan is a product like any other."""
    monkeypatch.setattr(PlanRulesMixin, "plan", None)
    monkeypatch.setattr(
        PlanRulesMixin,
        "get_pre_conditions",
        lambda self, request: super(PlanRulesMixin, self).get_pre_conditions(request),
    )
