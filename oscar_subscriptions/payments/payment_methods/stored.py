"""The payment method that the provider keeps of a member who chose automatic renewal.

Here are two ids and nothing else of it. The customer is ours to find again by this row: dj-stripe's
own mark in a customer's metadata would make it call the provider from within the webhook.
"""

import logging
from typing import Any

from django.db import IntegrityError, transaction

from oscar_subscriptions import fulfilment
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.provider import client, customers
from oscar_subscriptions.payments.reconciliation import matching

logger = logging.getLogger(__name__)


def are_wanted(order: Any) -> bool:
    """Return whether the payment method of ``order`` is to be stored: its member chose so."""
    if order.user_id is None or not auto_renewal.is_offered():
        return False
    consents = registered.AutoRenewal.objects
    with_it = consents.filter(order=order, ended_at__isnull=True)
    plan = fulfilment.plan_for_order(order)
    before = consents.in_force().filter(subscription__user=order.user_id, subscription__plan=plan)
    return with_it.exists() or before.exists()


def customer_of(attempt: Any) -> str:
    """Return the provider's id of the member who pays ``attempt``, made on first use.

    Raises:
        provider.ProviderUnavailableError: no answer; ask again.
        provider.RequestRefusedError: the provider does not accept the customer.
    """
    user = attempt.order.user
    known = _of(user, attempt.livemode)
    if known is not None:
        return known.customer_id
    about = {"shop": matching.shop_name(), "member": str(user.pk)}
    params: dict[str, Any] = {"metadata": about}
    if attempt.order.email:
        params["email"] = attempt.order.email
    made = customers.create_customer(params, f"customer-{attempt.reference}")
    try:
        with transaction.atomic():
            _rows().create(user=user, livemode=attempt.livemode, customer_id=made["id"])
    except IntegrityError:  # by another request at the same moment; that one counts
        pass
    return _rows().get(user=user, livemode=attempt.livemode).customer_id


def forget_customer(customer_id: str, livemode: bool) -> None:
    """Forget a customer whom the provider does not know, such as one deleted in its dashboard."""
    logger.warning("The provider does not know customer %s any more", customer_id)
    _rows().filter(customer_id=customer_id, livemode=livemode).delete()


def keep(attempt: Any, intent: Any) -> None:
    """Remember by what ``attempt`` was paid, to charge it again; called under its locks.

    Args:
        intent: the PaymentIntent, paid.
    """
    customer, method = intent["customer"], intent["payment_method"]
    method = method if isinstance(method, str) or method is None else method["id"]
    if attempt.order.user_id is None or not customer or not method:
        return
    _rows().update_or_create(
        user_id=attempt.order.user_id,
        livemode=attempt.livemode,
        defaults={
            "customer_id": customer if isinstance(customer, str) else customer["id"],
            "payment_method_id": method,
        },
    )


def chargeable(user: Any) -> Any | None:
    """Return the ``StoredPaymentMethod`` to charge ``user`` with, in the mode of the shop's key."""
    known = _of(user, client.is_livemode())
    return known if known is not None and known.payment_method_id else None


def _of(user: Any, livemode: bool) -> Any | None:
    # Rows without a member are those that are being forgotten; nobody is charged by them.
    if user is None:
        return None
    return _rows().filter(user=user, livemode=livemode).first()


def _rows() -> Any:
    return registered_payments.StoredPaymentMethod.objects
