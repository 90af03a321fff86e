"""The order of a renewal: what it costs today, and placing it without a browser.

Basket, offers, surcharges, total and order are Oscar's own classes, loaded so that a shop's forks
of them are used. A quote fills a basket and rolls it back, so that the announced and the charged
total are calculated alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from oscar.core.loading import get_class, get_model

from oscar_subscriptions.agreements import consents
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.order_placed import order_placed_on_commit

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import (
        Address,
        Basket,
        Order,
        OrderLine,
        Plan,
        PlannedRenewal,
        Price,
        Strategy,
        User,
    )


class NotForSaleError(Exception):
    """The strategy has no price for the plan, or none that the gateway can collect, or does not
    sell it to this member today."""


class PriceChangedError(Exception):
    """The order would not cost what was announced; nothing was written."""


@dataclass(frozen=True)
class _Filled:
    """A basket with what Oscar's order creator needs; the last three are Oscar's own objects."""

    basket: Basket
    total: Price
    shipping_method: object
    shipping_charge: object
    surcharges: object


def quote(user: User, plan: Plan) -> Price:
    """Return what ``plan`` costs ``user`` today with the shop's offers and surcharges, and without
    vouchers. Writes nothing.

    Raises:
        NotForSaleError: ``user`` can't buy it.
    """
    with transaction.atomic():
        total = _fill(user, plan).total
        transaction.set_rollback(True)
    return total


def place_renewal_order(planned: PlannedRenewal) -> Order:
    """Place the order of ``planned``; needs a transaction that holds the subscription's lock.

    Returns:
        The order, with a consent to the text that the member accepted with automatic renewal.

    Raises:
        NotForSaleError: the member can't buy the plan.
        PriceChangedError: it would not cost what was announced.
        UnableToPlaceOrder: Oscar's; from the shop's order creator.
    """
    assert transaction.get_connection().in_atomic_block
    consent = planned.auto_renewal
    user, plan = consent.subscription.user, consent.subscription.plan
    assert user is not None  # else ``obstacles`` would have told
    with transaction.atomic(), order_placed_on_commit():
        filled = _fill(user, plan)
        if not costs_what_was_announced(planned, filled.total):
            raise PriceChangedError
        order: Order = get_class("order.utils", "OrderCreator")().place_order(
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
        # The member is not there: what they accepted with automatic renewal counts.
        consents.keep_consent(
            order, plan, user, consent.terms_of_sale, accepted_at=consent.accepted_at
        )
        filled.basket.submit()
    return order


def costs_what_was_announced(planned: PlannedRenewal, total: Price) -> bool:
    """Return whether ``total`` and the plan's conditions today are those that were announced."""
    plan = planned.auto_renewal.subscription.plan
    conditions = (plan.months, plan.listing_limit, plan.grace_days)
    announced = (planned.price, planned.currency, planned.conditions)
    return announced == (total.incl_tax, total.currency, conditions)


def _fill(user: User, plan: Plan) -> _Filled:
    """Fill a new basket of ``user``; it is invisible to others until the transaction ends."""
    strategy: Strategy = get_class("partner.strategy", "Selector")().strategy(user=user)
    if not strategy.fetch_for_product(plan.product).availability.is_available_to_buy:
        raise NotForSaleError
    basket: Basket = get_model("basket", "Basket").objects.create(owner=user)
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
    total: Price = get_class("checkout.calculators", "OrderTotalCalculator")(None).calculate(
        basket, charge, surcharges=surcharges
    )
    if total.incl_tax is None or total.incl_tax <= 0:
        raise NotForSaleError
    if not get_gateway().can_collect(total.incl_tax, total.currency):
        raise NotForSaleError
    return _Filled(basket, total, method, charge, surcharges)


def _billing_address(planned: PlannedRenewal) -> Address | None:
    """The member's billing address today, or else that of the order which is renewed."""
    book = get_model("address", "UserAddress").objects
    mine = book.filter(user=planned.auto_renewal.subscription.user, is_default_for_billing=True)
    known: Address | None = mine.first()
    line: OrderLine | None = planned.follows.order_line
    if known is None and line is not None:
        known = line.order.billing_address
    if known is None:
        return None
    address: Address = get_model("order", "BillingAddress")()
    known.populate_alternative_model(address)
    address.save()
    return address
