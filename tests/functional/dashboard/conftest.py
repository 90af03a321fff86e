"""The operator at the dashboard, and what the form of a plan sends when all is in order."""

from typing import Any

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment
from tests import factories


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    """Each test has a media folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def operator(shop: factories.Shop) -> Any:
    """A member of staff who may do everything that memberships ask for."""
    return shop.make_operator(first_name="Olga", last_name="Petit")


@pytest.fixture
def desk(client: Any, operator: Any) -> Any:
    """The operator's browser, signed in."""
    client.force_login(operator)
    return client


@pytest.fixture
def plan_data(shop: factories.Shop) -> dict[str, Any]:
    """A plan "Gold" for €480 incl. VAT."""
    return {
        "title": "Gold",
        "description": "As many services as you like.",
        "category": "",
        "price": "400.00",
        "vendor": shop.vendor.pk,
        "new_vendor": "",
        "months": "12",
        "listing_limit": "",
        "grace_days": "0",
        "is_on_sale": "on",
    }


@pytest.fixture
def refunded_order(shop: factories.Shop) -> Any:
    """An order of Ada Martin over €240, paid, of which €60 were given back."""
    order = shop.make_order(shop.make_user("ada", first_name="Ada", last_name="Martin"))
    shop.keep_consent(order)
    attempt = get_model("oscar_subscriptions_payments", "Attempt").objects.create(
        order=order, amount=24000, received=24000, currency="EUR", status="paid",
        session_id="cs_test_1", payment_intent_id="pi_1", charge_id="ch_1",
    )  # fmt: skip
    fulfilment.order_paid(order)
    attempt.reversals.create(
        provider_id="re_1", kind="refund", status="succeeded", amount=6000, currency="EUR",
        reason="requested_by_customer",
    )  # fmt: skip
    return order


@pytest.fixture
def alert(refunded_order: Any) -> Any:
    """The open alert of the order that was refunded in part."""
    term = fulfilment.term_of(refunded_order)
    alerts.raise_alert(
        alerts.REVERSAL,
        "refund",
        order=refunded_order,
        subscription=term.subscription,
        reason="6000 / 24000 <b>pi_1</b>",
    )
    return get_model("oscar_subscriptions", "Alert").objects.get()
