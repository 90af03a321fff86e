"""Tags and filters of the shop's pages: ``{% load subscriptions_tags %}``."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from django import template
from django.shortcuts import resolve_url

from oscar_subscriptions import conf, sellers, terms
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.mail.held_terms import HeldTerms
from oscar_subscriptions.plans import eligibility, offers, previews, renewal_price

if TYPE_CHECKING:
    from decimal import Decimal

    from oscar_subscriptions.protocols import Plan, Product, Seller, Term, Visitor

register = template.Library()


@register.simple_tag(takes_context=True)
def plan_for_product(context: Mapping[str, object], product: Product | None) -> Plan | None:
    """Return the plan that ``product`` sells, or ``None``.

    ``{% plan_for_product product as plan %}``: no query for an ordinary product beside the one in
    which the shop's strategy asks about the page, one for a plan, none the second time.
    """
    if product is None or not product.pk:
        return None
    found = offers.of_request(context.get("request")).of_product(product)
    if found and not any(offer.is_plan for offer in found):
        return None
    return getattr(product, "subscription_plan", None)


@register.simple_tag
def auto_renewal_is_offered() -> bool:
    """Return whether members may choose automatic renewal in this shop."""
    return auto_renewal.is_offered()


@register.simple_tag(takes_context=True)
def plan_span(context: Mapping[str, object], plan: Plan, user: Visitor) -> terms.Span:
    """Return the days that ``plan`` would give ``user`` if paid today.

    ``{% plan_span plan request.user as span %}``; see ``partials/term_dates.html``.
    """
    return previews.preview_term(plan, user, held=_held(context, user))


@register.simple_tag(takes_context=True)
def paid_before(
    context: Mapping[str, object], plan: Plan, user: Visitor, price: Decimal, currency: str
) -> Term | None:
    """Return the term of ``plan`` that ``user`` paid last, if at another price than this one:
    ``{% paid_before plan request.user price.incl_tax price.currency as paid %}``.

    Args:
        price: in major units of ``currency`` (ISO 4217), including tax.
    """
    return renewal_price.paid_before(_held(context, user), plan, price, currency)


@register.simple_tag(takes_context=True)
def plan_problem(context: Mapping[str, object], plan: Plan, user: Visitor) -> str:
    """Return why ``user`` can't buy ``plan`` now, in the active language; empty if they can."""
    request: Any = context.get("request")
    found = offers.of_strategy(getattr(request, "strategy", None))
    return eligibility.problem_with_plan(plan, user, _held(context, user), found)


def _held(context: Mapping[str, object], user: Visitor) -> HeldTerms:
    request: Any = context.get("request")
    return HeldTerms.of_page(request, user)


@register.filter
def continues(span: terms.Span | Term) -> bool:
    """Return whether a span or term follows an earlier one: ``{% if span|continues %}``."""
    return previews.continues(span)


@register.simple_tag
def is_seller(user: Visitor) -> bool:
    """Return whether ``user`` is a seller today: ``{% is_seller request.user as selling %}``."""
    return sellers.is_seller(user)


@register.simple_tag(takes_context=True)
def seller_of(context: Mapping[str, object], product: Product) -> Seller | None:
    """Return the ``Seller`` who offers ``product``; ``None`` for a product of the shop itself. No
    query beside the one in which the shop's strategy asks about the page."""
    found = offers.of_request(context.get("request")).of_product(product)
    offered = [offer.seller for offer in found if offer.seller is not None]
    return min(offered, key=lambda seller: seller.pk, default=None)


@register.simple_tag
def terms_of_use_url() -> str:
    """Return the address of the shop's terms of use; empty where the shop set none."""
    configured = conf.settings.TERMS_OF_USE_URL
    return resolve_url(configured) if configured else ""


@register.simple_tag
def phishing_contact() -> str:
    """Return the bare e-mail address to which members report phishing."""
    return parseaddr(conf.settings.PHISHING_CONTACT)[1]
