"""The partners under whose name the shop sells its plans: those that nobody but staff can write.

As ``rules.partner_has_sellers`` says it of one partner, here of all in one query.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef
from oscar.core.loading import get_model

from oscar_subscriptions import rules

ADDRESS_FIELDS = ("line1", "postcode", "line4", "country")


def own() -> Any:
    """Return the partners that may sell plans, as a queryset by name."""
    Partner = get_model("partner", "Partner")
    strangers = Partner.users.through.objects.filter(partner=OuterRef("pk"), user__is_staff=False)
    sellers = get_model("oscar_subscriptions", "Seller").objects.filter(partner=OuterRef("pk"))
    return Partner.objects.filter(~Exists(strangers), ~Exists(sellers)).order_by("name", "pk")


def foreign(records: Iterable[Any]) -> list[Any]:
    """Return the partners among stock records who are not the shop's own."""
    return [record.partner for record in records if rules.partner_has_sellers(record.partner)]


def address(data: dict[str, Any]) -> Any | None:
    """Return the unsaved address in ``cleaned_data``, or ``None`` where none was given."""
    values = {name: data.get(name) or "" for name in ADDRESS_FIELDS[:-1]}
    if not any(values.values()):
        return None
    return get_model("partner", "PartnerAddress")(country=data.get("country"), **values)


def create(data: dict[str, Any]) -> Any:
    """Write the new vendor of ``cleaned_data`` and its address, and return the partner."""
    partner = get_model("partner", "Partner").objects.create(name=data["new_vendor"])
    given = address(data)
    if given is not None:
        given.partner = partner
        given.save()
    return partner
