"""The vendor that an operator names on the form of a plan, with its address."""

from typing import Any

from oscar.core.loading import get_model

ADDRESS_FIELDS = ("line1", "postcode", "line4", "country")


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
