"""``manage.py subscriptions_run``: the daily run, for cron."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oscar_subscriptions import conf
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.management import progress


class Command(BaseCommand):
    help = (
        "Bring the shop in line with the calendar: park lapsed sellers' services, bring returned "
        "sellers' services back, remind members, send e-mails, look after payments. Safe to "
        "repeat, to kill and to run twice at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--date",
            type=_day,
            metavar="YYYY-MM-DD",
            help="live through this day instead of today",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done and do nothing"
        )

    def handle(
        self,
        *args: object,
        date: date | None,
        dry_run: bool,
        verbosity: int,
        **options: object,
    ) -> None:
        if date and date != conf.today() and not dry_run:
            self.stderr.write(
                self.style.WARNING(
                    f"Services are parked and restored as if it were {date}; the next run without "
                    "--date puts that right. Members are reminded as if it were that day too, and "
                    "e-mails can't be taken back. Nobody is charged before the day has come. With "
                    "--dry-run nothing is changed or sent."
                )
            )
        done = failed = 0
        with progress.shown(verbosity) as (watch, clear):
            for outcome in runner.run(date, dry_run=dry_run, on_progress=watch):
                done += not outcome.failed
                failed += outcome.failed
                clear()
                if outcome.failed:
                    self.stderr.write(self.style.ERROR(outcome.message))
                elif verbosity:
                    self.stdout.write(outcome.message)
        if verbosity:
            would = "would be done" if dry_run else "done"
            self.stdout.write(f"{done} {would}, {failed} failed")
        if failed:
            raise CommandError(f"{failed} steps failed; the log says why", returncode=1)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        # argparse shows no message but that of its own type.
        raise ArgumentTypeError(f"{text!r} is not a day written as YYYY-MM-DD") from error
