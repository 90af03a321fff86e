"""The rule of ordering a service: its seller is a seller on that day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility, offers

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import BasketLine, Product


def problem_with_services(lines: Iterable[BasketLine]) -> str:
    """Return a message naming a service whose seller has lapsed by today; "" if there is none.

    It works from the day after the last day, even in a shop without our strategy mixin.
    """
    lines = list(lines)
    plans = eligibility.plans_among(lines)
    services = [line for line in lines if line.stockrecord_id and line.product_id not in plans]
    if not services:
        return ""
    found = offers.of_line(services[0])
    if found is None:
        closed = _with_closed_sellers(services)
    else:
        offered = {line.pk: found[line.stockrecord] for line in services}
        closed = [
            line
            for line in services
            if offered[line.pk].is_sellers and not offered[line.pk].is_open
        ]
    if not closed:
        return ""
    return _("“%(service)s” is no longer offered.") % {"service": closed[0].product.get_title()}


def _with_closed_sellers(services: list[BasketLine]) -> list[BasketLine]:
    partners = {line.stockrecord.partner_id for line in services}
    lapsed = registered.Seller.objects.lapsed(conf.today()).filter(partner__in=partners)
    closed = set(lapsed.values_list("partner", flat=True))
    return [line for line in services if line.stockrecord.partner_id in closed]


def problem_with_product(product: Product) -> str:
    """Return why an ordinary product can't be put into a basket now; "" if it can.

    A service that is not public was withdrawn or parked, but Oscar would still sell it to anyone
    who posts its primary key. The shop's own products are left to Oscar.
    """
    offered_by = registered.Seller.objects.filter(partner__stockrecords__product=product)
    open_sellers = offered_by.active(conf.today()) if product.is_public else offered_by.none()
    if offered_by.exists() and not open_sellers.exists():
        return _("“%(service)s” is no longer offered.") % {"service": product.get_title()}
    return ""
