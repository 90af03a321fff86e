"""Faults and abuse that the shop survives: a test or more for each numbered case.

Real threads, processes, locks and constraints, so PostgreSQL alone and with our migrations::

    pytest --ds=tests.settings_postgresql --migrations tests/faults

On another database nothing here is collected, rather than skipped: a skipped test always means
that something is wrong.
"""

from django.conf import settings

from tests.functional.renewals.fixtures import (  # noqa: F401
    announced,
    bought,
    elsewhere,
    offered,
    renewing,
)

collect_ignore_glob: list[str] = []
if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    collect_ignore_glob.append("test_*.py")
