"""The rules of buying a plan: alone in its basket, once, by a signed-in member, from the shop.

Asked when a product is added, when baskets merge, when the order is placed under lock, and once
more when the money has arrived; there the rules must hold alone, because a shop may install
neither our basket nor our checkout.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import vendors


def plan_for_product(product: Any) -> Any | None:
    """Return the ``Plan`` that ``product`` sells, or ``None`` for an ordinary product."""
    if product is None or product.pk is None:
        return None
    return registered.Plan.objects.filter(product=product).first()


def plans_among(lines: Iterable[Any]) -> dict[int, Any]:
    """Return the plans sold by basket or order lines, by product id, in one query."""
    ids = {line.product_id for line in lines if line.product_id}
    if not ids:
        return {}
    plans = registered.Plan.objects.filter(product__in=ids)
    return {plan.product_id: plan for plan in plans.select_related("product")}


def basket_plan(basket: Any) -> Any | None:
    """Return the plan in ``basket``, or ``None``; of several, any one."""
    lines = basket.all_lines() if basket.id else []
    return next(iter(plans_among(lines).values()), None)


def problem_with_plan(plan: Any, user: Any) -> str:
    """Say why ``user`` can't buy ``plan`` now, or return an empty string.

    Anonymous visitors are judged on the plan alone; that they must sign in is said elsewhere.
    """
    if not is_offered_to(plan, user):
        return _("“%(plan)s” is no longer on sale.") % {"plan": plan.title}
    if not vendors.sold_by_the_shop(plan):
        return _("“%(plan)s” can't be bought at the moment.") % {"plan": plan.title}
    if getattr(user, "is_authenticated", False) and has_suspended_term(plan, user):
        return _(
            "Your subscription “%(plan)s” is suspended. It can be renewed once that is settled; "
            "please contact us."
        ) % {"plan": plan.title}
    return ""


def is_offered_to(plan: Any, user: Any) -> bool:
    """Tell whether ``plan`` is on sale, or ``user`` may renew it all the same."""
    if plan.is_on_sale and plan.product.is_public:
        return True
    return type(plan)._default_manager.renewable_by(user).filter(pk=plan.pk).exists()


def problem_with_lines(lines: Iterable[Any], user: Any) -> str:
    """Say why basket lines with a plan among them can't be ordered, or return an empty string.

    Lines without a plan have no problem here, whoever buys them.
    """
    lines = list(lines)
    plans = plans_among(lines)
    if not plans:
        return ""
    if len(lines) > 1:
        return alone()
    if lines[0].quantity != 1:
        return once()
    if not getattr(user, "is_authenticated", False):
        return sign_in()
    plan = plans[lines[0].product_id]
    if lines[0].stockrecord_id and vendors.has_sellers(lines[0].stockrecord.partner):
        return _("“%(plan)s” can't be bought at the moment.") % {"plan": plan.title}
    return problem_with_plan(plan, user)


def problem_with_services(lines: Iterable[Any]) -> str:
    """Say which line is the service of somebody who is not a seller today, or return "".

    Holds even in a shop whose strategy does not ask the terms, and on the very day after the last.
    """
    partners = {line.stockrecord.partner_id: line for line in lines if line.stockrecord_id}
    closed = registered.Seller.objects.lapsed(conf.today())
    for partner_id in closed.filter(partner__in=partners).values_list("partner", flat=True):
        return _("“%(service)s” is no longer offered.") % {
            "service": partners[partner_id].product.get_title()
        }
    return ""


def problem_with_product(product: Any) -> str:
    """Say why an ordinary product can't be put into a basket now, or return an empty string.

    A service that is not public was withdrawn or parked; Oscar would still sell it to whoever
    asks for its number. Products of the shop itself are left to Oscar.
    """
    offered_by = registered.Seller.objects.filter(partner__stockrecords__product=product)
    open_sellers = offered_by.active(conf.today()) if product.is_public else offered_by.none()
    if offered_by.exists() and not open_sellers.exists():
        return _("“%(service)s” is no longer offered.") % {"service": product.get_title()}
    return ""


def has_suspended_term(plan: Any, user: Any) -> bool:
    """Tell whether ``user`` has a suspended term of ``plan`` that is not over: it keeps its dates.

    One that is over holds no day that could be sold again, however long its dispute takes.
    """
    terms = registered.Term.objects.of(user).not_revoked()
    held = terms.filter(suspended_at__isnull=False, covered_until__gte=conf.today())
    return held.filter(subscription__plan=plan).exists()


def alone() -> str:
    """Message: a plan shares its basket with nothing."""
    return _(
        "A subscription is ordered on its own. Order or remove what is in your basket first, "
        "or save it for later."
    )


def once() -> str:
    """Message: the quantity of a plan is 1."""
    return _("A subscription is bought once at a time: its quantity is 1.")


def sign_in() -> str:
    """Message: a plan needs a member."""
    return _("Please sign in or create your account before you subscribe.")
