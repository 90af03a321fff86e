"""Whom a question is about: a member with an account, or one who has deleted it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from oscar.core.loading import get_model

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered


@dataclass(frozen=True)
class Person:
    """Whose rows they are.

    Attributes:
        user: the account, or ``None`` if it was deleted.
        email: the address by which the rows of a deleted account are known. Never used while there
            is an account: Oscar lets anybody register with an address that is free again.
    """

    user: Any
    email: str

    def subscriptions(self) -> Any:
        """The person's subscriptions, as a queryset in the order in which they began."""
        rows = registered.Subscription.objects.order_by("pk")
        if self.user is not None:
            return rows.filter(user=self.user)
        return rows.filter(user__isnull=True, member_email__iexact=self.email)

    def orders(self) -> Any:
        """The person's orders of plans, paid or not, as a queryset."""
        Order = get_model("order", "Order")
        Plan = registered.Plan
        wanted = Q(lines__subscription_term__subscription__in=self.subscriptions())
        if self.user is None:
            numbers = [number for facts in self._deletions() for number in facts["orders"]]
            wanted |= Q(number__in=numbers, user__isnull=True)
        else:
            of_plans = Q(subscription_consent__isnull=False) | Q(
                lines__product__in=Plan.objects.values("product")
            )
            wanted |= Q(user=self.user) & of_plans
        return Order.objects.filter(
            pk__in=Order.objects.filter(wanted).order_by().values("pk")
        ).order_by("pk")

    def mails(self) -> Any:
        """E-mails to the person, sent or not, as a queryset."""
        rows = registered.OutboxMail.objects.order_by("pk")
        if self.user is not None:
            return rows.filter(user=self.user)
        return rows.filter(user__isnull=True, email__iexact=self.email).exclude(email="")

    def alerts(self) -> Any:
        """Alerts about the person's subscriptions and orders, as a queryset."""
        about = Q(subscription__in=self.subscriptions()) | Q(order__in=self.orders())
        return registered.Alert.objects.filter(about).order_by("pk")

    def seller(self) -> Any | None:
        """The person's ``Seller``, or ``None``."""
        rows = registered.Seller.objects.select_related("partner")
        if self.user is not None:
            return rows.filter(user=self.user).first()
        sellers = [facts["seller"] for facts in self._deletions() if facts["seller"]]
        return rows.filter(pk__in=sellers, user__isnull=True).first()

    def accounts(self) -> set[Any]:
        """The keys of the deleted accounts that had the address; whoever registers with one that
        is free again and leaves in turn is somebody else."""
        return {facts.get("account") for facts in self._deletions()}

    def actor_names(self) -> set[str]:
        """How a deleted account signed what it did; nothing else tells whose it was. Empty while
        there is an account, whose key tells."""
        return {facts["signature"] for facts in self._deletions() if facts.get("signature")}

    def earlier_addresses(self) -> set[str]:
        """Those that a deleted account had before its last one, as far as our rows knew them."""
        return {address for facts in self._deletions() for address in facts.get("addresses", ())}

    def _deletions(self) -> list[dict[str, Any]]:
        """What :func:`record_account_deletion` kept when the account was deleted."""
        lines = registered.JournalEntry.objects.filter(
            kind=journal.ACCOUNT_DELETED, subscription__in=self.subscriptions()
        )
        return [line.detail for line in lines]


def as_person(user: Any) -> Person:
    """Return the person of an account; one that is a ``Person`` already is left as it is."""
    return user if isinstance(user, Person) else Person(user, user.email)


def record_account_deletion(user: Any) -> None:
    """Write into the journal what leads from an account to its rows; called as it is deleted.

    Orders, seller and journal forget their member then, and nothing else tells whose they were.
    From then on the rows are known by the last address of the account; an earlier one may belong
    to somebody else by now. What was made nameless before stays so.
    """
    person = as_person(user)
    seller = person.seller()
    facts = {
        "account": user.pk,
        "orders": list(person.orders().values_list("number", flat=True)),
        "seller": None if seller is None else seller.pk,
    }
    signature = journal.display_name(user)
    addresses = _move_letters(person)
    for subscription in person.subscriptions():
        detail = dict(facts)
        if not is_nameless(subscription):
            earlier = {*addresses, subscription.member_email} - {"", user.email}
            detail |= {"signature": signature, "addresses": sorted(earlier)}
            subscription.member_email = user.email or subscription.member_email
            subscription.save(update_fields=["member_email"])
        journal.record(subscription, journal.ACCOUNT_DELETED, detail=detail)


def _move_letters(person: Person) -> set[str]:
    """Put the address of now on the e-mails that have one; return those that they had."""
    letters = person.mails().exclude(email="")
    addresses = set(letters.values_list("email", flat=True))
    if person.email:
        letters.update(email=person.email)
    return addresses


def placeholder_name(subscription: Any) -> str:
    """Return what stands for the name of the member of ``subscription`` once it is taken away."""
    return f"#{subscription.pk}"


def is_nameless(subscription: Any) -> bool:
    """Tell whether the name was taken away; one who subscribes again later has one again."""
    return (subscription.member_name, subscription.member_email) == (
        placeholder_name(subscription),
        "",
    )


def find(text: str, *, deleted: bool = False) -> Person | None:
    """Return whom an operator means; ``None`` if that is nobody, or more than one.

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
