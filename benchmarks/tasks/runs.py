"""The daily run, as cron starts it, and raw SQL that writes the same rows."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import transaction

from benchmarks import meter
from benchmarks.seeding.insert import execute
from benchmarks.tasks import due
from benchmarks.tasks.counting import peak_memory, rows_written

PRODUCT, RECORD = "catalogue_product", "partner_stockrecord"
SELLER, PARKED = "oscar_subscriptions_seller", "oscar_subscriptions_parkedlisting"
JOURNAL = "oscar_subscriptions_journalentry"
_OWN = (
    f"{RECORD} r JOIN {SELLER} s ON s.partner_id = r.partner_id"
    f" JOIN {PRODUCT} p ON p.id = r.product_id"
)
_COVERED = (
    f"EXISTS (SELECT 1 FROM {due.TERM} t JOIN {due.SUBSCRIPTION} u ON u.id = t.subscription_id"
    " WHERE u.user_id = s.user_id AND t.starts_on <= current_date"
    " AND t.covered_until >= current_date AND t.revoked_at IS NULL AND t.suspended_at IS NULL)"
)


def run() -> dict[str, Any]:
    """Return what one run costs: seconds ``client`` and ``server``, statements, rows written, peak
    memory in MB (``peak``), and what it said last."""
    said = StringIO()
    before = rows_written()
    with meter.statements() as found:
        clock = meter.Clock()
        call_command("subscriptions_run", stdout=said, stderr=said)
        cost = clock.read()
    said_last = said.getvalue().strip().splitlines()[-1]
    return {
        **cost,
        "statements": len(found.data),
        "transactions": len(found.transactions),
        "rows": rows_written() - before,
        "peak": peak_memory(),
        "said": said_last,
    }


def whole_tables() -> list[list[str]]:
    """Return which statements of a run read whole tables."""
    from benchmarks.tasks import explaining

    with meter.statements() as found:
        call_command("subscriptions_run", stdout=StringIO(), stderr=StringIO())
    return explaining.whole_tables(found)


def park_with_sql() -> dict[str, float]:
    """Park the services of all lapsed sellers with four statements; return what that costs."""
    return _written_with_sql(
        f"SELECT p.id AS product, s.id AS seller, s.user_id FROM {_OWN}"
        f" WHERE p.is_public AND NOT {_COVERED}",
        f"UPDATE {PRODUCT} p SET is_public = false, date_updated = now() FROM bench_due d"
        " WHERE p.id = d.product",
        f"INSERT INTO {PARKED} (product_id, seller_id, over_limit, parked_at)"
        " SELECT product, seller, false, now() FROM bench_due",
        "listings-parked",
    )


def restore_with_sql() -> dict[str, float]:
    """Restore the services of all sellers with a running term; return what that costs."""
    return _written_with_sql(
        f"SELECT l.product_id AS product, s.id AS seller, s.user_id FROM {PARKED} l"
        f" JOIN {SELLER} s ON s.id = l.seller_id WHERE {_COVERED}",
        f"UPDATE {PRODUCT} p SET is_public = true, date_updated = now() FROM bench_due d"
        " WHERE p.id = d.product",
        f"DELETE FROM {PARKED} l USING bench_due d WHERE l.product_id = d.product",
        "listings-restored",
    )


def _written_with_sql(find: str, change: str, record: str, kind: str) -> dict[str, float]:
    before = rows_written()
    clock = meter.Clock()
    with transaction.atomic():
        execute(f"CREATE TEMPORARY TABLE bench_due ON COMMIT DROP AS {find}")
        execute(change)
        execute(record)
        execute(
            f"INSERT INTO {JOURNAL} (subscription_id, at, kind, detail, reason, actor_name)"
            f" SELECT u.id, now(), '{kind}', jsonb_build_object('products', products), '', ''"
            " FROM (SELECT user_id, jsonb_agg(product) AS products FROM bench_due"
            f" GROUP BY user_id) AS d JOIN {due.SUBSCRIPTION} u ON u.user_id = d.user_id"
        )
    cost = clock.read()
    return {**cost, "rows": rows_written() - before}
