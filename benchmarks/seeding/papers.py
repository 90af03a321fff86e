"""Orders and what belongs to them: terms, payments, consents, receipts, history, sent e-mails.

A paid order has a line, an attempt, a source, a consent, a receipt and a term.
"""

from __future__ import annotations

from datetime import date

from oscar.core.loading import get_model

from benchmarks.seeding import layout, orders
from benchmarks.seeding.insert import execute, insert, literal

FACTS = {
    "language": "en",
    "vendor": {"name": "The shop", "address": ["10 rue de la République"], "details": []},
    "member": {"name": "Ada Martin", "address": ["1 rue de la Paix", "75002 Paris", "France"]},
    "order": "100001",
    "ordered_on": "2026-01-01",
    "paid_on": "2026-01-01",
    "payment": "Stripe Checkout pi_0",
    "sources": [1],
    "plan": "Silver",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "currency": "EUR",
    "lines": [
        {"title": "Silver", "quantity": 1, "net": "200.00", "gross": "240.00", "discount": "0.00"}
    ],
    "vat": [{"rate": "20.0000", "net": "200.00", "tax": "40.00"}],
    "net": "200.00",
    "tax": "40.00",
    "gross": "240.00",
}


def write(size: int, day: date) -> None:
    """Write the papers of ``size`` members as they are on ``day``, when nothing is due."""
    orders.write_days(size, day)
    model = get_model
    Subscription = model("oscar_subscriptions", "Subscription")
    # As the runs of the years before have left them, where runs note that.
    known = any(field.name == "has_term" for field in Subscription._meta.fields)
    insert(
        Subscription,
        f"generate_series(1, {size}) AS i",
        id="i",
        user="i",
        plan="1 + i % 3",
        language="'en'",
        member_name="(SELECT first_name || ' ' || last_name FROM auth_user WHERE id = i)",
        member_email="'member-' || i || '@example.com'",
        created_at="TIMESTAMPTZ '2021-01-01' + i * interval '1 minute'",
        **({"has_term": "true"} if known else {}),
    )
    orders.write_orders()
    _write_terms()
    orders.write_payments(size)
    _write_receipts()
    _write_history(size)
    execute("DROP TABLE bench_days")


def _write_terms() -> None:
    shared = {"plan_title": "'Plan'", "listing_limit": "(ARRAY[3, 10, NULL])[1 + i % 3]"}
    insert(
        get_model("oscar_subscriptions", "Term"),
        "bench_days ORDER BY k",
        id="k",
        subscription="i",
        order_line="k",
        starts_on="starts",
        ends_on="ends",
        covered_until="ends",
        anchor="starts",
        months="12",
        price="240",
        currency="'EUR'",
        created_at="starts + interval '10 hours'",
        plan_title=shared["plan_title"],
        listing_limit=shared["listing_limit"],
    )
    insert(
        get_model("oscar_subscriptions", "Consent"),
        "bench_days",
        id="k",
        order="k",
        terms_of_sale="1",
        accepted_at="starts + interval '10 hours'",
        plan="1 + i % 3",
        months="12",
        grace_days="0",
        starts_on="starts",
        ends_on="ends",
        tax_rate="20",
        listing_limit=shared["listing_limit"],
    )


def _write_receipts() -> None:
    """Numbered without a gap in each year, as issuing does."""
    place = "row_number() OVER (PARTITION BY extract(year FROM starts) ORDER BY starts, k)"
    execute(
        "CREATE UNLOGGED TABLE bench_numbers AS SELECT k, starts,"
        f" extract(year FROM starts)::int AS year, {place} AS n FROM bench_days"
    )
    insert(
        get_model("oscar_subscriptions", "Receipt"),
        "bench_numbers ORDER BY k",
        id="k",
        order="k",
        number="year || '-' || lpad(n::text, 6, '0')",
        issued_at="starts + interval '10 hours'",
        issued_on="starts",
        facts=literal(FACTS),
    )
    insert(
        get_model("oscar_subscriptions", "ReceiptCounter"),
        "(SELECT year AS y, max(n) AS n FROM bench_numbers GROUP BY year) AS years",
        year="y",
        last="n",
    )
    execute("DROP TABLE bench_numbers")


def _write_history(size: int) -> None:
    entries = get_model("oscar_subscriptions", "JournalEntry")
    insert(
        entries,
        "bench_days",
        subscription="i",
        term="k",
        at="starts + interval '10 hours'",
        kind="'term-started'",
    )
    insert(
        entries,
        f"bench_days WHERE k = i AND i % 5 = 0 AND i <= {layout.sellers_with_services(size)}",
        subscription="i",
        at="ends + interval '34 hours'",
        kind="'listings-parked'",
    )
    mails = get_model("oscar_subscriptions", "OutboxMail")
    mail = {"user": "i", "email": "'member-' || i || '@example.com'", "language": "'en'"}
    for kind, key, moment, source in (
        ("order-confirmed", "order-", "starts + interval '10 hours'", "bench_days"),
        ("seller-activated", "term-", "starts + interval '10 hours'", "bench_days"),
        ("lapsed", "term-", "ends + interval '34 hours'", "bench_days WHERE k = i AND i % 5 = 0"),
    ):
        insert(
            mails,
            source,
            kind=f"'{kind}'",
            key=f"'{key}' || k",
            context="jsonb_build_object('term', k)",
            created_at=moment,
            sent_at=moment,
            tries="1",
            **mail,
        )
