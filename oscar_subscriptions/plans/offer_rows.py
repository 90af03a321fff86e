"""The statement that asks about all stock records on a page; written once, asked with other keys.

Django takes longer to write such a statement than PostgreSQL to answer it, and every page of the
shop asks it. So its text is kept for each number of keys, and only the keys are put into it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connections
from django.db.models import OuterRef, Q, QuerySet, Subquery
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import vendors

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Seller


class OfferRow(NamedTuple):
    """What is known about a stock record. Fields but ``term`` and ``editor`` are those of the rows.

    Attributes:
        term: primary key of a term that makes the seller one today (shop timezone).
        editor: key of a link from the partner to a user who is not staff.
    """

    record: int
    product: int
    term: int | None
    editor: int | None
    is_public: bool
    plan: int | None
    is_on_sale: bool | None
    seller: int | None
    has_page: bool | None
    partner: int
    partner_name: str
    partner_code: str

    def read_seller(self) -> Seller:
        """Return the seller as a page names them: with the partner's name and code; Django reads
        other fields when they are asked for."""
        partner = _partly(
            get_model("partner", "Partner"),
            id=self.partner,
            name=self.partner_name,
            code=self.partner_code,
        )
        seller: Seller = _partly(
            registered.Seller, id=self.seller, partner_id=self.partner, has_page=self.has_page
        )
        seller.partner = partner
        return seller


_NAMES = (
    "pk",
    "product_id",
    "term",
    "editor",
    "product__is_public",
    "product__subscription_plan",
    "product__subscription_plan__is_on_sale",
    "partner__subscription_seller",
    "partner__subscription_seller__has_page",
    "partner_id",
    "partner__name",
    "partner__code",
)


def read(records: Collection[int], products: Collection[int]) -> list[OfferRow]:
    """Return what is known today about stock records, and about all those of products; one query.

    Args:
        records: primary keys of stock records.
        products: primary keys of products; at least one of both.
    """
    alias = get_model("partner", "StockRecord").objects.all().db
    keys = [*_padded(records), *_padded(products)]
    sql, params = _statement(conf.today(), alias, *map(_size, (len(records), len(products))))
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, [*params, *keys])
        return [OfferRow(*row) for row in cursor.fetchall()]


@lru_cache(maxsize=128)
def _statement(day: date, alias: str, records: int, products: int) -> tuple[str, list[Any]]:
    """Return the statement for so many keys, and its parameters but the keys, which come last."""
    # Any keys, all different: Django leaves out what it has twice.
    condition = Q(pk__in=range(1, records + 1)) if records else Q()
    condition |= Q(product__in=range(1, products + 1)) if products else Q()
    sql, params = _rows(day).filter(condition).query.get_compiler(alias).as_sql()
    number = len(params) - records - products
    assert [*params[number:]] == [*range(1, records + 1), *range(1, products + 1)]
    return sql, [*params[:number]]


def _rows(day: date) -> QuerySet[Any, Any]:
    member = "partner__subscription_seller__user"
    covering = registered.Term.objects.covering(day).filter(
        subscription__user=OuterRef(member), subscription__user__is_active=True
    )
    rows = get_model("partner", "StockRecord").objects.order_by()
    # Not EXISTS: PostgreSQL might read all terms or users at once, to be prepared for many records.
    rows = rows.annotate(
        term=Subquery(covering.values("pk")[:1]),
        editor=Subquery(vendors.users("partner_id").values("pk")[:1]),
    )
    asked: QuerySet[Any, Any] = rows.values_list(*_NAMES)
    return asked


def _size(number: int) -> int:
    """The next power of two, so that there are few statements; 0 for none."""
    return 1 << (number - 1).bit_length() if number else 0


def _padded(keys: Collection[int]) -> list[int]:
    found = list(keys)
    return found + found[-1:] * (_size(len(found)) - len(found))


def _partly(model: Any, **values: object) -> Any:
    names = [one.attname for one in model._meta.concrete_fields if one.attname in values]
    return model.from_db(None, names, [values[name] for name in names])
