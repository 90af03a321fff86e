"""The rules of buying a plan: alone in its basket, once, by a signed-in member, from the shop.

They are checked when a product is added, when baskets merge, when the order is placed under lock,
and again when the money has arrived; that last check must suffice, because a shop may install
neither our basket nor our checkout.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import offers, vendors

if TYPE_CHECKING:
    from oscar_subscriptions.mail.held_terms import HeldTerms
    from oscar_subscriptions.protocols import (
        Basket,
        BasketLine,
        OrderLine,
        Plan,
        Product,
        User,
        Visitor,
    )

_PLAN = "_oscar_subscriptions_plan"


def plan_for_product(product: Product | None) -> Plan | None:
    """Return the plan that ``product`` sells, or ``None`` for an ordinary product; ``product``
    remembers it."""
    if product is None or product.pk is None:
        return None
    plan: Plan | None = getattr(product, "subscription_plan", None)
    return plan


def plans_among(lines: Iterable[BasketLine | OrderLine]) -> dict[int, Plan]:
    """Return the plans sold by ``lines``, by product id, in one query.

    Each line object remembers its plan: a page asks several times about those of its basket. Our
    basket reads them with its lines; and of ordinary products the shop's strategy knows that they
    are none, see ``offers``.
    """
    lines = [line for line in lines if line.product_id]
    for line in lines:
        if not hasattr(line, _PLAN):
            _recall(line)
    unknown = [line for line in lines if not hasattr(line, _PLAN)]
    if unknown:
        found = registered.Plan.objects.filter(product__in={line.product_id for line in unknown})
        plans = {plan.product_id: plan for plan in found.select_related("product")}
        for line in unknown:
            setattr(line, _PLAN, plans.get(line.product_id))
    sold: dict[int, Plan | None] = {line.product_id: getattr(line, _PLAN) for line in lines}
    return {product: plan for product, plan in sold.items() if plan is not None}


def _recall(line: BasketLine | OrderLine) -> None:
    """Let ``line`` remember its plan, if that is known without a query of its own."""
    row: Any = line
    product = row._state.fields_cache.get("product")
    if product is not None and "subscription_plan" in product._state.fields_cache:
        setattr(line, _PLAN, product._state.fields_cache["subscription_plan"])
        return
    found = offers.of_line(line)
    if found is None or line.stockrecord_id is None:
        return
    if not found.by_key(line.stockrecord_id).is_plan:
        setattr(line, _PLAN, None)


def basket_plan(basket: Basket) -> Plan | None:
    """Return the plan in ``basket``, or ``None``; any one of several."""
    lines = basket.all_lines() if basket.id else []
    return next(iter(plans_among(lines).values()), None)


def problem_with_plan(
    plan: Plan,
    user: Visitor | None,
    held: HeldTerms | None = None,
    found: offers.Offers | None = None,
) -> str:
    """Return why ``user`` can't buy ``plan`` now, in the active language; "" if they can.

    For anonymous visitors only the plan is checked; other checks make them sign in.

    Args:
        held: the terms of ``user``, if they have been read.
        found: what the shop's strategy knows of the page, under our mixin.
    """
    if not is_offered_to(plan, user):
        return _("“%(plan)s” is no longer on sale.") % {"plan": plan.title}
    if not _is_sold_by_the_shop(plan, found):
        return _("“%(plan)s” can't be bought at the moment.") % {"plan": plan.title}
    if user is not None and user.is_authenticated and has_suspended_term(plan, user, held):
        return _(
            "Your subscription “%(plan)s” is suspended. It can be renewed once that is settled; "
            "please contact us."
        ) % {"plan": plan.title}
    return ""


def _is_sold_by_the_shop(plan: Plan, found: offers.Offers | None) -> bool:
    if found is None:
        return vendors.sold_by_the_shop(plan)
    # A strategy with our mixin takes an own record if there is one.
    return any(not offer.is_foreign for offer in found.of_product(plan.product))


def is_offered_to(plan: Plan, user: Visitor | None) -> bool:
    """Return whether ``plan`` is on sale, or retired but renewable by ``user``."""
    if plan.is_on_sale and plan.product.is_public:
        return True
    return registered.Plan.objects.renewable_by(user).filter(pk=plan.pk).exists()


def problem_with_lines(
    lines: Iterable[BasketLine], user: Visitor | None, held: HeldTerms | None = None
) -> str:
    """Return why basket lines that include a plan can't be ordered; "" if they can.

    Lines without a plan always pass.

    Args:
        held: the terms of ``user``, if they have been read.
    """
    lines = list(lines)
    plans = plans_among(lines)
    if not plans:
        return ""
    if len(lines) > 1:
        return alone()
    if lines[0].quantity != 1:
        return once()
    if user is None or not user.is_authenticated:
        return sign_in()
    plan, found = plans[lines[0].product_id], offers.of_line(lines[0])
    if lines[0].stockrecord_id and _is_foreign(lines[0], found):
        return _("“%(plan)s” can't be bought at the moment.") % {"plan": plan.title}
    return problem_with_plan(plan, user, held, found)


def _is_foreign(line: BasketLine, found: offers.Offers | None) -> bool:
    if found is None:
        return vendors.has_sellers(line.stockrecord.partner)
    return found[line.stockrecord].is_foreign


def has_suspended_term(plan: Plan, user: User | None, held: HeldTerms | None = None) -> bool:
    """Return whether ``user`` has a suspended term of ``plan`` that is not over; ``held`` as in
    :func:`problem_with_plan`.

    Such a term keeps its dates. Once it is over, none of its days could be sold again, however
    long its dispute lasts.
    """
    if held is not None:
        return held.is_suspended(plan.pk, conf.today())
    terms = registered.Term.objects.of(user).not_revoked().filter(subscription__plan=plan)
    return terms.filter(suspended_at__isnull=False, covered_until__gte=conf.today()).exists()


def alone() -> str:
    """Return the message that a plan is ordered on its own."""
    return _(
        "A subscription is ordered on its own. Order or remove what is in your basket first, "
        "or save it for later."
    )


def once() -> str:
    """Return the message that the quantity of a plan is 1."""
    return _("A subscription is bought once at a time: its quantity is 1.")


def sign_in() -> str:
    """Return the message that a plan needs a signed-in member."""
    return _("Please sign in or create your account before you subscribe.")
