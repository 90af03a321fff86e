"""What holds after every fault, asked of the provider and of the database.

Every captured cent belongs to exactly one term, or was refunded, or is a problem that an operator
sees; no term is valid without a payment that is verified and not reversed, or an operator's grant;
terms of one subscription never overlap; who is not a seller today sells nothing.
"""

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.payments.reversals import effects

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Product = get_model("catalogue", "Product")
Seller = get_model("oscar_subscriptions", "Seller")
Term = get_model("oscar_subscriptions", "Term")

# A dispute in one of these states has taken the money away, at least for now.
TAKEN = ("needs_response", "under_review", "lost")


def check(shop: Any, *, by_hand: Container[Any] = (), swept: bool = False) -> None:
    """Raise ``AssertionError`` with everything that does not hold.

    Args:
        shop: the ``factories.Shop`` of the test; its provider is asked.
        by_hand: orders whose money somebody else than the provider has confirmed.
        swept: the daily run has been since; lapsed sellers have no public service at all then.
    """
    found = violations(shop, by_hand=by_hand, swept=swept)
    assert not found, "\n".join(found)


def violations(shop: Any, *, by_hand: Container[Any] = (), swept: bool = False) -> list[str]:
    """Return what does not hold, in words; arguments as for :func:`check`."""
    payments = list(_payments())
    return [
        *_money_without_a_place(payments),
        *_terms_without_money(payments, by_hand),
        *_overlaps(),
        *_open_services(shop, swept),
    ]


def problems_about(attempt: Any) -> list[str]:
    """Return the open alerts about the money of ``attempt``: what an operator sees of it.

    The only place that knows how the shop tells its operators.
    """
    keys = {effects.alert_key(attempt), fulfilment.refusal_key(attempt.order)}
    return list(Alert.objects.open().filter(key__in=keys).values_list("key", flat=True))


@dataclass(frozen=True)
class Payment:
    """Money that the provider took and did not give back.

    Attributes:
        charge: the provider's id.
        net: minor units, after refunds.
        is_disputed: a dispute has taken it away, at least for now.
        attempt: ours that it was taken for, if we know of one.
    """

    charge: str
    net: int
    is_disputed: bool
    attempt: Any

    @property
    def term(self) -> Any | None:
        """The term that it pays for."""
        if self.attempt is None or self.attempt.status != Attempt.PAID:
            return None
        return Term.objects.filter(order_line__order=self.attempt.order_id).first()


def _payments() -> Iterator[Payment]:
    if not Attempt.objects.exists():
        return
    api = client.connect().v1
    pages = api.checkout.sessions.list({"limit": 100}).auto_paging_iter()
    sessions = {session["payment_intent"]: session for session in pages}
    disputed = {
        dispute["charge"]
        for dispute in api.disputes.list({"limit": 100}).auto_paging_iter()
        if dispute["status"] in TAKEN
    }
    for charge in api.charges.list({"limit": 100}).auto_paging_iter():
        net = charge["amount_captured"] - charge["amount_refunded"]
        if charge["status"] == "succeeded" and net > 0:
            attempt = _attempt_of(charge, sessions.get(charge["payment_intent"]))
            yield Payment(charge["id"], net, charge["id"] in disputed, attempt)


def _attempt_of(charge: Any, session: Any | None) -> Any | None:
    if session is None:  # charged while the member was not there
        return Attempt.objects.filter(payment_intent_id=charge["payment_intent"]).first()
    return (
        Attempt.objects.filter(session_id=session["id"]).first()
        or Attempt.objects.filter(reference=session["client_reference_id"]).first()
    )


def _money_without_a_place(payments: list[Payment]) -> Iterator[str]:
    taken: Counter[Any] = Counter()
    for payment in sorted(payments, key=lambda payment: bool(_problems(payment))):
        term = payment.term
        if term is not None:
            taken[term.pk] += 1
        if (term is None or taken[term.pk] > 1) and not _problems(payment):
            yield f"{payment.net} of {payment.charge} belong to no term and nobody was told"


def _problems(payment: Payment) -> list[str]:
    return problems_about(payment.attempt) if payment.attempt else []


def _terms_without_money(payments: list[Payment], by_hand: Container[Any]) -> Iterator[str]:
    paid = {payment.term.pk for payment in payments if payment.term and not payment.is_disputed}
    bought = Term.objects.valid().filter(order_line__isnull=False)
    for term in bought.select_related("order_line__order"):
        is_free = term.price == 0 and conf.settings.ALLOW_FREE
        if term.pk not in paid and not is_free and term.order_line.order not in by_hand:
            yield f"{term} of order {term.order_line.order} is valid, but nobody paid it"


def _overlaps() -> Iterator[str]:
    rows = Term.objects.not_revoked().order_by("subscription", "starts_on")
    for first, second in combinations(rows, 2):
        same = first.subscription_id == second.subscription_id
        if same and first.starts_on <= second.ends_on and second.starts_on <= first.ends_on:
            yield f"{first} overlaps {second}"


def _open_services(shop: Any, swept: bool) -> Iterator[str]:
    strategy = shop.strategy()
    for seller in Seller.objects.lapsed(conf.today()):
        for product in Product.objects.filter(
            stockrecords__partner=seller.partner_id, is_public=True
        ):
            if swept or strategy.fetch_for_product(product).availability.is_available_to_buy:
                yield f"{product} of {seller} is for sale, but {seller} is no seller today"
