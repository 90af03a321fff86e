"""Our migrations are complete, and run in any shop that has Oscar's."""

from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OURS = ["oscar_subscriptions", "oscar_subscriptions_payments"]


@pytest.fixture
def migrations(settings):
    """Our migrations, by (app, name), whatever these tests run with."""
    settings.MIGRATION_MODULES = {"djstripe": None}
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {key: found for key, found in loader.disk_migrations.items() if key[0] in OURS}


@pytest.mark.usefixtures("migrations")
def test_no_migration_is_missing(db):
    out = StringIO()
    # Exits with a code if there is anything to write. Basket: our fork of it adds no column.
    call_command("makemigrations", *OURS, "basket", check=True, dry_run=True, stdout=out)
    assert "No changes detected" in out.getvalue()


def test_migrations_name_no_migration_of_oscars(migrations):
    assert len(migrations) >= 3
    for migration in migrations.values():
        for app, name in migration.dependencies:
            assert app in OURS or name == "__first__", f"{migration} depends on {app}.{name}"


@pytest.mark.parametrize(
    ("vendor", "expected"), [("sqlite", []), ("mysql", []), ("postgresql", ["ADD", "DROP"])]
)
def test_the_overlap_constraint_is_left_out_where_the_database_can_t_have_it(
    migrations, vendor, expected
):
    executed = []
    editor = SimpleNamespace(
        connection=SimpleNamespace(vendor=vendor),
        execute=lambda sql: executed.append(sql.split("CONSTRAINT")[0].split()[-1]),
    )
    [operation] = migrations["oscar_subscriptions", "0002_terms_never_overlap"].operations
    operation.code(None, editor)
    operation.reverse_code(None, editor)
    assert executed == expected
