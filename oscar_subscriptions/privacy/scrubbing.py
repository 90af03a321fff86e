"""Remove a member's names and addresses from each row that keeps them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from oscar.core.loading import get_model

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.privacy.people import Person, placeholder_name
from oscar_subscriptions.sellers import listings, parking
from oscar_subscriptions.transactions import locked

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Partner, Product, Seller, Subscription

# Replaces the name of an actor: an empty name would mean the software.
NOBODY = "–"

# Names of actors: model, account, name. Each model has a field ``subscription``.
_SIGNATURES = (
    ("AutoRenewal", "ended_by", "ended_by_name"),
    ("JournalEntry", "actor", "actor_name"),
    ("Term", "granted_by", "granted_by_name"),
    ("Alert", "resolved_by", "resolved_by_name"),
)
# Words that people typed: model, field, path to the subscription.
_WORDS = (
    ("AutoRenewal", "end_reason", "subscription"),
    ("PlannedRenewal", "problem", "auto_renewal__subscription"),
    ("JournalEntry", "reason", "subscription"),
    ("Term", "grant_reason", "subscription"),
)


def scrub(person: Person, subscriptions: list[Subscription]) -> None:
    """Remove the names and addresses of ``person`` from our own rows.

    Journal lines, consents and terms are evidence and refuse ``save``. ``update`` gets past that,
    and writes names here, never what happened or when.

    Args:
        subscriptions: those of ``person``, locked.
    """
    names = _names(person, subscriptions)
    _scrub_handovers(subscriptions)
    undelivered = [f"undelivered-{mail.pk}" for mail in person.mails()]
    alerts = registered.Alert.objects
    for alert in [*person.alerts(), *alerts.filter(key__in=undelivered)]:
        for line in alert.detail.get("lines", []):
            if "email" in line:
                line["email"] = _without(line["email"], names)
        reason = _without(alert.reason, names)
        alerts.filter(pk=alert.pk).update(reason=reason, detail=alert.detail)
    # Mails that wait in the outbox are not sent any more.
    person.mails().filter(sent_at__isnull=True).delete()
    person.mails().update(email="", last_error="")
    _scrub_words(subscriptions, names)
    _scrub_signatures(person, subscriptions)
    for subscription in subscriptions:
        type(subscription).objects.filter(pk=subscription.pk).update(
            member_name=placeholder_name(subscription), member_email=""
        )
        subscription.auto_renewals.update(
            member_name=placeholder_name(subscription), member_email=""
        )


def close_seller(seller: Seller) -> None:
    """Take a seller's services out of the shop for good, and the name off the public page.

    Needs an open transaction.
    """
    assert transaction.get_connection().in_atomic_block
    locked(registered.Seller, seller.pk)
    services: Iterable[Product] = listings.services(seller)
    for product in services:
        parking.unpark(product)
        if product.is_public:
            parking.hide(product)
    seller.take_downs.update(reason="", taken_down_by_name="")
    partner: Partner = seller.partner
    # The code was made of the name, and is part of the page's address.
    partner.name, partner.code = f"Consultant {seller.pk}", f"seller-{uuid.uuid4().hex[:12]}"
    partner.save(update_fields=["name", "code"])
    partner.addresses.all().delete()


def _names(person: Person, subscriptions: list[Subscription]) -> set[str]:
    names = {person.email, *person.mails().values_list("email", flat=True)}
    names |= person.earlier_addresses()
    if person.user is not None:
        names.add(person.user.get_full_name())
    for subscription in subscriptions:
        names |= {subscription.member_name, subscription.member_email}
        for consent in subscription.auto_renewals.all():
            names |= {consent.member_name, consent.member_email}
    return {name for name in names if name.strip()}


def _without(text: str, names: set[str]) -> str:
    # The longest first: "Ada Martin" before "Ada".
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", NOBODY, text)
    return text


def _scrub_handovers(subscriptions: list[Subscription]) -> None:
    """Remove the member from handovers, which name both members in the journals of both.

    Found by the side and not by the name: the member may have had another name then.
    """
    lines = registered.JournalEntry.objects.filter(kind=journal.HANDED_OVER)
    for own in lines.filter(subscription__in=subscriptions):
        there, here, side = (
            ("became", "term", "from") if "became" in own.detail else ("term", "became", "to")
        )
        theirs = lines.filter(term=own.detail[there])
        for line in [own, *theirs]:
            if line == own or line.detail.get(here) == own.term_id:
                lines.filter(pk=line.pk).update(detail=line.detail | {side: NOBODY})


def _scrub_words(subscriptions: list[Subscription], names: set[str]) -> None:
    """Remove ``names`` from the reasons that people typed, and keep the reasons."""
    for model, field, owner in _WORDS:
        rows = get_model("oscar_subscriptions", model).objects.exclude(**{field: ""})
        mine = rows.filter(**{f"{owner}__in": subscriptions})
        for pk, words in mine.values_list("pk", field):
            rows.filter(pk=pk).update(**{field: _without(words, names)})


def _scrub_signatures(person: Person, subscriptions: list[Subscription]) -> None:
    """Replace the name of ``person`` wherever they acted, as a member or as an operator."""
    signatures = person.actor_names()
    for model, actor, name in _SIGNATURES:
        rows = get_model("oscar_subscriptions", model).objects.exclude(**{name: ""})
        if person.user is not None:
            rows = rows.filter(**{actor: person.user})
        else:  # outside of these subscriptions the name may be another person's
            rows = rows.filter(subscription__in=subscriptions, **{f"{name}__in": signatures})
        rows.update(**{name: NOBODY})
    lines = registered.JournalEntry.objects.filter(
        kind=journal.ACCOUNT_DELETED, subscription__in=subscriptions
    )
    for line in lines:
        detail = {
            name: value
            for name, value in line.detail.items()
            if name not in ("signature", "addresses")
        }
        lines.filter(pk=line.pk).update(detail=detail)
