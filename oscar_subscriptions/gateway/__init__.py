"""The interface of payment gateways.

``oscar_subscriptions.payments`` implements it with Stripe Checkout. A shop with another gateway
writes a subclass, names it in ``OSCAR_SUBSCRIPTIONS_GATEWAY`` and calls
``fulfilment.order_paid(order)`` when its provider has confirmed the money.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.numbers import get_currency_precision
from django.utils.module_loading import import_string

from oscar_subscriptions.conf import settings
from oscar_subscriptions.gateway.answers import (
    GIVEN_UP,
    NO_MORE,
    NOT_NOW,
    PAID,
    PENDING,
    REFUSED,
    YES,
    Charge,
    Payability,
    Payment,
    Refundable,
    RefundOutdatedError,
    RefundRefusedError,
    Reversal,
    UnavailableError,
)

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, Plan, User

__all__ = [
    "GIVEN_UP",
    "NOT_NOW",
    "NO_MORE",
    "PAID",
    "PENDING",
    "REFUSED",
    "YES",
    "Charge",
    "Gateway",
    "Payability",
    "Payment",
    "RefundOutdatedError",
    "RefundRefusedError",
    "Refundable",
    "Reversal",
    "UnavailableError",
    "get_gateway",
]


class Gateway:
    """Collect the money of one plan order on a page of the provider. The methods from ``can_renew``
    on are for automatic renewal; by default a gateway can't charge members off-session."""

    def begin(self, order: Order) -> None:
        """Write what is needed to collect the money of ``order``.

        Called in the transaction that places the order: write database rows only, no network.
        """
        raise NotImplementedError

    def pay_url(self, order: Order) -> str:
        """Return the path on this shop at which the member pays ``order``."""
        raise NotImplementedError

    def can_collect(self, amount: Decimal, currency: str) -> bool:
        """Return whether exactly ``amount`` (major units, tax included) can be collected; asked
        before a price is saved, and before a renewal is announced. By default whether it has no
        more decimals than ``currency`` (ISO 4217 code)."""
        return amount == amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)))

    def waiting_order(self, user: User, plan: Plan) -> Order | None:
        """Return an order of ``plan`` by ``user`` that is still to be paid, if any. Called under
        the lock of the member's subscription, so that two tabs make one order."""
        return None

    def may_be_paid(self, order: Order) -> Payability:
        """Return whether ``order`` may be paid: order page, order history, privacy, renewals and
        the daily run all ask here."""
        return Payability(NO_MORE)

    def payments_of(self, orders: Iterable[Order]) -> dict[int, list[Payment]]:
        """Return the payments of each order, newest first, by the order's primary key, for the
        dashboard. Orders without a payment are left out."""
        return {}

    def orders_of(self, provider_id: str) -> list[int]:
        """Return the primary keys of the orders whose payment, refund or dispute has this id at the
        provider; by default none."""
        return []

    def refundable(self, order: Order) -> list[Refundable]:
        """Return the payments of ``order`` of which something can be refunded, oldest first; by
        default none. A gateway that returns some defines the next two methods as well."""
        return []

    def foresee_refund(self, order: Order, reference: str, amount: Decimal) -> None:
        """Carry out what a refund would do to the term, as the shop's settings have it, without
        asking the provider. In a transaction that is rolled back: it is a preview.

        Args:
            reference: of one of :meth:`refundable`.
            amount: in major units of its currency, at most what is left.
        """
        raise NotImplementedError

    def refund(self, order: Order, reference: str, amount: Decimal, left: Decimal) -> None:
        """Have the provider refund ``amount`` and carry out what follows. Called outside of any
        transaction, perhaps by two processes at once, or again after a lost answer: of all calls
        that name the same ``left``, one refunds.

        Args:
            reference: of one of :meth:`refundable`.
            amount: in major units of its currency, at most
            left: what was left of it when the operator decided.

        Raises:
            UnavailableError: no answer; it may have been refunded.
            RefundOutdatedError: no longer so much is left; nothing was refunded now.
            RefundRefusedError: nothing was refunded.
        """
        raise NotImplementedError

    def can_renew(self) -> bool:
        """Return whether this gateway can charge members off-session."""
        return False

    def has_payment_method(self, user: User) -> bool:
        """Return whether the provider stores a payment method with which to charge ``user``."""
        return False

    def forget_payment_method(self, user: User) -> bool:
        """Delete the payment method that the provider stores for ``user``, unless the automatic
        renewal of another subscription, or a payment under way, needs it.

        Called outside of any transaction when ``user`` has switched automatic renewal off. It does
        not raise: if the provider does not respond, the gateway tries again later. Returns whether
        a payment method was stored and is now deleted.
        """
        return False

    def begin_charge(self, order: Order) -> bool:
        """Write what is needed to charge ``order`` off-session, as :meth:`begin`; return whether it
        was written. It is not while the member may be paying the order by hand."""
        return False

    def look_again(self, order: Order) -> None:
        """Fetch the state of the payment of ``order``, a paid order, and act on it. Called outside
        of any transaction, before a member is charged for the renewal of that order: every refund
        and dispute must be known by then."""

    def ask(self, order: Order) -> None:
        """Fetch the state of all payments of ``order``, paid or not, and act on it, because an
        operator asks. Called outside of any transaction.

        Raises:
            UnavailableError: no answer; nothing has changed.
        """

    def show_paid_again(self, order: Order) -> None:
        """Show ``order``, which is paid and was cancelled in the dashboard by mistake, as paid. In
        a transaction of the caller's."""
        raise NotImplementedError

    def charge(self, order: Order, is_wanted: Callable[[], bool]) -> Charge:
        """Make the charge last written by :meth:`begin_charge` for ``order``; return its outcome.

        Called outside of any transaction, any number of times, perhaps by two processes at once;
        the member is charged once at most.

        Args:
            is_wanted: called immediately before the provider is told to charge. Once it has
                returned ``False``, or :meth:`give_up` has returned, nothing may be charged.
        """
        raise NotImplementedError

    def give_up(self, order: Order) -> bool:
        """Cancel ``order`` so that it can no longer be paid or charged. Called outside of any
        transaction.

        Returns:
            Whether it is cancelled; it is not if it is paid or a slow payment is under way.
        """
        return False


def get_gateway() -> Gateway:
    """Return an instance of the gateway named in ``OSCAR_SUBSCRIPTIONS_GATEWAY``.

    Raises:
        ImportError: the setting names nothing importable.
    """
    return import_string(settings.GATEWAY)()
