"""The payment method that the provider stores for a member who chose automatic renewal.

The shop stores its two ids only. This row, and no metadata of dj-stripe's, links the customer to
the member: that metadata would make dj-stripe call the provider from within the webhook.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from oscar_subscriptions import fulfilment
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.provider import client, customers, fields
from oscar_subscriptions.payments.reconciliation import matching

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from stripe.params import CustomerCreateParams

    from oscar_subscriptions.payments.models import Attempt, StoredPaymentMethod
    from oscar_subscriptions.protocols import Order, User

logger = logging.getLogger(__name__)


def are_wanted(order: Order) -> bool:
    """Return whether to store the payment method of ``order``: its member chose auto-renewal."""
    if order.user_id is None or not auto_renewal.is_offered():
        return False
    chosen = registered.AutoRenewal.objects.filter(
        subscription__user=order.user_id, ended_at__isnull=True
    )
    if not chosen.exists():  # as of most members
        return False
    plan = fulfilment.plan_for_order(order)
    before = chosen.in_force().filter(subscription__plan=plan)
    return chosen.filter(order=order).exists() or before.exists()


def customer_of(attempt: Attempt) -> str:
    """Return the provider's customer id of the member who pays ``attempt``, created on first use,
    with the member's address as it is now.

    Raises:
        client.ProviderUnavailableError: no answer; ask again.
        client.CustomerUnknownError: the customer is gone, and is now forgotten here as well.
        client.RequestRefusedError: the provider does not accept the customer.
    """
    user = attempt.order.user
    assert user is not None, "only the member opens the page of an order"
    known = _of(user, attempt.livemode) or _make_customer(attempt, user)
    update_email(known)
    return known.customer_id


def _make_customer(attempt: Attempt, user: User) -> StoredPaymentMethod:
    # Without the address, which may change before a retry: of a customer whose making was answered
    # and lost nothing is left at the provider that names the member.
    params: CustomerCreateParams = {
        "metadata": {"shop": matching.shop_name(), "member": str(user.pk)}
    }
    created = client.create_once(
        lambda key: customers.create_customer(params, key), f"customer-{attempt.reference}"
    )
    try:
        with transaction.atomic():
            _rows().create(user=user, livemode=attempt.livemode, customer_id=created.id)
    except IntegrityError:  # another request was faster; its customer counts
        _drop_customer(created.id, attempt.livemode)
    return _rows().get(user=user, livemode=attempt.livemode)


def _drop_customer(customer_id: str, livemode: bool) -> None:
    """Have the next run delete a customer at the provider, unless a member still has it."""
    if not _rows().filter(customer_id=customer_id, livemode=livemode).exists():
        _rows().create(customer_id=customer_id, livemode=livemode)


def update_email(known: StoredPaymentMethod) -> None:
    """Tell the provider the present address of the member of ``known``; a convenience, so that an
    address which the provider does not accept is left out.

    Raises:
        client.ProviderUnavailableError: no answer; ask again.
        client.CustomerUnknownError: the customer is gone, and is now forgotten here as well.
    """
    assert known.user is not None, "a customer without a member is about to be deleted"
    try:
        try:
            customers.set_email(known.customer_id, known.user.email or "")
        except client.CustomerUnknownError:
            raise
        except client.RequestRefusedError as refusal:
            logger.warning("The provider refuses the address of a customer: %s", refusal)
            # Rather none than the one before, which may be somebody else's by now.
            customers.set_email(known.customer_id, "")
    except client.CustomerUnknownError:
        forget_customer(known.customer_id, known.livemode)
        raise


def forget_customer(customer_id: str, livemode: bool) -> None:
    """Forget a customer that the provider does not know: deleted in its dashboard, for instance."""
    logger.warning("The provider does not know customer %s any more", customer_id)
    _rows().filter(customer_id=customer_id, livemode=livemode).delete()


def keep_payment_method(attempt: Attempt, intent: object) -> None:
    """Store the payment method that paid ``attempt``, to charge it again. Needs the locks of
    ``reconcile``.

    Args:
        intent: the PaymentIntent, paid.
    """
    customer = fields.id_of(intent, "customer")
    method = fields.id_of(intent, "payment_method")
    # Without a member it would be written to the row of some deleted account, whose customer would
    # then stay at the provider.
    if attempt.order.user_id is None or not customer or not method:
        return
    known = _of(attempt.order.user, attempt.livemode)
    _rows().update_or_create(
        user_id=attempt.order.user_id,
        livemode=attempt.livemode,
        defaults={"customer_id": customer, "payment_method_id": method},
    )
    if known is not None:
        _drop_customer(known.customer_id, attempt.livemode)


def chargeable(user: User | None) -> StoredPaymentMethod | None:
    """Return the payment method to charge ``user`` with, in the mode of the shop's key."""
    known = _of(user, client.is_livemode())
    return known if known is not None and known.payment_method_id else None


def _of(user: User | None, livemode: bool) -> StoredPaymentMethod | None:
    # Rows without a member are about to be deleted, and are never charged.
    if user is None:
        return None
    return _rows().filter(user=user, livemode=livemode).first()


def _rows() -> QuerySet[StoredPaymentMethod]:
    return registered_payments.StoredPaymentMethod.objects.all()
