"""Our migrations are complete, and run in any shop that has Oscar's."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

OURS = ["oscar_subscriptions", "oscar_subscriptions_payments"]


@pytest.fixture
def loader(settings):
    """All migrations on disk, whatever these tests run with."""
    settings.MIGRATION_MODULES = {"djstripe": None}
    return MigrationLoader(None, ignore_no_migrations=True)


@pytest.fixture
def migrations(loader):
    """Our migrations, by (app, name)."""
    return {key: found for key, found in loader.disk_migrations.items() if key[0] in OURS}


@pytest.mark.parametrize("app", [*OURS, "basket"])
def test_no_migration_is_missing(loader, app):
    # Basket: our ready-made app in its place adds no column.
    with translation.override(None):
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph, trim_to_apps={app})
    assert changes.get(app, []) == []


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
