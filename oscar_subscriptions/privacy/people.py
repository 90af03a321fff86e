"""A member and their rows, whether the account exists or was deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet
from oscar.core.loading import get_model

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Rows, Seller, Subscription, User, Visitor
    from oscar_subscriptions.querysets import (
        AlertQuerySet,
        OutboxMailQuerySet,
        SubscriptionQuerySet,
    )


class _Deletion(TypedDict, total=False):
    """The detail of ``journal.ACCOUNT_DELETED``: what leads from an account to its rows.

    The last two are missing, or removed, once the subscription is anonymised.
    """

    account: object  # primary key
    orders: list[str]  # numbers
    seller: int | None  # primary key
    signature: str  # the name under which the account's actions are recorded
    addresses: list[str]  # earlier ones


@dataclass(frozen=True)
class Person:
    """A member, by the account or by the last address of a deleted one.

    Attributes:
        user: the account, or ``None`` if it was deleted.
        email: the address that finds the rows of a deleted account. Not used while there is an
            account: Oscar lets anybody register with an address that is free again.
    """

    user: User | None
    email: str

    def subscriptions(self) -> SubscriptionQuerySet:
        """Return the person's subscriptions, oldest first."""
        rows = registered.Subscription.objects.order_by("pk")
        if self.user is not None:
            return rows.filter(user=self.user)
        return rows.filter(user__isnull=True, member_email__iexact=self.email)

    def orders(self) -> Rows:
        """Return a queryset of the person's orders of plans, paid or not."""
        orders: QuerySet[Any] = get_model("order", "Order").objects.all()
        lines: QuerySet[Any] = get_model("order", "Line").objects.order_by()
        given = lines.filter(subscription_term__subscription__in=self.subscriptions().order_by())
        if self.user is None:
            numbers = [number for facts in self._deletions() for number in facts["orders"]]
            wanted = [orders.filter(number__in=numbers, user__isnull=True)]
        else:
            own = orders.filter(user=self.user)
            products = registered.Plan.objects.order_by().values("product")
            wanted = [
                own.filter(subscription_consent__isnull=False),
                own.filter(Exists(lines.filter(order=OuterRef("pk"), product__in=products))),
            ]
        # A union, so that each part goes from the person's own rows; with OR, the database would
        # look at all orders of the shop.
        keys = given.values("order").union(*(rows.order_by().values("pk") for rows in wanted))
        return orders.filter(pk__in=keys).order_by("pk")

    def mails(self) -> OutboxMailQuerySet:
        """Return the mails to the person, sent or not."""
        rows = registered.OutboxMail.objects.order_by("pk")
        if self.user is not None:
            return rows.filter(user=self.user)
        return rows.filter(user__isnull=True, email__iexact=self.email).exclude(email="")

    def alerts(self) -> AlertQuerySet:
        """Return the alerts about the person's subscriptions and orders."""
        rows = registered.Alert.objects.order_by()
        about = rows.filter(subscription__in=self.subscriptions().order_by()).values("pk")
        keys = about.union(rows.filter(order__in=self.orders().order_by()).values("pk"))
        return registered.Alert.objects.filter(pk__in=keys).order_by("pk")

    def seller(self) -> Seller | None:
        """Return the person's seller, or ``None``."""
        rows = registered.Seller.objects.select_related("partner")
        if self.user is not None:
            return rows.filter(user=self.user).first()
        sellers = [facts["seller"] for facts in self._deletions() if facts["seller"]]
        return rows.filter(pk__in=sellers, user__isnull=True).first()

    def accounts(self) -> set[object]:
        """Return the primary keys of the deleted accounts that had the address.

        More than one means several people: each registered with it when it was free again.
        """
        return {facts.get("account") for facts in self._deletions()}

    def actor_names(self) -> set[str]:
        """Return the names under which the actions of a deleted account are recorded; empty while
        there is an account, which the rows refer to."""
        return {facts["signature"] for facts in self._deletions() if facts.get("signature")}

    def earlier_addresses(self) -> set[str]:
        """Return the addresses of a deleted account before its last one, as far as known."""
        return {address for facts in self._deletions() for address in facts.get("addresses", ())}

    def _deletions(self) -> list[_Deletion]:
        """What :func:`record_account_deletion` wrote."""
        lines = registered.JournalEntry.objects.filter(
            kind=journal.ACCOUNT_DELETED, subscription__in=self.subscriptions()
        )
        return [line.detail for line in lines]


def as_person(user: Visitor | Person) -> Person:
    """Return the person of an account; a ``Person`` is returned as it is."""
    if isinstance(user, Person):
        return user
    assert user.is_authenticated  # the pages ask visitors to sign in first
    return Person(user, user.email)


def record_account_deletion(user: User) -> None:
    """Write into the journal what leads from an account to its rows; called as it is deleted.

    The deletion takes the account off orders, seller and journal, so that nothing else says whose
    they are. The rows are then found by the last address of the account; an earlier address may
    belong to another person. An anonymised subscription stays nameless.
    """
    person = as_person(user)
    seller = person.seller()
    facts: _Deletion = {
        "account": user.pk,
        "orders": list(person.orders().values_list("number", flat=True)),
        "seller": None if seller is None else seller.pk,
    }
    signature = journal.display_name(user)
    addresses = _readdress_mails(person)
    for subscription in person.subscriptions():
        detail: dict[str, object] = {**facts}
        if not is_nameless(subscription):
            earlier = {*addresses, subscription.member_email} - {"", user.email}
            detail |= {"signature": signature, "addresses": sorted(earlier)}
            subscription.member_email = user.email or subscription.member_email
            subscription.save(update_fields=["member_email"])
        journal.record(subscription, journal.ACCOUNT_DELETED, detail=detail)


def _readdress_mails(person: Person) -> set[str]:
    """Write the current address on the mails that have one; return their former addresses."""
    mails = person.mails().exclude(email="")
    addresses = set(mails.values_list("email", flat=True))
    if person.email:
        mails.update(email=person.email)
    return addresses


def placeholder_name(subscription: Subscription) -> str:
    """Return the text that replaces the member's name on an anonymised ``subscription``."""
    return f"#{subscription.pk}"


def is_nameless(subscription: Subscription) -> bool:
    """Return whether the name was removed; a member who subscribes again has a name again."""
    return (subscription.member_name, subscription.member_email) == (
        placeholder_name(subscription),
        "",
    )


def find(text: str, *, deleted: bool = False) -> Person | None:
    """Return the one person that ``text`` names; ``None`` if it names nobody, or several people.

    Args:
        text: user name or e-mail address.
        deleted: look for a deleted account by its e-mail address, instead of for an account.
    """
    if deleted:
        person = Person(None, text)
        is_one = person.subscriptions().exists() and len(person.accounts()) <= 1
        return person if text and is_one else None
    User = get_user_model()
    named = User._default_manager.filter(**{User.USERNAME_FIELD: text}).first()
    users = [named] if named else list(User._default_manager.filter(email__iexact=text)[:2])
    return as_person(users[0]) if len(users) == 1 else None
