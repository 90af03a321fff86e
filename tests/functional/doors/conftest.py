"""A seller for whom every page of ours has something to show, and an operator."""

import uuid
from typing import Any

import pytest
from django.test import Client
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment, sellers
from oscar_subscriptions.dashboard.actions.registry import ACTIONS
from oscar_subscriptions.fulfilment import grants
from oscar_subscriptions.plans import order_links
from oscar_subscriptions.reminders import opt_out
from tests import factories

Attempt = get_model("oscar_subscriptions_payments", "Attempt")


@pytest.fixture
def seller(shop: factories.Shop, standin: Any, settings: Any, tmp_path: Any) -> Any:
    """A member who has bought, and buys again: with a paid order, and one that waits."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    user = shop.make_user("seller", first_name="Ada", last_name="Martin")
    order = shop.make_order(user)
    shop.keep_consent(order)
    fulfilment.order_paid(order)
    shop.place_order(user)
    return sellers.get_seller(user)


@pytest.fixture
def rows(shop: factories.Shop, seller: Any) -> dict[str, object]:
    """What each address with a placeholder is about."""
    service = shop.make_service(seller)
    shop.make_service(seller, "Audit", is_public=False)
    term = seller.user.oscar_subscriptions.get().terms.get()
    subscription = term.subscription
    sold = shop.order_products(shop.make_user("customer"), [service])
    alerts.raise_alert(alerts.REVERSAL, "refund", subscription=subscription, reason="refund")
    alert = get_model("oscar_subscriptions", "Alert").objects.get()
    of_service = {"pk": seller.pk, "service": service.pk}
    operator = shop.make_user("giver", is_staff=True)
    by = {"reason": "An outage", "actor": operator, "batch": uuid.uuid4()}
    given = grants.extend(subscription, 1, **by)
    by_number = {"pk": subscription.pk, "number": term.order_line.order.number}
    mail = get_model("oscar_subscriptions", "OutboxMail").objects.filter(user=seller.user).first()
    attempt = Attempt.objects.get()
    link, _is_new = order_links.send(seller.user, shop.plan, actor=shop.make_user("sender"))
    member = dict.fromkeys(
        ["renew", "last-day", "switch-reminders", "renewal-on", "renewal-off"], subscription.pk
    ) | {
        "reminders": opt_out.token(subscription),
        "order-link": order_links.link_of(link).token,
        "receipt": term.order_line.order.number,
        "seller": seller.partner.code,
        "line-served": sold.lines.get().pk,
        **dict.fromkeys(["service-edit", "service-withdraw", "service-publish"], service.pk),
    }
    payments = dict.fromkeys(["return", "cancel-return"], attempt.reference) | dict.fromkeys(
        ["pay", "order-cancel"], attempt.order.number
    )
    dashboard = dict.fromkeys(["plan-update", "plan-retire", "plan-offer"], shop.plan.pk) | {
        "subscription-detail": subscription.pk,
        **dict.fromkeys(
            (name for name in ACTIONS if name.startswith("subscription-")), subscription.pk
        ),
        **dict.fromkeys((name for name in ACTIONS if name.startswith("term-")), term.pk),
        "subscription-receipt": by_number,
        "subscription-ask-provider": by_number,
        "subscription-show-paid": by_number,
        "subscription-refund": by_number,
        **dict.fromkeys(["seller-page-take-down", "seller-page-lift"], seller.pk),
        **dict.fromkeys(["service-take-down", "service-lift"], of_service),
        "subscription-send-again": {"pk": subscription.pk, "mail": mail.pk},
        "subscription-sell-to": seller.user.pk,
        "subscription-sell-link": link.pk,
        **dict.fromkeys(["goodwill", "goodwill-undo"], given.batch),
        "alert-detail": alert.pk,
        "terms-of-sale-detail": shop.terms_of_sale.pk,
    }
    return {
        f"{namespace}:{name}": value
        for namespace, values in (
            ("subscriptions", member),
            ("subscriptions-payments", payments),
            ("subscriptions-dashboard", dashboard),
        )
        for name, value in values.items()
    }


@pytest.fixture
def member_browser(client: Any, seller: Any) -> Any:
    """The seller's browser, signed in."""
    client.force_login(seller.user)
    return client


@pytest.fixture
def staff_browser(shop: factories.Shop) -> Any:
    """The browser of an operator who may do everything."""
    browser = Client()
    browser.force_login(shop.make_user("boss", is_staff=True, is_superuser=True))
    return browser
