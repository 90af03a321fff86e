"""Tags of the basket, checkout and order pages: ``{% load subscriptions_checkout_tags %}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.urls import reverse

from oscar_subscriptions import receipts
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Basket, Order, Plan, Term

register = template.Library()


@register.simple_tag
def plan_in_basket(basket: Basket) -> Plan | None:
    """Return the plan in ``basket``, or ``None``: ``{% plan_in_basket basket as plan %}``."""
    return eligibility.basket_plan(basket)


@register.simple_tag
def term_of_order(order: Order) -> Term | None:
    """Return the term that ``order`` gave, or ``None``."""
    return registered.Term.objects.filter(order_line__order=order).first()


@register.simple_tag
def receipt_url(order: Order) -> str:
    """Return the address of the receipt of ``order``; empty where receipts can't be printed.

    No query: only for an order that has given a term.
    """
    if not receipts.is_printable():
        return ""
    return reverse("subscriptions:receipt", kwargs={"order_number": order.number})


@register.simple_tag
def waiting_pay_url(order: Order) -> str:
    """Return the address where ``order`` is paid; empty if it does not wait for a payment."""
    gateway = get_gateway()
    return gateway.pay_url(order) if gateway.may_be_paid(order).now else ""


@register.simple_tag
def nothing_charged(order: Order) -> bool:
    """Return whether it is certain that nothing was charged for ``order``."""
    return get_gateway().may_be_paid(order).nothing_charged
