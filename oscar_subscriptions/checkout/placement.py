"""Place the order of a plan: order, consent and payment attempt in one transaction.

Lock order: basket, then subscription. Nothing here talks to a provider.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from oscar.apps.order.exceptions import UnableToPlaceOrder
from oscar.core.loading import get_class, get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.agreements import auto_renewal, consents
from oscar_subscriptions.checkout import same_order
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.held_terms import HeldTerms
from oscar_subscriptions.order_placed import order_placed_on_commit
from oscar_subscriptions.plans import eligibility
from oscar_subscriptions.transactions import locked

if TYPE_CHECKING:
    from oscar_subscriptions.checkout import mixins, order_forms
    from oscar_subscriptions.plans.changes import Change
    from oscar_subscriptions.protocols import (
        Basket,
        Order,
        Plan,
        Price,
        Request,
        Rows,
        User,
    )

logger = logging.getLogger("oscar.checkout")

# Digits of a primary key that every database takes.
LONGEST_KEY = 10
# Plan orders of one member in 24 hours. Somebody who changes their mind needs a few; a script that
# orders and cancels would fill the shop's list of orders.
ORDERS_A_DAY = 20


class NotPlacedError(Exception):
    """The order was not placed; the message tells the member why."""


class AlreadyOrderedError(Exception):
    """The basket was ordered already."""

    def __init__(self, order: Order) -> None:
        super().__init__(order.number)
        self.order = order


def place_plan_order(
    view: mixins.PlanOrderMixin,
    billing_form: order_forms.PlanBillingForm,
    consent_form: order_forms.ConsentForm,
    beginning_form: order_forms.BeginningForm,
    renewal_form: order_forms.RenewalForm,
) -> Order:
    """Write the order of the plan in the basket of ``view.request``.

    Args:
        view: the checkout view; places the order with Oscar's own, overridable methods.
        billing_form: valid; its address goes to the order and back to the address book.
        consent_form: valid; with the total and the text that the member saw.
        beginning_form: valid; with the day on which the plan begins.
        renewal_form: valid; with the member's choice of automatic renewal.

    Returns:
        The order, committed (or part of the request's transaction), not paid; or the one that the
        member has placed before, of the same plan on the same conditions, if it waits for payment.

    Raises:
        AlreadyOrderedError: with the order of this basket, after a second click.
        NotPlacedError: with the reason, for the member; nothing was written.
    """
    try:
        with transaction.atomic(), order_placed_on_commit():
            return _place(view, billing_form, consent_form, beginning_form.change, renewal_form)
    except (UnableToPlaceOrder, ValueError) as error:  # such as a voucher used up meanwhile
        logger.warning("Order of a plan not placed: %s", error)
        raise NotPlacedError(str(error)) from error


def _place(
    view: mixins.PlanOrderMixin,
    billing_form: order_forms.PlanBillingForm,
    consent_form: order_forms.ConsentForm,
    change: Change,
    renewal_form: order_forms.RenewalForm,
) -> Order:
    user, request = view.request.user, view.request
    assert user.is_authenticated  # by the view's pre-condition ``check_plan_rules``
    basket = _locked_basket(request, user)
    plan: Plan | None = eligibility.basket_plan(basket)
    text = consent_form.terms
    if plan is None:
        raise NotPlacedError(_("Your basket has changed. Please look at it again."))
    subscription = fulfilment.lock_for_checkout(user, plan, language=get_language() or "")
    held = HeldTerms.of(user)
    if problem := eligibility.problem_with_lines(basket.all_lines(), user, held):
        raise NotPlacedError(problem)
    submission = view.build_submission(basket=basket)
    total = submission["order_total"]
    assert text is not None  # or the form would not be valid
    waiting: Order | None = get_gateway().waiting_order(user, plan)
    if waiting is not None:
        shown = same_order.Shown(total, plan, text, change, renewal_form.is_wanted)
        if same_order.is_the_same(waiting, shown):
            # Used up with that order: nobody is left with a second year to order.
            basket.submit()
            return waiting
        raise NotPlacedError(
            _(
                "Your order %(number)s of this subscription is still open, and was placed on "
                "other conditions. Please pay or cancel it first: you find it in your account."
            )
            % {"number": waiting.number}
        )
    problem = consent_form.problem_with_total(total) or _problem_with_zero(total)
    if problem or (problem := _problem_with_number(user)):
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
    consents.keep_consent(order, plan, user, text, change, held=held)
    if renewal_form.is_wanted:
        assert renewal_form.price is not None  # it was offered
        auto_renewal.switch_on(
            subscription,
            text=renewal_form.text,
            terms_of_sale=text,
            total=renewal_form.price,
            order=order,
        )
    basket.submit()
    if total.incl_tax == 0:
        fulfilment.order_paid(order)
    else:
        get_gateway().begin(order)
    return order


def _locked_basket(request: Request, user: User) -> Basket:
    basket: Basket = locked(get_model("basket", "Basket"), request.basket.pk)
    if basket.status != basket.OPEN:
        order = _order_of(user, basket.pk)
        if order is None:
            raise NotPlacedError(_("Your basket has changed. Please look at it again."))
        raise AlreadyOrderedError(order)
    basket.strategy = request.strategy
    basket.owner = user
    get_class("offer.applicator", "Applicator")().apply(basket, user, request)
    return basket


def _problem_with_zero(total: Price) -> str:
    if total.incl_tax == 0 and not conf.settings.ALLOW_FREE:
        return _("A subscription can't be ordered free of charge. Please remove the voucher.")
    return ""


def _problem_with_number(user: User) -> str:
    day_ago = timezone.now() - timedelta(days=1)
    consents = registered.Consent.objects.filter(order__user=user, order__date_placed__gt=day_ago)
    if consents.count() < ORDERS_A_DAY:
        return ""
    return _("You have placed many orders today. Please try again tomorrow, or contact us.")


def is_plan_order(order: Order) -> bool:
    """Return whether ``order`` was placed for a plan by this checkout."""
    return registered.Consent.objects.filter(order=order).exists()


def order_just_placed(request: HttpRequest) -> Order | None:
    """Return the plan order of the basket that the posted order page showed; else, if another order
    was taken up again for it, the member's newest plan order that may be paid; or ``None``.

    The session is not asked: a second click may arrive before the first one's session is saved, and
    would find an older order there.
    """
    if not request.user.is_authenticated:
        return None
    basket = request.POST.get("shown_basket", "")
    is_key = basket.isascii() and basket.isdigit() and len(basket) < LONGEST_KEY
    return _order_of(request.user, int(basket) if is_key else None)


def _order_of(user: User, basket: int | None) -> Order | None:
    placed: Rows = get_model("order", "Order").objects.filter(
        user=user, subscription_consent__isnull=False
    )
    known: Order | None = placed.filter(basket=basket).first() if basket is not None else None
    if known is not None:
        return known
    newest: Order | None = placed.order_by("-pk").first()
    return newest if newest is not None and get_gateway().may_be_paid(newest).now else None
