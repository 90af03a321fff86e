"""Where names and addresses of members are kept, and how each of them goes."""

import re
import uuid
from typing import Any

from oscar.core.loading import get_model

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.privacy.people import Person, placeholder_name
from oscar_subscriptions.sellers import listings, parking
from oscar_subscriptions.transactions import locked

# In place of a name that must not be empty: an empty one means that the software did it.
NOBODY = "–"

# Who did something; each of these rows belongs to a subscription.
_SIGNATURES = (
    ("AutoRenewal", "ended_by", "ended_by_name"),
    ("JournalEntry", "actor", "actor_name"),
    ("Term", "granted_by", "granted_by_name"),
    ("Alert", "resolved_by", "resolved_by_name"),
)
# Why it was done, and by what path the row belongs to a subscription.
_WORDS = (
    ("AutoRenewal", "end_reason", "subscription"),
    ("PlannedRenewal", "problem", "auto_renewal__subscription"),
    ("JournalEntry", "reason", "subscription"),
    ("Term", "grant_reason", "subscription"),
)


def scrub(person: Person, subscriptions: list[Any]) -> None:
    """Take the names and addresses of ``person`` out of our own rows.

    Journal lines, consents and terms are evidence and refuse ``save``; ``update`` does not ask, and
    this is the one place that uses it on them. It writes names, and never what happened or when.
    """
    names = _names(person, subscriptions)
    _scrub_handovers(subscriptions)
    letters = [f"undelivered-{letter.pk}" for letter in person.mails()]
    Alert = registered.Alert
    for alert in [*person.alerts(), *Alert.objects.filter(key__in=letters)]:
        Alert.objects.filter(pk=alert.pk).update(reason=_without(alert.reason, names))
    # What is not sent yet is not sent any more.
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


def close(seller: Any) -> None:
    """Take a seller's services out of the shop for good, and the name off the public page."""
    locked(registered.Seller, seller.pk)
    for product in listings.services(seller):
        parking.unpark(product)
        if product.is_public:
            parking.hide(product)
    partner = seller.partner
    # The code is a part of the page's address, and was made of the name.
    partner.name, partner.code = f"Consultant {seller.pk}", f"seller-{uuid.uuid4().hex[:12]}"
    partner.save(update_fields=["name", "code"])
    partner.addresses.all().delete()


def _names(person: Person, subscriptions: list[Any]) -> set[str]:
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


def _scrub_handovers(subscriptions: list[Any]) -> None:
    """A handover names both members, in the journals of both: this one on either side.

    By the side and not by the name: the member may have been called otherwise then.
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


def _scrub_words(subscriptions: list[Any], names: set[str]) -> None:
    """Why something was done stays, without the name, whoever typed it."""
    for model, field, owner in _WORDS:
        rows = get_model("oscar_subscriptions", model).objects.exclude(**{field: ""})
        mine = rows.filter(**{f"{owner}__in": subscriptions})
        for pk, words in mine.values_list("pk", field):
            rows.filter(pk=pk).update(**{field: _without(words, names)})


def _scrub_signatures(person: Person, subscriptions: list[Any]) -> None:
    """What the person did, as a member or as an operator, was done all the same, by somebody."""
    signatures = person.actor_names()
    for model, actor, name in _SIGNATURES:
        rows = get_model("oscar_subscriptions", model).objects.exclude(**{name: ""})
        if person.user is not None:
            rows = rows.filter(**{actor: person.user})
        else:  # elsewhere another person may have the same name
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
