"""``manage.py subscriptions_doctor``: does everything agree?"""

import logging
from typing import Any

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

    def handle(self, *args: Any, **options: Any) -> None:
        found = fixed = 0
        with progress.shown(options["verbosity"]) as (watch, clear):
            for finding in doctor.examine(watch):
                found += 1
                done = options["fix"] and finding.fix is not None and self._fix(finding)
                fixed += done
                clear()
                self.stdout.write(f"{finding} [fixed]" if done else str(finding))
        if options["verbosity"] and not found:
            self.stdout.write("Everything agrees.")
        if found > fixed:
            raise CommandError(f"{found} disagreements, {fixed} fixed", returncode=1)

    def _fix(self, finding: doctor.Finding) -> bool:
        try:
            finding.fix()  # type: ignore[misc]
        except Exception as error:
            logger.exception("%s could not be fixed", finding)
            self.stderr.write(self.style.ERROR(f"{finding.subject}: {error}"))
            return False
        return True
