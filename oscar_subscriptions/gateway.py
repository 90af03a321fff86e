"""What the checkout asks of a payment gateway.

``oscar_subscriptions.payments`` answers it with Stripe Checkout. A shop with another gateway
writes a subclass, names it in ``OSCAR_SUBSCRIPTIONS_GATEWAY`` and calls
``fulfilment.order_paid(order)`` when its provider has confirmed the money.
"""

from typing import Any

from django.utils.module_loading import import_string

from oscar_subscriptions.conf import settings


class Gateway:
    """Collects the money of one plan order on a page of the provider."""

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


def get_gateway() -> Gateway:
    """Return an instance of the gateway named in ``OSCAR_SUBSCRIPTIONS_GATEWAY``.

    Raises:
        ImportError: the setting names nothing importable.
    """
    return import_string(settings.GATEWAY)()
