"""The order of a renewal: what it costs today, and placing it without a browser.

Basket, offers, surcharges, total and order are Oscar's own classes, loaded so that a shop's forks
of them are used. A total is found by filling a basket that is then rolled back: what is announced
and what is charged can't be calculated differently.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from oscar.core.loading import get_class, get_model

from oscar_subscriptions.agreements import consents
from oscar_subscriptions.order_placed import order_placed_on_commit


class NotForSaleError(Exception):
    """The strategy has no price for the plan, or does not sell it to this member today."""


class PriceChangedError(Exception):
    """The order would cost something else than was announced; nothing was written."""


@dataclass(frozen=True)
class _Filled:
    """A basket with what Oscar's order creator wants to know of it."""

    basket: Any
    total: Any
    shipping_method: Any
    shipping_charge: Any
    surcharges: Any


def quote(user: Any, plan: Any) -> Any:
    """Return what ``plan`` costs ``user`` today, as Oscar's ``Price``; writes nothing.

    With the shop's offers and surcharges, without vouchers: as a renewal is announced.

    Raises:
        NotForSaleError: it can't be bought.
    """
    with transaction.atomic():
        total = _fill(user, plan).total
        transaction.set_rollback(True)
    return total


def place(planned: Any) -> Any:
    """Place the order of ``planned``; called in a transaction that holds the subscription's lock.

    Returns:
        The order, with a consent to the text that the member accepted with automatic renewal.

    Raises:
        NotForSaleError: it can't be bought.
        PriceChangedError: it would cost something else than was announced.
    """
    consent = planned.auto_renewal
    user, plan = consent.subscription.user, consent.subscription.plan
    with transaction.atomic(), order_placed_on_commit():
        filled = _fill(user, plan)
        if not costs_what_was_announced(planned, filled.total):
            raise PriceChangedError
        order = get_class("order.utils", "OrderCreator")().place_order(
            basket=filled.basket,
            total=filled.total,
            shipping_method=filled.shipping_method,
            shipping_charge=filled.shipping_charge,
            user=user,
            billing_address=_billing_address(planned),
            order_number=get_class("order.utils", "OrderNumberGenerator")().order_number(
                filled.basket
            ),
            surcharges=filled.surcharges,
        )
        # Nobody clicks today: what was accepted then is what counts.
        consents.keep(order, plan, user, consent.terms_of_sale, accepted_at=consent.accepted_at)
        filled.basket.submit()
    return order


def costs_what_was_announced(planned: Any, total: Any) -> bool:
    """Tell whether price and conditions of today are those that ``planned`` announced."""
    plan = planned.auto_renewal.subscription.plan
    conditions = (plan.months, plan.listing_limit, plan.grace_days)
    announced = (planned.price, planned.currency, planned.conditions)
    return announced == (total.incl_tax, total.currency, conditions)


def _fill(user: Any, plan: Any) -> _Filled:
    """Fill a new basket of ``user``; nobody else sees it before the transaction ends."""
    strategy = get_class("partner.strategy", "Selector")().strategy(user=user)
    if not strategy.fetch_for_product(plan.product).availability.is_available_to_buy:
        raise NotForSaleError
    basket = get_model("basket", "Basket").objects.create(owner=user)
    basket.strategy = strategy
    try:
        basket.add_product(plan.product, 1)
    except ValueError as error:  # no price, or no stock record
        raise NotForSaleError from error
    get_class("offer.applicator", "Applicator")().apply(basket, user, None)
    method = get_class("shipping.methods", "NoShippingRequired")()
    charge = method.calculate(basket)
    surcharges = get_class("checkout.applicator", "SurchargeApplicator")(
        None, {"user": user, "basket": basket}
    ).get_applicable_surcharges(basket, shipping_charge=charge)
    total = get_class("checkout.calculators", "OrderTotalCalculator")(None).calculate(
        basket, charge, surcharges=surcharges
    )
    if total.incl_tax is None or total.incl_tax <= 0:
        raise NotForSaleError
    return _Filled(basket, total, method, charge, surcharges)


def _billing_address(planned: Any) -> Any | None:
    """The member's billing address of now, or that of the order which is renewed."""
    user = planned.auto_renewal.subscription.user
    known = user.addresses.filter(is_default_for_billing=True).first()
    if known is None:
        line = planned.follows.order_line
        known = line and line.order.billing_address
    if not known:
        return None
    address = get_model("order", "BillingAddress")()
    known.populate_alternative_model(address)
    address.save()
    return address
