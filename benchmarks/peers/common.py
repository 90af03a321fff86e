"""Rows that both peers need."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from django.core.management import call_command

from benchmarks.seeding.insert import execute, insert


def begin(size: int) -> None:
    """Make the tables, and ``size`` users."""
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    Site.objects.update_or_create(pk=1, defaults={"domain": "shop.example", "name": "The shop"})
    insert(
        get_user_model(),
        f"generate_series(1, {size}) AS i",
        id="i",
        username="'member-' || i",
        email="'member-' || i || '@example.com'",
        password="'!'",
        is_active="true",
    )


def settle() -> None:
    """Vacuum and analyse."""
    execute("VACUUM ANALYZE")
