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
        parser.add_argument(
            "--no-provider",
            action="store_false",
            dest="ask_provider",
            help="do not ask the payment provider: compare and fix only what the shop knows itself",
        )

    def handle(
        self, *args: object, fix: bool, ask_provider: bool, verbosity: int, **options: object
    ) -> None:
        found = fixed = 0
        notes: list[doctor.Note] = []
        with progress.shown(verbosity) as (watch, clear):
            for finding in doctor.examine(watch, ask_provider=ask_provider):
                if isinstance(finding, doctor.Note):
                    notes.append(finding)
                    continue
                found += 1
                may_fix = fix and (ask_provider or not finding.fix_asks_provider)
                done = may_fix and self._fix(finding)
                fixed += done
                clear()
                self.stdout.write(f"{finding} [fixed]" if done else str(finding))
        if verbosity:
            for note in notes:
                self.stdout.write(str(note))
        if verbosity and not found:
            is_all = ask_provider and not notes
            self.stdout.write(
                "Everything agrees." if is_all else "Everything that was looked at agrees."
            )
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
