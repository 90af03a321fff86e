"""After the crowd: the last notifications, the daily run, the doctor."""

import os
import subprocess
import sys
import time

from django.db.models import F
from oscar.core.loading import get_model

from oscar_subscriptions.mail import sending
from shop import environment as env
from standin.testing import Standin
from tests.smtp import MailServer

ROOT = env.SANDBOX.parent
DRAIN_SECONDS = 50
IDLE_SECONDS = 3


def drain(standin: Standin) -> None:
    """Have the provider send all notifications that are late or found nobody.

    Raises:
        AssertionError: some are still not accepted.
    """
    standin.delivery(delay=0, drop=0)
    standin.flush(timeout=DRAIN_SECONDS, force=True)


def let_mails_leave(mail_server: MailServer) -> None:
    """Wait until the shop's server sends no more e-mails by itself."""
    patience = IDLE_SECONDS + 2 * mail_server.seconds
    taken, since = len(mail_server.taken), time.monotonic()
    while time.monotonic() - since < patience:
        time.sleep(0.2)
        if len(mail_server.taken) > taken:
            taken, since = len(mail_server.taken), time.monotonic()


def let_leases_end() -> int:
    """Make it later than any lease on an e-mail that a killed server was just sending.

    The daily run would otherwise leave those to the next one.

    Returns:
        How many there were.
    """
    OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
    claimed = OutboxMail.objects.filter(claimed_at__isnull=False).unsent()
    return claimed.update(claimed_at=F("claimed_at") - sending.LEASE)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the shop's commands as cron would; return its exit status and what it said."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=env.SANDBOX,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def ask_doctor() -> list[str]:
    """Return what ``subscriptions_doctor`` finds; nothing if all agrees."""
    done = command("subscriptions_doctor", "--verbosity", "0")
    said = done.stdout.splitlines()
    return said or ([done.stderr] if done.returncode else [])
