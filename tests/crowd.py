"""A shop of thousands of sellers, written in bulk: what takes an hour through the checkout."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, terms

User = get_user_model()
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
Line = get_model("order", "Line")
Order = get_model("order", "Order")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
Receipt = get_model("oscar_subscriptions", "Receipt")
Seller = get_model("oscar_subscriptions", "Seller")
StockRecord = get_model("partner", "StockRecord")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


@dataclass
class Crowd:
    """Sellers who have paid, shown by their orders, each with services in the shop.

    Attributes:
        sellers: in the order of their keys.
        terms: of the sellers, in the same order.
    """

    sellers: list[Any]
    terms: list[Any]


def make(shop: Any, number: int, *, starts_on: date | None = None, services: int = 1) -> Crowd:
    """Write ``number`` sellers whose year began on ``starts_on`` (default: half a year ago)."""
    starts_on = starts_on or conf.today() - timedelta(days=180)
    base = User.objects.count()
    names = [f"crowd{base + count}" for count in range(number)]
    users = User.objects.bulk_create(
        User(username=one, email=f"{one}@example.com") for one in names
    )
    partners = Partner.objects.bulk_create(Partner(name=name, code=name) for name in names)
    sellers = Seller.objects.bulk_create(
        Seller(user=user, partner=partner) for user, partner in zip(users, partners, strict=True)
    )
    _services(shop, partners, services)
    return Crowd(sellers, _paid_terms(shop, users, starts_on))


def _services(shop: Any, partners: list[Any], services: int) -> None:
    owners = [partner for partner in partners for _ in range(services)]
    products = Product.objects.bulk_create(
        Product(
            title=f"Service {number}", slug=f"service-{number}", product_class=shop.product_class
        )
        for number in range(len(owners))
    )
    StockRecord.objects.bulk_create(
        StockRecord(product=product, partner=owner, partner_sku=f"s{product.pk}", price=50)
        for product, owner in zip(products, owners, strict=True)
    )


def _paid_terms(shop: Any, users: list[Any], starts_on: date) -> list[Any]:
    plan, record = shop.plan, shop.plan.product.stockrecords.get()
    moment = timezone.make_aware(datetime(starts_on.year, starts_on.month, starts_on.day, 12))
    total = {"total_incl_tax": 240, "total_excl_tax": 200}
    shipping = {"shipping_incl_tax": 0, "shipping_excl_tax": 0}
    orders = Order.objects.bulk_create(
        Order(
            number=f"C{user.pk}",
            user=user,
            status="Paid",
            currency="EUR",
            date_placed=moment,
            **total,
            **shipping,
        )
        for user in users
    )
    price = {
        f"{name}_{tax}_tax": 240
        for name in ("line_price", "unit_price")
        for tax in ("incl", "excl")
    }
    before = {f"line_price_before_discounts_{tax}_tax": 240 for tax in ("incl", "excl")}
    lines = Line.objects.bulk_create(
        Line(
            order=order,
            product=plan.product,
            stockrecord=record,
            partner=record.partner,
            partner_name="Shop",
            partner_sku="plan",
            title=plan.title,
            quantity=1,
            num_allocated=1,
            **price,
            **before,
        )
        for order in orders
    )
    subscriptions = Subscription.objects.bulk_create(
        Subscription(user=user, plan=plan, language="fr", member_email=user.email) for user in users
    )
    span = terms.bought(starts_on, plan.months, plan.grace_days)
    given = Term.objects.bulk_create(
        Term(
            subscription=subscription,
            order_line=line,
            plan_title=plan.title,
            months=plan.months,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            covered_until=span.covered_until,
            anchor=span.anchor,
            price=240,
            currency="EUR",
        )
        for subscription, line in zip(subscriptions, lines, strict=True)
    )
    Receipt.objects.bulk_create(
        Receipt(
            order=order, number=f"C-{order.pk}", issued_at=moment, issued_on=starts_on, facts={}
        )
        for order in orders
    )
    Attempt.objects.bulk_create(
        Attempt(
            order=order,
            amount=24_000,
            currency="EUR",
            status="paid",
            session_id=f"cs_{order.pk}",
            payment_intent_id=f"pi_{order.pk}",
            reconciled_at=timezone.now(),
            is_followed_up=True,
        )
        for order in orders
    )
    Term.objects.update(created_at=moment)
    JournalEntry.objects.bulk_create(
        JournalEntry(subscription=subscription, kind="term-started", at=moment)
        for subscription in subscriptions
    )
    return given


def renew_automatically(shop: Any, crowd: Crowd) -> None:
    """Write the consent and the stored payment method of each of ``crowd``."""
    words = get_model("oscar_subscriptions", "TermsOfSale").objects.create(version="C", text="…")
    AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")
    AutoRenewal.objects.bulk_create(
        AutoRenewal(
            subscription=term.subscription,
            text="…",
            terms_of_sale=words,
            months=12,
            price=240,
            currency="EUR",
        )
        for term in crowd.terms
    )
    StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")
    StoredPaymentMethod.objects.bulk_create(
        StoredPaymentMethod(
            user=seller.user,
            livemode=False,
            customer_id=f"cus_{seller.user_id}",
            payment_method_id=f"pm_{seller.user_id}",
        )
        for seller in crowd.sellers
    )


def analyse() -> None:
    """Let PostgreSQL count what it has, as its own housekeeping does from time to time."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
