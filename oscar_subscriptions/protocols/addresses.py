"""Oscar's addresses, with the attributes that this package uses."""

from collections.abc import Iterable
from typing import Any, Protocol

from oscar_subscriptions.protocols.oscar import Partner
from oscar_subscriptions.protocols.rows import Row


class Address(Row, Protocol):
    """An address of Oscar's: of a user, a partner, or an order."""

    name: str
    line1: str
    line2: str
    line3: str
    line4: str
    state: str
    postcode: str | None
    country: object
    country_id: Any

    def active_address_fields(self) -> list[str]: ...
    def populate_alternative_model(self, address_model: "Address") -> None: ...


class PartnerAddress(Row, Protocol):
    """Oscar's ``PartnerAddress``."""

    partner: Partner

    def full_clean(self, exclude: Iterable[str] | None = ...) -> None: ...


class PersonAddress(Address, Protocol):
    """An address with a person's name: Oscar's ``UserAddress``, ``BillingAddress``."""

    first_name: str
    last_name: str
    is_default_for_billing: bool  # in the address book only

    def generate_hash(self) -> str: ...
