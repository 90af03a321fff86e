"""Cron needs no Celery: with the extra not installed, nothing imports it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# A module that is None in sys.modules raises ImportError, as one that is not installed.
SCRIPT = """
import pkgutil, sys
for name in ("celery", "kombu", "billiard", "amqp", "vine", "redis"):
    sys.modules[name] = None
import django
django.setup()
import oscar_subscriptions
from oscar_subscriptions.daily_run import runner
found = pkgutil.walk_packages(
    oscar_subscriptions.__path__, "oscar_subscriptions.", onerror=lambda name: None
)
names = [one.name for one in found if not one.name.startswith("oscar_subscriptions.tasks")]
for name in names:
    __import__(name)
assert len(runner.steps()) > 10 and len(names) > 200
try:
    import oscar_subscriptions.tasks
except ImportError as error:
    print(error)
"""


def test_everything_but_the_tasks_is_imported_where_celery_is_not_installed():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": os.pathsep.join(map(str, [ROOT, ROOT / "sandbox"])),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "celery" in done.stdout and done.stdout.count("\n") == 1, done.stdout
