"""What the checkout asks of a payment gateway.

``oscar_subscriptions.payments`` answers it with Stripe Checkout. A shop with another gateway
writes a subclass, names it in ``OSCAR_SUBSCRIPTIONS_GATEWAY`` and calls
``fulfilment.order_paid(order)`` when its provider has confirmed the money.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.module_loading import import_string

from oscar_subscriptions.conf import settings

PAID, PENDING, REFUSED, GIVEN_UP = "paid", "pending", "refused", "given-up"


class UnavailableError(Exception):
    """The provider could not be reached, or would not answer; nothing is known and nothing
    changed."""


@dataclass(frozen=True)
class Charge:
    """What came of charging a member who is not there.

    Attributes:
        status: ``PAID``; ``PENDING``: the bank has not answered yet; ``REFUSED``: by the bank, or
            it wants to ask the member; ``GIVEN_UP``: by us or by the member, before any bank was
            asked.
        problem: the provider's word for why it was refused.
    """

    status: str
    problem: str = ""


@dataclass(frozen=True)
class Reversal:
    """A refund or a dispute of a payment, as operators read it.

    Attributes:
        name: what it is, in the active language.
        created_at: when the shop heard of it.
        status: where it stands, in the active language.
        amount: in major units of ``currency`` (ISO 4217).
        provider_id: by which the provider knows it.
        is_money_gone: whether the provider has taken the money from the shop.
        reason: the provider's word for why.
    """

    name: str
    created_at: datetime
    status: str
    amount: Decimal
    currency: str
    provider_id: str
    is_money_gone: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Payment:
    """One attempt to collect the money of an order, as operators read it.

    Attributes:
        name: what it is, in the active language.
        created_at: when it was begun.
        status: where it stands, in the active language.
        badge: the colour of the status, as a Bootstrap name.
        amount: what was asked for, in major units of ``currency`` (ISO 4217).
        received: what the provider collected, if that is another amount; else ``None``.
        provider_ids: by which the provider knows it, as far as they are known.
        problem: what went wrong.
        reversals: its refunds and disputes, the oldest first.
    """

    name: str
    created_at: datetime
    status: str
    amount: Decimal
    currency: str
    badge: str = "secondary"
    received: Decimal | None = None
    provider_ids: list[str] = field(default_factory=list)
    problem: str = ""
    reversals: list[Reversal] = field(default_factory=list)


class Gateway:
    """Collects the money of one plan order on a page of the provider.

    The methods below ``is_waiting`` are for automatic renewal, and have defaults for a gateway that
    can't charge a member who is not there.
    """

    def begin(self, order: Any) -> None:
        """Write what is needed to collect the money of ``order``.

        Called in the transaction that writes the order: database rows only, no network.
        """
        raise NotImplementedError

    def pay_url(self, order: Any) -> str:
        """Return the address on this shop at which the member pays ``order``."""
        raise NotImplementedError

    def waiting_order(self, user: Any, plan: Any) -> Any | None:
        """Return an order of ``plan`` by ``user`` that still waits for its payment, if any.

        Asked under the lock of the member's subscription, so that two tabs make one order.
        """
        return None

    def is_waiting(self, order: Any) -> bool:
        """Tell whether ``order`` can be paid now; pages offer it then."""
        return False

    def payments_of(self, orders: Iterable[Any]) -> dict[int, list[Payment]]:
        """Return the payments of each order by its primary key, the newest first.

        Operators read them in the dashboard. Orders without a payment are left out.
        """
        return {}

    def can_renew(self) -> bool:
        """Tell whether this gateway can charge a member who is not there."""
        return False

    def has_payment_method(self, user: Any) -> bool:
        """Tell whether the provider keeps a payment method with which to charge ``user``."""
        return False

    def forget_payment_method(self, user: Any) -> bool:
        """Forget the payment method that the provider keeps of ``user``, unless the automatic
        renewal of another subscription, or a payment under way, needs it.

        Called outside of any transaction when ``user`` has switched automatic renewal off. It does
        not raise: a provider that does not answer is for the gateway to ask again.

        Returns:
            Whether one was kept, and is deleted by now.
        """
        return False

    def begin_charge(self, order: Any) -> bool:
        """Write what is needed to charge ``order`` without the member; as :meth:`begin`.

        Returns:
            Whether it was written; not while the member may be paying the order himself.
        """
        return False

    def look_again(self, order: Any) -> None:
        """Ask the provider what has become of the money of ``order``, which is paid, and act on it.

        Called outside of any transaction, before a member is charged for what follows that order: a
        refund or dispute that nobody has heard of must be known by then.
        """

    def charge(self, order: Any, is_wanted: Callable[[], bool]) -> Charge:
        """Charge what :meth:`begin_charge` wrote last for ``order``, or say what became of it.

        Called outside of any transaction, any number of times, perhaps by two processes at once;
        the member is charged once at most.

        Args:
            is_wanted: asked last of all before the provider is told to charge. Once it has said
                no, or :meth:`give_up` has returned, nothing may be charged.
        """
        raise NotImplementedError

    def give_up(self, order: Any) -> bool:
        """Cancel ``order`` so that nobody can pay it, or be charged for it, any more.

        Called outside of any transaction.

        Returns:
            Whether it is cancelled; not if it is paid, or a slow payment is under way.
        """
        return False


def get_gateway() -> Gateway:
    """Return an instance of the gateway named in ``OSCAR_SUBSCRIPTIONS_GATEWAY``.

    Raises:
        ImportError: the setting names nothing importable.
    """
    return import_string(settings.GATEWAY)()
