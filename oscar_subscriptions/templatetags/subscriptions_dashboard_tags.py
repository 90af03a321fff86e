"""Tags and filters of the operators' pages: ``{% load subscriptions_dashboard_tags %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from oscar_subscriptions import alerts
from oscar_subscriptions.loading import get_class, registered

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.template import Context

    from oscar_subscriptions.dashboard.actions.registry import Offer
    from oscar_subscriptions.dashboard.alerts.counting import OpenAlerts
    from oscar_subscriptions.protocols import (
        Alert,
        Order,
        OutboxMail,
        Product,
        Seller,
        Subscription,
        TakeDown,
        Term,
        User,
    )

register = template.Library()


@register.simple_tag(takes_context=True)
def subscription_actions(context: Context, subscription: Subscription) -> list[Offer]:
    """Return what the visitor may do to ``subscription`` now."""
    return _registry("offers_of_subscription")(context["request"].user, subscription)


@register.simple_tag(takes_context=True)
def term_actions(context: Context, term: Term) -> list[Offer]:
    """Return what the visitor may do to ``term`` now."""
    return _registry("offers_of_term")(context["request"].user, term)


@register.simple_tag(takes_context=True)
def order_actions(context: Context, subscription: Subscription, order: Order) -> list[Offer]:
    """Return what the visitor may do to ``order``, one of ``subscription``, now."""
    return _registry("offers_of_order")(context["request"].user, subscription, order)


@register.simple_tag(takes_context=True)
def mail_actions(context: Context, subscription: Subscription, mail: OutboxMail) -> list[Offer]:
    """Return what the visitor may do to ``mail``, one to the member of ``subscription``, now."""
    return _registry("offers_of_mail")(context["request"].user, subscription, mail)


@register.simple_tag(takes_context=True)
def service_actions(context: Context, seller: Seller, service: Product) -> list[Offer]:
    """Return what the visitor may do to ``service``, one of ``seller``, now."""
    return _registry("offers_of_service")(context["request"].user, seller, service)


@register.simple_tag(takes_context=True)
def catalogue_actions(
    context: Context, seller: Seller, service: Product, take_down: TakeDown | None
) -> list[Offer]:
    """As :func:`service_actions`, for a service on Oscar's page; ``take_down`` if it is down."""
    service.taken_down_because = take_down.reason if take_down is not None else None
    return _registry("offers_of_service")(context["request"].user, seller, service)


@register.simple_tag(takes_context=True)
def page_actions(context: Context, seller: Seller) -> list[Offer]:
    """Return what the visitor may do to the public page of ``seller`` now."""
    return _registry("offers_of_page")(context["request"].user, seller)


@register.simple_tag
def subscriptions_of_customer(customer: User) -> list[Subscription]:
    """Return the subscriptions of an account."""
    rows = registered.Subscription.objects.filter(user=customer.pk).order_by("pk")
    return list(rows.select_related("plan__product"))


@register.simple_tag
def subscriptions_of_order(order: Order) -> list[Subscription]:
    """Return the subscriptions that an order is about, paid or not."""
    find: Callable[[list[int]], list[int]] = get_class(
        "dashboard.subscriptions.search", "subscriptions_of_orders"
    )
    rows = registered.Subscription.objects.filter(pk__in=find([order.pk])).order_by("pk")
    return list(rows.select_related("plan__product"))


@register.simple_tag
def open_alerts() -> OpenAlerts:
    """Return how many alerts are open: ``number``, and in ``words``."""
    count: Callable[[], OpenAlerts] = get_class("dashboard.alerts.counting", "open_alerts")
    return count()


def _registry(name: str) -> Callable[..., list[Offer]]:
    # A shop may offer other actions; and tags know no door.
    found: Callable[..., list[Offer]] = get_class("dashboard.actions.registry", name)
    return found


@register.filter
def alert_title(alert: Alert) -> str:
    """Return the title of ``alert`` in the active language."""
    return alerts.title(alert)


@register.filter
def alert_advice(alert: Alert) -> str:
    """Return what operators can do about ``alert``, in the active language; empty if unknown."""
    return alerts.advice(alert)


@register.filter
def alert_text(alert: Alert) -> str:
    """Return what has happened, in the active language; empty if the title says it all."""
    return alerts.text(alert)


@register.filter
def alert_explanation(alert: Alert) -> str:
    """Return what has happened, in the active language, with the message of another system."""
    return alerts.explanation(alert)


@register.filter
def alert_note(alert: Alert) -> str:
    """Return the note with which ``alert`` was closed; the software's in the active language."""
    return alerts.note(alert)
