"""Read what the provider sent: any field may be missing, or hold an unexpected value."""

from typing import Protocol


class ProviderObject(Protocol):
    """A session, payment, refund, event …: one of Stripe's objects, or a ``dict`` of its JSON.

    ``StripeObject`` of version 15 is no ``Mapping``: it has items, but no ``get``.
    """

    def __getitem__(self, name: str, /) -> object: ...


def get(thing: object, name: str) -> object:
    """Return the field ``name`` of ``thing``; ``None`` if it has none, or is no object at all."""
    try:
        return thing[name]  # type: ignore[index]  # the TypeError is expected
    except (KeyError, TypeError):
        return None


def amount(thing: object, name: str) -> int | None:
    """Return the minor units in the field ``name`` of ``thing``; ``None`` if it holds none."""
    value = get(thing, name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return None
    return value


def id_of(thing: object, name: str) -> str:
    """Return the id in the field ``name`` of ``thing``, expanded or not; "" if there is none."""
    value = get(thing, name)
    value = value if isinstance(value, str) else get(value, "id")
    return value if isinstance(value, str) else ""
