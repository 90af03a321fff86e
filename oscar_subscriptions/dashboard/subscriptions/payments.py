"""The payments of orders, with the refunds and disputes of each, as operators read them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy, pgettext_lazy

BADGES = {"paid": "success", "open": "primary", "refused": "danger"}

# The provider's own words, as they are kept. One that is new is shown as it is.
REVERSAL_STATUSES = {
    "pending": gettext_lazy("under way"),
    "requires_action": gettext_lazy("waits for the member"),
    "succeeded": pgettext_lazy("refund", "done"),
    "failed": gettext_lazy("failed"),
    "canceled": pgettext_lazy("refund", "cancelled"),
    "warning_needs_response": gettext_lazy("inquiry: needs an answer"),
    "warning_under_review": gettext_lazy("inquiry: answered"),
    "warning_closed": gettext_lazy("inquiry: closed"),
    "needs_response": gettext_lazy("needs an answer"),
    "under_review": gettext_lazy("answered, the bank decides"),
    "won": gettext_lazy("won"),
    "lost": gettext_lazy("lost"),
    "prevented": gettext_lazy("prevented"),
}


@dataclass(frozen=True)
class Reversal:
    """A refund or a dispute of a payment.

    Attributes:
        row: of the payments app.
        amount: in major units of its currency.
    """

    row: Any
    amount: Decimal

    @property
    def status(self) -> Any:
        """The provider's word for where it stands, in the active language if it is known."""
        return REVERSAL_STATUSES.get(self.row.status, self.row.status)


@dataclass(frozen=True)
class Payment:
    """One try to collect the money of an order.

    Attributes:
        attempt: the row of the payments app.
        amount: that was asked for, in major units of its currency.
        received: that the provider collected, if that is another amount; else ``None``.
        badge: the colour of its status, as a Bootstrap name.
        reversals: what was given or taken back of it, the oldest first.
    """

    attempt: Any
    amount: Decimal
    received: Decimal | None
    badge: str
    reversals: list[Reversal] = field(default_factory=list)

    @property
    def provider_ids(self) -> list[str]:
        """The ids by which the provider knows it, as far as they are known."""
        attempt = self.attempt
        return [
            id for id in (attempt.session_id, attempt.payment_intent_id, attempt.charge_id) if id
        ]


def by_order(orders: Iterable[Any]) -> dict[int, list[Payment]]:
    """Return the payments of each order by its id; none where the payments app is not installed.

    A shop with another gateway shows its own here: it forks the dashboard and has a function of
    this name in its ``payments`` module.
    """
    try:
        Attempt = apps.get_model("oscar_subscriptions_payments", "Attempt")
    except LookupError:
        return {}
    found: dict[int, list[Payment]] = {}
    attempts = Attempt.objects.filter(order__in=orders).prefetch_related("reversals")
    for attempt in attempts.order_by("-pk"):
        found.setdefault(attempt.order_id, []).append(_read(attempt))
    return found


def _read(attempt: Any) -> Payment:
    differs = attempt.received is not None and attempt.received != attempt.amount
    return Payment(
        attempt,
        amount=_major(attempt.amount, attempt.currency),
        received=_major(attempt.received, attempt.currency) if differs else None,
        badge=BADGES.get(attempt.status, "secondary"),
        reversals=[
            Reversal(row, _major(row.amount, row.currency)) for row in attempt.reversals.all()
        ],
    )


def _major(units: int, currency: str) -> Decimal:
    from oscar_subscriptions.payments.provider import money

    return Decimal(units).scaleb(-money.decimals(currency))
