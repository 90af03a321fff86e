"""Tasks of the worker that makes a database."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from oscar.core.loading import get_model

from benchmarks.seeding import members, papers, shop
from benchmarks.seeding.insert import advance_sequences, execute


def tables() -> None:
    """Make the tables: our migrations run, other apps' tables are made from their models."""
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)


def fill(size: int) -> dict[str, Any]:
    """Write a shop with ``size`` subscriptions in which nothing is due; return its day."""
    from oscar_subscriptions import conf

    day = conf.today()
    with transaction.atomic():
        # Foreign keys are right by construction; to check a million of them takes minutes.
        execute("SET LOCAL session_replication_role = replica")
        execute("SET LOCAL max_parallel_workers_per_gather = 2")
        shop.write()
        members.write(size)
        papers.write(size, day)
        advance_sequences(apps.get_models())
        # Oscar numbers orders after their baskets: behind those that are written here.
        execute("SELECT setval(pg_get_serial_sequence('basket_basket', 'id'), 20000000)")
    for name in ("run", "provider-events"):
        get_model("oscar_subscriptions", "Checkpoint").objects.create(name=name, at=timezone.now())
    settle()
    return {"day": str(day)}


def settle() -> None:
    """Vacuum and analyse, so that plans are made from figures and no row has to be looked up."""
    connection.ensure_connection()
    execute("VACUUM ANALYZE")
