"""``manage.py subscriptions_doctor``: print what disagrees, and fix it on request."""

from __future__ import annotations

import logging

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oscar_subscriptions.daily_run import doctor
from oscar_subscriptions.management import progress

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Compare provider, payments, orders, terms and services, and print each disagreement on "
        "one line with what would be done. Exit status 1 if something disagrees, 0 if nothing does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fix", action="store_true", help="do what the lines say, where a program may decide"
        )

    def handle(self, *args: object, fix: bool, verbosity: int, **options: object) -> None:
        found = fixed = 0
        with progress.shown(verbosity) as (watch, clear):
            for finding in doctor.examine(watch):
                found += 1
                done = fix and self._fix(finding)
                fixed += done
                clear()
                self.stdout.write(f"{finding} [fixed]" if done else str(finding))
        if verbosity and not found:
            self.stdout.write("Everything agrees.")
        if found > fixed:
            raise CommandError(f"{found} disagreements, {fixed} fixed", returncode=1)

    def _fix(self, finding: doctor.Finding) -> bool:
        """Return whether ``finding`` has a fix that worked; report one that raised."""
        if finding.fix is None:
            return False
        try:
            finding.fix()
        except Exception as error:
            logger.exception("%s could not be fixed", finding)
            self.stderr.write(self.style.ERROR(f"{finding.subject}: {error}"))
            return False
        return True
