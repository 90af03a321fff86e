"""What the basket, checkout and order pages ask: ``{% load subscriptions_checkout_tags %}``."""

from typing import Any

from django import template
from django.urls import reverse

from oscar_subscriptions import receipts
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility

register = template.Library()


@register.simple_tag
def plan_in_basket(basket: Any) -> Any | None:
    """Return the plan in ``basket``, if there is one: ``{% plan_in_basket basket as plan %}``."""
    return eligibility.basket_plan(basket)


@register.simple_tag
def term_of_order(order: Any) -> Any | None:
    """Return the term that ``order`` gave, if there is one."""
    Term = registered.Term
    return Term.objects.filter(order_line__order=order).first()


@register.simple_tag
def receipt_url(order: Any) -> str:
    """Return where the receipt of ``order``, which has given a term, is downloaded.

    An empty string where receipts can't be printed. No query: ask whether there is a term first.
    """
    if not receipts.is_printable():
        return ""
    return reverse("subscriptions:receipt", kwargs={"order_number": order.number})


@register.simple_tag
def waiting_pay_url(order: Any) -> str:
    """Return where ``order`` can be paid, or an empty string if it does not wait for a payment."""
    gateway = get_gateway()
    return gateway.pay_url(order) if gateway.is_waiting(order) else ""
