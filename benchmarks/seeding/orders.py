"""Orders and their payments.

Addresses are shared by many orders; Oscar's transactions and payment events, which nothing here
reads, are left out.
"""

from __future__ import annotations

from datetime import date

from oscar.core.loading import get_model

from benchmarks.seeding import layout
from benchmarks.seeding.insert import execute, insert

ADDRESSES = 1000
# Payments count as looked at until then: otherwise the run would ask the provider about thousands
# as soon as the data are a day old.
LOOKED_AT = "now() + interval '20 days' + (i % 1440) * interval '1 minute'"


def write_days(size: int, day: date) -> None:
    """One row for each term: its number (``k``), its member (``i``), its first and last day."""
    today = f"DATE '{day}'"
    first = (
        f"CASE WHEN i % 5 = 0"
        f" THEN ({today} - 39 - (i::bigint * 7919 % 360)::int - interval '12 months')::date"
        f" ELSE {today} - 5 - (i::bigint * 7919 % 280)::int END"
    )
    last = "(starts + interval '12 months' - interval '1 day')::date"
    execute(
        "CREATE UNLOGGED TABLE bench_days AS "
        f"WITH latest AS (SELECT i, {first} AS starts FROM generate_series(1, {size}) AS i) "
        f"SELECT i AS k, i, starts, {last} AS ends FROM latest"
        f" UNION ALL SELECT {size} + i, i, (starts - interval '12 months')::date, starts - 1"
        " FROM latest WHERE i % 2 = 0"
    )


def write_orders() -> None:
    insert(
        get_model("order", "BillingAddress"),
        f"generate_series(1, {ADDRESSES}) AS i",
        id="i",
        first_name="'Ada'",
        last_name="'Martin'",
        line1="i || ' rue de la Paix'",
        line4="'Paris'",
        postcode="'75002'",
        country="'FR'",
        search_text="''",
    )
    order = {
        "site": "1",
        "user": "i",
        "billing_address": f"1 + i % {ADDRESSES}",
        "currency": "'EUR'",
        "total_excl_tax": "200",
        "total_incl_tax": "240",
        "shipping_method": "'No shipping required'",
        "shipping_code": "'no-shipping-required'",
    }
    Order = get_model("order", "Order")
    days = "bench_days"
    placed = "starts + interval '10 hours'"
    insert(
        Order, days, id="k", number="'' || 100000 + k", status="'Paid'", date_placed=placed, **order
    )
    cancelled = "bench_days WHERE k = i AND i % 50 = 0"
    insert(
        Order,
        cancelled,
        id="9000000 + i",
        number="'9' || 1000000 + i",
        status="'Cancelled'",
        date_placed="starts + interval '9 hours'",
        **order,
    )
    line = {
        "product": "1 + i % 3",
        "stockrecord": "1 + i % 3",
        "partner": str(layout.SHOP_PARTNER),
        "partner_name": "'The shop'",
        "partner_sku": "'plan-' || 1 + i % 3",
        "title": "'Plan'",
        "quantity": "1",
        "num_allocated": "1",
        "status": "'Pending'",
    }
    for name in ("line_price", "line_price_before_discounts", "unit_price"):
        line |= {f"{name}_excl_tax": "200", f"{name}_incl_tax": "240"}
    Line = get_model("order", "Line")
    insert(Line, days, id="k", order="k", **line)
    insert(Line, cancelled, id="9000000 + i", order="9000000 + i", **line)


def write_payments(size: int) -> None:
    Attempt = get_model("oscar_subscriptions_payments", "Attempt")
    attempt = {
        "amount": "24000",
        "currency": "'EUR'",
        "asked": "1",
        "answered": "1",
        "reconciled_at": LOOKED_AT,
    }
    # As the runs of the years before have left them, where runs remember that.
    if any(field.name == "is_followed_up" for field in Attempt._meta.fields):
        attempt["is_followed_up"] = "true"
    insert(
        Attempt,
        "bench_days",
        id="k",
        order="k",
        reference="md5(k::text)::uuid",
        session_id="'cs_test_seeded' || k",
        payment_intent_id="'pi_seeded' || k",
        status="'paid'",
        received="24000",
        created_at="starts + interval '10 hours'",
        **attempt,
    )
    insert(
        Attempt,
        "bench_days WHERE k = i AND i % 50 = 0",
        id="9000000 + i",
        order="9000000 + i",
        reference="md5('cancelled' || i)::uuid",
        session_id="'cs_test_cancelled' || i",
        status="'cancelled'",
        created_at="starts + interval '9 hours'",
        **attempt,
    )
    kind = get_model("payment", "SourceType").objects.create(
        pk=1, name="Stripe Checkout", code="stripe-checkout"
    )
    insert(
        get_model("payment", "Source"),
        "bench_days",
        id="k",
        order="k",
        source_type=str(kind.pk),
        currency="'EUR'",
        amount_allocated="240",
        amount_debited="240",
        reference="'pi_seeded' || k",
    )
    insert(
        get_model("oscar_subscriptions", "AutoRenewal"),
        f"generate_series(1, {size}) AS i WHERE i % 20 = 1",
        subscription="i",
        text="'Renew it.'",
        terms_of_sale="1",
        plan_title="'Plan'",
        months="12",
        price="240",
        currency="'EUR'",
        accepted_at="now() - interval '5 days'",
    )
    insert(
        get_model("oscar_subscriptions_payments", "StoredPaymentMethod"),
        f"generate_series(1, {size}) AS i WHERE i % 20 = 1",
        user="i",
        livemode="false",
        customer_id="'cus_seeded' || i",
        payment_method_id="'pm_seeded' || i",
    )
