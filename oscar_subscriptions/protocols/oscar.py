"""Oscar's rows and objects, with the attributes that this package uses."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from django.contrib.auth.models import User
from django.db.models import QuerySet

from oscar_subscriptions.models import Consent, Plan, Receipt
from oscar_subscriptions.payments.abstract_models import AttemptQuerySet
from oscar_subscriptions.protocols.rows import Row, Rows


class Partner(Row, Protocol):
    """Oscar's ``Partner``: whose stock records are sold."""

    name: str
    code: str
    display_name: str
    users: Any
    addresses: Rows
    stockrecords: Rows


class Product(Row, Protocol):
    """Oscar's ``Product``."""

    title: str
    description: str
    is_public: bool
    is_standalone: bool
    is_shipping_required: bool
    parent: "Product | None"
    date_created: datetime
    stockrecords: Any
    own_records: "list[StockRecord]"  # of rows from ``listings.own_services``
    taken_down_because: str | None  # likewise
    categories: Any
    images: Any
    attr: Any
    subscription_plan: Plan

    def get_title(self) -> str: ...
    def get_product_class(self) -> Any: ...
    def get_absolute_url(self) -> str: ...


class ProductQuerySet(QuerySet[Any]):
    """Oscar's queryset of ``Product`` rows."""

    browsable: "Callable[[], ProductQuerySet]"
    base_queryset: "Callable[[], ProductQuerySet]"


class Category(Row, Protocol):
    """Oscar's ``Category``: a node of a tree."""

    name: str
    depth: int


class StockRecord(Row, Protocol):
    """Oscar's ``StockRecord``: a partner sells a product at a price."""

    partner: Partner
    partner_id: Any
    partner_sku: str
    product: Product
    product_id: Any
    price: Decimal | None
    price_currency: str

    def cancel_allocation(self, quantity: int) -> None: ...


class OrderLine(Row, Protocol):
    """A line of Oscar's ``Order``."""

    order: "Order"
    order_id: Any
    product: Product | None
    product_id: Any
    partner: Partner | None
    partner_name: str
    stockrecord: StockRecord | None
    stockrecord_id: Any
    title: str
    quantity: int
    status: str
    num_allocated: int | None
    line_price_incl_tax: Decimal
    line_price_excl_tax: Decimal
    discount_incl_tax: Decimal

    def set_status(self, new_status: str) -> None: ...
    def available_statuses(self) -> Iterable[str]: ...


class Order(Row, Protocol):
    """Oscar's ``Order``, with our relations to it."""

    number: str
    user: User | None
    user_id: Any
    basket: Any
    status: str
    currency: str
    email: str
    total_incl_tax: Decimal
    total_excl_tax: Decimal
    total_tax: Decimal
    date_placed: datetime
    billing_address: Any
    discounts: Rows
    lines: Any
    notes: Rows
    sources: Any
    subscription_alerts: Any
    subscription_attempts: AttemptQuerySet
    subscription_consent: Consent
    subscription_receipt: Receipt
    surcharges: Any
    shipping_method: str
    shipping_incl_tax: Decimal
    shipping_excl_tax: Decimal

    def set_status(self, new_status: str) -> None: ...
    def available_statuses(self) -> Iterable[str]: ...


class Source(Row, Protocol):
    """Oscar's ``Source``: how money of an order was collected; amounts in major units."""

    source_type: Any
    reference: str
    amount_allocated: Decimal
    amount_debited: Decimal
    amount_refunded: Decimal


class BasketLine(Row, Protocol):
    """A line of Oscar's ``Basket``."""

    product: Product
    product_id: Any
    stockrecord: StockRecord
    stockrecord_id: Any
    quantity: int


class Basket(Row, Protocol):
    """Oscar's ``Basket``."""

    OPEN: str
    owner: User | None
    owner_id: Any
    strategy: "Strategy"
    has_strategy: bool
    status: str
    is_empty: bool
    lines: Any

    def all_lines(self) -> Iterable[BasketLine]: ...
    def add_product(self, product: Product, quantity: int = 1) -> object: ...
    def submit(self) -> None: ...
    def is_shipping_required(self) -> bool: ...
    def merge_line(self, line: BasketLine, add_quantities: bool = True) -> None: ...
    def reset_offer_applications(self) -> None: ...


class Price(Protocol):
    """Oscar's ``Price``: amounts in major units of ``currency`` (ISO 4217)."""

    exists: bool
    is_tax_known: bool
    currency: str
    excl_tax: Decimal
    incl_tax: Decimal


class Strategy(Protocol):
    """Oscar's strategy, which chooses the stock record and the price of a product."""

    def fetch_for_product(self, product: Product) -> Any: ...
