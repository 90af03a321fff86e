"""The shop's data: made once, recognised when it is whole, made again when it is not."""

import fcntl
import os
import shutil
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
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


def discard_unusable() -> None:
    """Remove what an interrupted first run, or another version of our tables, left behind.

    Raises:
        SandboxError: the tables are in a database of the developer's own.
    """
    leftovers = [path for path in env.VAR.iterdir() if path != LOCK]
    if not leftovers or (COMPLETE.exists() and COMPLETE.read_text() == _tables_version()):
        return
    if not COMPLETE.exists():
        say("an earlier first run did not finish; starting over")
    elif os.environ.get("DATABASE_URL"):
        raise SandboxError(
            "the tables of the database that DATABASE_URL names are of another version. "
            "Empty it, and run `make sandbox-reset`."
        )
    else:
        say("the data is of another version of the tables; starting over")
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
        COMPLETE.write_text(_tables_version())


def _tables_version() -> str:
    """Until 0.1.0 our migrations are regenerated, not added to: a digest of them tells versions."""
    package = Path(find_spec("oscar_subscriptions").submodule_search_locations[0])
    files = sorted(package.rglob("migrations/0*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


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
