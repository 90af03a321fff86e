"""Read what the provider sent: any field may be missing, or hold something else than we know."""

from typing import Any


def get(thing: Any, name: str) -> Any:
    """Return the field ``name`` of ``thing``, ``None`` where there is none.

    A ``StripeObject`` of version 15 is no ``Mapping``: it has items, but no ``get``.
    """
    try:
        return thing[name]
    except (KeyError, TypeError):
        return None


def amount(thing: Any, name: str) -> int | None:
    """Return the minor units in the field ``name`` of ``thing``, ``None`` if it holds none."""
    value = get(thing, name)
    is_amount = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if is_amount else None


def id_of(thing: Any, name: str) -> str:
    """Return the id in the field ``name`` of ``thing``, expanded or not; "" if there is none."""
    value = get(thing, name)
    value = value if isinstance(value, str) else get(value, "id")
    return value if isinstance(value, str) else ""
