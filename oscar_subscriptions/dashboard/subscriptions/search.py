"""Find subscriptions and alerts by what an operator types: the beginning of a name or an e-mail
address, or a whole number that somebody has in hand: of an order, of a receipt, or the provider's.

Beginnings, so that an index answers (see the migration ``dashboard_indexes``), and in the columns
of one table: the names and addresses at the order, which the subscription keeps. Accounts and
orders are looked up first.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import StrIndex, Substr
from django.db.models.lookups import IStartsWith
from oscar.core.loading import get_model

from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sql.key_lists import among

if TYPE_CHECKING:
    from django.db.models.expressions import OrderBy

    from oscar_subscriptions.protocols import Rows
    from oscar_subscriptions.querysets import SubscriptionQuerySet

# More accounts than these are not looked up for one word: it finds them by the names and addresses
# at their orders, which are nearly always the same.
ACCOUNTS = 200
# As long as a word finds no more subscriptions than these, they are looked up first.
FEW = 500
# Up to as many, they are found by the index of the word and sorted; more are so many that the first
# pages of the sorted list have them soon. The database can't tell where in the list they are.
SOME = 20_000
# For a word that finds even more, so many of those in a state are looked at: if nobody is both, the
# database would go through the whole state, or through all that the word finds.
LOOKED_AT = 2_000


def find_accounts(word: str) -> list[int]:
    """Return the accounts whose name or e-mail begins with ``word``; none if they are too many."""
    wanted = Q()
    for name in ("first_name", "last_name", "email"):
        wanted |= Q(**{f"{name}__istartswith": word})
    rows: Rows = get_user_model()._default_manager.filter(wanted)
    found: list[int] = list(rows.order_by().values_list("pk", flat=True)[: ACCOUNTS + 1])
    return found if len(found) <= ACCOUNTS else []


def orders_of(word: str) -> list[int]:
    """Return the orders that ``word`` names: by their number, with or without "#" in front, by that
    of their receipt, or by an id at the payment provider."""
    number = word.removeprefix("#")
    orders: Rows = get_model("order", "Order").objects
    found = set(orders.filter(number=number).values_list("pk", flat=True))
    receipts = registered.Receipt.objects.filter(number=number)
    found.update(receipts.values_list("order", flat=True))
    found.update(get_gateway().orders_of(word))
    return sorted(found)


def subscriptions_of_orders(orders: list[int]) -> list[int]:
    """Return the subscriptions that the orders with these primary keys are about, paid or not."""
    if not orders:
        return []
    lines: Rows = get_model("order", "Line").objects.filter(order__in=orders)
    found: set[int] = set()
    for term, user, product in lines.values_list(
        "subscription_term__subscription", "order__user", "product"
    ):
        if term is not None:
            found.add(term)
        if user is not None:  # an unpaid order has no term yet
            own = registered.Subscription.objects.filter(user=user, plan__product=product)
            found.update(own.values_list("pk", flat=True))
    return sorted(found)


class Found:
    """The subscriptions of which a member's name or e-mail begins with ``word``, and those of an
    order that it names, see :func:`orders_of`.

    Of a name, also what follows the first space: most members are called by their last name.

    Attributes:
        few: their primary keys; ``None`` if they are more than ``FEW``.
        condition: the same, on subscriptions.
    """

    def __init__(self, word: str) -> None:
        begins = _begins(word)
        self._rows = registered.Subscription.objects.filter(begins).order_by()
        keys: list[int] = list(self._rows.values_list("pk", flat=True)[: FEW + 1])
        self.few = keys if len(keys) <= FEW else None
        self.condition = begins if self.few is None else Q(pk__in=self.few)

    def are_sorted(self) -> bool:
        """Return whether a list of them is to be sorted once they are found, rather than read in
        its order."""
        return self.few is not None or self._rows[: SOME + 1].count() <= SOME


def look_at_the_first(rows: SubscriptionQuerySet, words: list[Found]) -> tuple[list[int], bool]:
    """Return the primary keys of the first ``LOOKED_AT`` of ``rows`` that have all ``words``, in no
    order, and whether there are more rows.

    Args:
        rows: ordered.
    """
    keys = list(rows.values_list("pk", flat=True)[: LOOKED_AT + 1])
    found = registered.Subscription.objects.filter(pk__in=among(keys[:LOOKED_AT])).order_by()
    for word in words:
        found = found.filter(word.condition)
    return list(found.values_list("pk", flat=True)), len(keys) > LOOKED_AT


def newest_first(are_sorted: bool) -> tuple[OrderBy, OrderBy]:
    """Return the order of a list: those ordered last come first.

    Args:
        are_sorted: see :meth:`Found.are_sorted`; the order then is one that no index has.
    """
    created = ExpressionWrapper(F("created_at") + timedelta(), DateTimeField())
    return (created if are_sorted else F("created_at")).desc(), F("pk").desc()


def _begins(word: str) -> Q:
    # Written as the index has it.
    last_names = Substr(F("member_name"), StrIndex(F("member_name"), Value(" ")) + 1)
    condition = Q(member_email__istartswith=word) | Q(member_name__istartswith=word)
    condition |= Q(IStartsWith(last_names, word))
    if accounts := find_accounts(word):
        condition |= Q(user__in=accounts)
    if subscriptions := subscriptions_of_orders(orders_of(word)):
        condition |= Q(pk__in=subscriptions)
    return condition
