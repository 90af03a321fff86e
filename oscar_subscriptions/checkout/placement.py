"""Place the order of a plan: order, consent and payment attempt in one transaction.

Lock order: basket, then subscription. Nothing here talks to a provider.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from oscar.apps.order.exceptions import UnableToPlaceOrder
from oscar.core.loading import get_class, get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.agreements import auto_renewal, consents
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.order_placed import order_placed_on_commit
from oscar_subscriptions.plans import eligibility
from oscar_subscriptions.transactions import locked

logger = logging.getLogger("oscar.checkout")


class NotPlacedError(Exception):
    """The order was not placed; the message says why, to the member."""


class AlreadyOrderedError(Exception):
    """There is an order already: of this very basket, or of the same plan and not paid yet."""

    def __init__(self, order: Any) -> None:
        super().__init__(order.number)
        self.order = order


def place(
    view: Any, billing_form: Any, consent_form: Any, beginning_form: Any, renewal_form: Any
) -> Any:
    """Write the order of the plan in the basket of ``view.request``.

    Args:
        view: the checkout view; places the order with Oscar's own, overridable methods.
        billing_form: valid; its address goes to the order and back to the address book.
        consent_form: valid; carries the total and the text that the member saw.
        beginning_form: valid; says when the plan shall begin.
        renewal_form: valid; says whether it shall be renewed automatically.

    Returns:
        The order, committed (or part of the request's transaction), not paid.

    Raises:
        AlreadyOrderedError: leads a second click or a second tab to the order that exists.
        NotPlacedError: with the reason, for the member; nothing was written.
    """
    try:
        with transaction.atomic(), order_placed_on_commit():
            return _place(view, billing_form, consent_form, beginning_form.change, renewal_form)
    except (UnableToPlaceOrder, ValueError) as error:  # such as a voucher used up meanwhile
        logger.warning("Order of a plan not placed: %s", error)
        raise NotPlacedError(str(error)) from error


def _place(view: Any, billing_form: Any, consent_form: Any, change: Any, renewal_form: Any) -> Any:
    user, request = view.request.user, view.request
    basket = _locked_basket(request)
    plan = eligibility.basket_plan(basket)
    if plan is None:
        raise NotPlacedError(_("Your basket has changed. Please look at it again."))
    subscription = fulfilment.lock_for_checkout(user, plan, language=get_language() or "")
    if problem := eligibility.problem_with_lines(basket.all_lines(), user):
        raise NotPlacedError(problem)
    submission = view.build_submission(basket=basket)
    total = submission["order_total"]
    waiting = get_gateway().waiting_order(user, plan)
    if waiting is not None:
        shown = _Shown(total, plan, consent_form.terms, change, renewal_form.is_wanted)
        if _is_the_same(waiting, shown):
            raise AlreadyOrderedError(waiting)
        raise NotPlacedError(
            _(
                "Your order %(number)s of this subscription is not paid yet, and was placed on "
                "other conditions. Please pay or cancel it first: you find it in your account."
            )
            % {"number": waiting.number}
        )
    if problem := consent_form.problem_with_total(total) or _problem_with_zero(total):
        raise NotPlacedError(problem)
    order = view.place_order(
        order_number=view.generate_order_number(basket),
        user=user,
        basket=basket,
        shipping_address=None,
        shipping_method=submission["shipping_method"],
        shipping_charge=submission["shipping_charge"],
        order_total=total,
        billing_address=billing_form.address(),
        surcharges=submission["surcharges"],
        request=request,
    )
    billing_form.keep_for_next_time()
    consents.keep(order, plan, user, consent_form.terms, change)
    if renewal_form.is_wanted:
        auto_renewal.switch_on(
            subscription,
            text=renewal_form.text,
            terms_of_sale=consent_form.terms,
            total=renewal_form.price,
            order=order,
        )
    basket.submit()
    if total.incl_tax == 0:
        fulfilment.order_paid(order)
    else:
        get_gateway().begin(order)
    return order


def _locked_basket(request: Any) -> Any:
    Basket = get_model("basket", "Basket")
    basket = locked(Basket, request.basket.pk)
    if basket.status != Basket.OPEN:
        placed = get_model("order", "Order").objects.filter(basket=basket, user=request.user)
        order = placed.first()
        if order is None:
            raise NotPlacedError(_("Your basket has changed. Please look at it again."))
        raise AlreadyOrderedError(order)
    basket.strategy = request.strategy
    basket.owner = request.user
    get_class("offer.applicator", "Applicator")().apply(basket, request.user, request)
    return basket


@dataclass(frozen=True)
class _Shown:
    """What the member just accepted."""

    total: Any
    plan: Any
    text: Any
    change: Any
    renews: bool


def _is_the_same(waiting: Any, shown: _Shown) -> bool:
    """Whether it is what the waiting order says, automatic renewal included: the last word of the
    member counts, not the first."""
    consent, plan, change = waiting.subscription_consent, shown.plan, shown.change
    ordered = (consent.months, consent.listing_limit, consent.grace_days, consent.terms_of_sale_id)
    return (
        waiting.total_incl_tax == shown.total.incl_tax
        and waiting.currency == shown.total.currency
        and (consent.changes, consent.at_end) == (change.subscription, change.at_end)
        and ordered == (plan.months, plan.listing_limit, plan.grace_days, shown.text.pk)
        and auto_renewal.is_chosen_with(waiting) == shown.renews
    )


def _problem_with_zero(total: Any) -> str:
    if total.incl_tax == 0 and not conf.settings.ALLOW_FREE:
        return _("A subscription can't be ordered free of charge. Please remove the voucher.")
    return ""


def is_plan_order(order: Any) -> bool:
    """Tell whether ``order`` was placed for a plan by this checkout."""
    return registered.Consent.objects.filter(order=order).exists()


def order_just_placed(request: Any) -> Any | None:
    """Return the plan order that this browser placed last, or that waits for the member's payment.

    The second of two clicks may come before the session of the first is saved; and it never is if
    that process dies.
    """
    if not request.user.is_authenticated:
        return None
    Order = get_model("order", "Order")
    placed = Order.objects.filter(user=request.user, subscription_consent__isnull=False)
    known = placed.filter(pk=request.session.get("checkout_order_id")).first()
    if known is not None:
        return known
    newest = placed.order_by("-pk").first()
    return newest if newest is not None and get_gateway().is_waiting(newest) else None
