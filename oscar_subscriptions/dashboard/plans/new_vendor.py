"""The vendor that an operator names on the form of a plan, with its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscar.core.loading import get_model

if TYPE_CHECKING:
    from oscar_subscriptions.dashboard.plans.saving import PlanData
    from oscar_subscriptions.protocols import Partner, PartnerAddress

ADDRESS_FIELDS = ("line1", "postcode", "line4", "country")


def address(data: PlanData) -> PartnerAddress | None:
    """Return the unsaved address in the form's data, or ``None`` if none was given."""
    values = {name: data.get(name) or "" for name in ADDRESS_FIELDS[:-1]}
    if not any(values.values()):
        return None
    return get_model("partner", "PartnerAddress")(country=data.get("country"), **values)


def create(data: PlanData) -> Partner:
    """Write the new vendor of the form's data with its address, and return the partner."""
    partner: Partner = get_model("partner", "Partner").objects.create(name=data["new_vendor"])
    given = address(data)
    if given is not None:
        given.partner = partner
        given.save()
    return partner
