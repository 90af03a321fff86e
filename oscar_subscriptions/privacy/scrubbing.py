"""Where names and addresses of members are kept, and how each of them goes."""

import re
import uuid
from typing import Any

from oscar.core.loading import get_model

from oscar_subscriptions import journal, listings
from oscar_subscriptions.locks import for_update
from oscar_subscriptions.privacy.people import Person

# In place of a name that must not be empty: an empty one means that the software did it.
NOBODY = "–"


def scrub(person: Person, subscriptions: list[Any]) -> None:
    """Take the names and addresses of ``person`` out of our own rows.

    Journal lines and terms are evidence and refuse ``save``; ``update`` does not ask, and this is
    the one place that uses it on them. It writes names, and never what happened, when, or why.
    """
    names = _names(person, subscriptions)
    _scrub_handovers(subscriptions)
    letters = [f"undelivered-{letter.pk}" for letter in person.notifications()]
    Alert = get_model("oscar_subscriptions", "Alert")
    for alert in [*person.alerts(), *Alert.objects.filter(key__in=letters)]:
        Alert.objects.filter(pk=alert.pk).update(reason=_without(alert.reason, names))
    # What is not sent yet is not sent any more.
    person.notifications().filter(sent_at__isnull=True).delete()
    person.notifications().update(email="", last_error="")
    if person.user is not None:
        _scrub_operator(person.user)
    for subscription in subscriptions:
        type(subscription).objects.filter(pk=subscription.pk).update(
            member_name=f"#{subscription.pk}", member_email=""
        )


def close(seller: Any) -> None:
    """Take a seller's services out of the shop for good, and the name off the public page."""
    for_update(get_model("oscar_subscriptions", "Seller").objects.all()).get(pk=seller.pk)
    for product in listings.services(seller):
        listings.unpark(product)
        if product.is_public:
            listings.show(product, False)
    partner = seller.partner
    # The code is a part of the page's address, and was made of the name.
    partner.name, partner.code = f"Consultant {seller.pk}", f"seller-{uuid.uuid4().hex[:12]}"
    partner.save(update_fields=["name", "code"])
    partner.addresses.all().delete()


def _names(person: Person, subscriptions: list[Any]) -> set[str]:
    names = {person.email, *person.notifications().values_list("email", flat=True)}
    if person.user is not None:
        names.add(person.user.get_full_name())
    for subscription in subscriptions:
        names |= {subscription.member_name, subscription.member_email}
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
    lines = get_model("oscar_subscriptions", "JournalEntry").objects.filter(
        kind=journal.HANDED_OVER
    )
    for own in lines.filter(subscription__in=subscriptions):
        there, here, side = (
            ("became", "term", "from") if "became" in own.detail else ("term", "became", "to")
        )
        theirs = lines.filter(term=own.detail[there])
        for line in [own, *theirs]:
            if line == own or line.detail.get(here) == own.term_id:
                lines.filter(pk=line.pk).update(detail=line.detail | {side: NOBODY})


def _scrub_operator(user: Any) -> None:
    """What the person did as an operator was done all the same, by somebody."""
    for model, field, name in (
        ("JournalEntry", "actor", "actor_name"),
        ("Term", "granted_by", "granted_by_name"),
        ("Alert", "resolved_by", "resolved_by_name"),
    ):
        rows = get_model("oscar_subscriptions", model).objects
        rows.filter(**{field: user}).exclude(**{name: ""}).update(**{name: NOBODY})
