"""What an action may change of a member, read before and after it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from oscar_subscriptions import alerts, conf
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.held_terms import HeldTerms
from oscar_subscriptions.plans.term_status import describe
from oscar_subscriptions.sellers import listings

if TYPE_CHECKING:
    from oscar_subscriptions.privacy import Person
    from oscar_subscriptions.protocols import OutboxMail, Subscription, Term


@dataclass(frozen=True)
class TermFacts:
    """A term: the title of its plan, its first and last day, grace left out, and whether it is
    ``"valid"``, ``"suspended"`` or ``"revoked"``."""

    plan: str
    first: date
    last: date
    validity: str


@dataclass(frozen=True)
class SubscriptionFacts:
    """A subscription.

    Attributes:
        title: of its plan.
        member: the name and the address that it keeps.
        last_day: of its valid terms, grace left out; ``None`` if none runs or is to come.
        renews: whether automatic renewal is on.
    """

    title: str
    member: tuple[str, str]
    last_day: date | None
    renews: bool


@dataclass(frozen=True)
class Facts:
    """A member. Rows by primary key.

    Attributes:
        name: as operators call them.
        seller_until: the last day as a seller, grace included; ``None``: no seller today.
        services: titles of those in the shop.
        alerts: titles of the open ones.
        receipts: their numbers.
        mails: those that are not sent yet.
    """

    name: str
    subscriptions: dict[int, SubscriptionFacts]
    terms: dict[int, TermFacts]
    seller_until: date | None
    services: dict[int, str]
    alerts: dict[int, str]
    receipts: dict[int, str]
    mails: dict[int, OutboxMail]


def take(person: Person, also: Collection[int] = ()) -> Facts:
    """Read the facts of ``person``, as the transaction sees them.

    Args:
        also: primary keys of subscriptions that were the person's before names were removed.
    """
    keys = {*person.subscriptions().values_list("pk", flat=True), *also}
    rows = registered.Subscription.objects.filter(pk__in=keys).order_by("pk")
    subscriptions = list(rows.for_page())
    terms = [term for row in subscriptions for term in row.terms.all()]
    seller = person.seller()
    is_open = person.user is not None and person.user.is_active
    shown = listings.services(seller).filter(is_public=True) if seller is not None else None
    orders = {term.order_line.order_id for term in terms if term.order_line is not None}
    receipts = registered.Receipt.objects.filter(order__in=orders)
    return Facts(
        name=_name(person, subscriptions),
        subscriptions={row.pk: _subscription(row) for row in subscriptions},
        terms={term.pk: _term(term) for term in terms},
        seller_until=HeldTerms.of(person.user).seller_until(conf.today()) if is_open else None,
        services=dict(shown.order_by("pk").values_list("pk", "title")) if shown is not None else {},
        alerts={row.pk: alerts.title(row) for row in person.alerts().open()},
        receipts=dict(receipts.order_by("pk").values_list("pk", "number")),
        mails={row.pk: row for row in person.mails().unsent().select_related("user")},
    )


def _name(person: Person, subscriptions: list[Subscription]) -> str:
    if person.user is not None:
        return person.user.get_full_name() or person.email or person.user.get_username()
    return next((row.member_name for row in subscriptions if row.member_name), person.email)


def _subscription(row: Subscription) -> SubscriptionFacts:
    today = conf.today()
    counting = [term.ends_on for term in row.terms.all() if term.is_valid]
    return SubscriptionFacts(
        title=row.plan.title,
        member=(row.member_name, row.member_email),
        last_day=max((day for day in counting if day >= today), default=None),
        renews=auto_renewal.is_on(row),
    )


def _term(term: Term) -> TermFacts:
    validity = describe(term, term.starts_on).code
    return TermFacts(
        plan=term.plan_title,
        first=term.starts_on,
        last=term.ends_on,
        validity=validity if validity in ("suspended", "revoked") else "valid",
    )
