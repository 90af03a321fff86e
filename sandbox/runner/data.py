"""The shop's data: made once, recognised when it is whole, made again when it is not."""

import fcntl
import shutil
from typing import IO

from runner.console import SandboxError, say, stage
from shop import environment as env

# Written last. Data without it comes from a first run that was interrupted.
COMPLETE = env.VAR / "complete"
LOCK = env.VAR / "lock"


def lock() -> IO[str]:
    """Claim the data directory for this process, until it ends.

    Returns:
        The open lock file; keep it.

    Raises:
        SandboxError: another sandbox uses the directory.
    """
    env.VAR.mkdir(parents=True, exist_ok=True)
    file = LOCK.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise SandboxError(
            "another sandbox is running on this data. Stop it first, or give this one a "
            "directory of its own: SANDBOX_VAR=…"
        ) from None
    return file


def check_database() -> None:
    """Refuse a ``DATABASE_URL`` that the shop can't use.

    Raises:
        SandboxError: saying which it can.
    """
    try:
        env.database()
    except ValueError as error:
        raise SandboxError(str(error)) from None


def discard_unfinished() -> None:
    """Remove what an interrupted first run left behind."""
    leftovers = [path for path in env.VAR.iterdir() if path != LOCK]
    if COMPLETE.exists() or not leftovers:
        return
    say("an earlier first run did not finish; starting over")
    for path in leftovers:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def prepare() -> None:
    """Make the database, the demo data and the search index, or bring the database up to date."""
    # Django is not set up when this module is imported.
    from django.core.management import call_command
    from django.db import connection

    # The data directory may be complete and ``DATABASE_URL`` name another, empty database.
    is_new = not COMPLETE.exists() or not connection.introspection.table_names()
    if _has_unapplied_migrations():
        with stage("database"):
            call_command("migrate", verbosity=0, interactive=False)
    if _lacks_tables():
        with stage("payment tables"):
            # Not in one call with the above: dj-stripe's tables refer to those.
            call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    if is_new:
        with stage("demo data"):
            call_command("demo_data")
        with stage("search index"):
            call_command("rebuild_index", verbosity=0, interactive=False)
        COMPLETE.touch()


def _has_unapplied_migrations() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _lacks_tables() -> bool:
    from django.apps import apps
    from django.db import connection

    there = set(connection.introspection.table_names())
    wanted = {model._meta.db_table for model in apps.get_app_config("djstripe").get_models()}
    return not wanted <= there
