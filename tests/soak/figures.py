"""What must be true in the end, as figures: what was found, what was wanted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.contrib.auth import get_user_model
from oscar.core.loading import get_model

from oscar_subscriptions import sellers
from oscar_subscriptions.fulfilment import term_notices


@dataclass(frozen=True)
class Figure:
    """One thing that was counted; ``at_least`` if more than wanted is right, too."""

    name: str
    found: int | Decimal
    wanted: int | Decimal
    at_least: bool = False

    @property
    def is_right(self) -> bool:
        """Whether it is what it must be."""
        return self.found >= self.wanted if self.at_least else self.found == self.wanted

    def __str__(self) -> str:
        wanted = f"{'at least ' if self.at_least else ''}{self.wanted}"
        return (
            f"{self.name:<52}{self.found!s:>10}   {'ok' if self.is_right else f'WRONG: {wanted}'}"
        )


def of_the_shop(purchases: int) -> list[Figure]:
    """Count in the shop's database what ``purchases`` purchases must have left there."""
    Attempt = get_model("oscar_subscriptions_payments", "Attempt")
    OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
    terms = list(get_model("oscar_subscriptions", "Term").objects.select_related("subscription"))
    of_members = Counter(term.subscription.user_id for term in terms)
    members = get_user_model().objects.filter(pk__in=of_members)
    paid = Attempt.objects.filter(status=Attempt.PAID)
    sent_mails = Counter(OutboxMail.objects.values_list("kind", flat=True))
    return [
        Figure("orders", get_model("order", "Order").objects.count(), purchases),
        Figure("terms", len(terms), purchases),
        Figure("members with exactly one term", [*of_members.values()].count(1), purchases),
        Figure("terms that overlap another one", overlaps(terms), 0),
        Figure("members who are sellers today", sum(map(sellers.is_seller, members)), purchases),
        Figure("sellers", get_model("oscar_subscriptions", "Seller").objects.count(), purchases),
        Figure("paid attempts", paid.count(), purchases),
        Figure("attempts that are not paid", Attempt.objects.exclude(pk__in=paid).count(), 0),
        Figure(
            "Oscar's payment sources", get_model("payment", "Source").objects.count(), purchases
        ),
        Figure("e-mails of an order", sent_mails[term_notices.ORDER_CONFIRMED], purchases),
        Figure("e-mails to a new seller", sent_mails[term_notices.SELLER_ACTIVATED], purchases),
        Figure("e-mails not sent", OutboxMail.objects.filter(sent_at=None).count(), 0),
        Figure("open alerts", open_alerts(), 0),
    ]


def of_the_money(charges: Iterable[Any], purchases: int) -> list[Figure]:
    """Compare the provider's ``charges`` with the shop's books; amounts to the cent."""
    charges = list(charges)
    kept = [charge for charge in charges if charge["paid"] and not charge["amount_refunded"]]
    Attempt = get_model("oscar_subscriptions_payments", "Attempt")
    known = Attempt.objects.filter(status=Attempt.PAID)
    unknown = {charge["payment_intent"] for charge in charges} - set(
        known.values_list("payment_intent_id", flat=True)
    )
    ordered = _total("order", "Order", "total_incl_tax")
    collected = _cents(Decimal(charge["amount"]) / 100 for charge in kept)
    return [
        Figure("charges at the provider", len(kept), purchases),
        Figure("payments that the shop does not know", len(unknown), 0),
        Figure("money at the provider", collected, ordered),
        Figure("money in Oscar's sources", _total("payment", "Source", "amount_debited"), ordered),
        Figure("money of the terms", _total("oscar_subscriptions", "Term", "price"), ordered),
    ]


def of_the_refused(refused: set[str]) -> list[Figure]:
    """Count the alerts about orders at whose term a shop's own code raised, resolved or not.

    Args:
        refused: the numbers of those orders.
    """
    alerts = get_model("oscar_subscriptions", "Alert").objects.exclude(order=None)
    alerted = set(alerts.values_list("order__number", flat=True))
    return [
        Figure("refused orders without an alert", len(refused - alerted), 0),
        Figure("alerts about other orders", len(alerted - refused), 0),
    ]


def open_alerts() -> int:
    """Return how many things wait for an operator."""
    return get_model("oscar_subscriptions", "Alert").objects.open().count()


def overlaps(terms: Iterable[Any]) -> int:
    """Return how many of ``terms`` begin before an earlier one of the same member has ended."""
    in_order = sorted(terms, key=lambda term: (term.subscription.user_id, term.starts_on))
    return sum(
        before.subscription.user_id == after.subscription.user_id
        and after.starts_on <= before.ends_on
        for before, after in pairwise(in_order)
    )


def _total(app: str, model: str, field: str) -> Decimal:
    return _cents(get_model(app, model).objects.values_list(field, flat=True))


def _cents(amounts: Iterable[Decimal | None]) -> Decimal:
    # A granted term has no price.
    return sum(filter(None, amounts), Decimal()).quantize(Decimal("0.01"))
