"""``manage.py subscriptions_anonymise``: remove a member's names and addresses."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oscar_subscriptions import privacy
from oscar_subscriptions.management import member_argument


class Command(BaseCommand):
    help = (
        "Make a member nameless, for good. What the law wants kept is kept: terms, orders, "
        "payments, consents, receipts. Automatic renewal ends, and the card kept for it goes. "
        "Refused, with the reason, while money is open or a term runs. "
        "The account itself is left to you: delete it before or after."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        member_argument.add_arguments(parser)
        parser.add_argument("--reason", required=True, help="why; kept in the journal")
        parser.add_argument(
            "--actor", required=True, help="user name or e-mail address of the operator"
        )
        parser.add_argument(
            "--give-up-terms",
            action="store_true",
            help="revoke the terms that run or are still to come, as the member wishes",
        )

    def handle(self, *args: object, **options: Any) -> None:
        person = member_argument.find_member(options)
        if person is None:
            raise CommandError(member_argument.not_found(options))
        actor = privacy.find(options["actor"])
        if actor is None or actor.user is None or not actor.user.is_staff:
            raise CommandError(f"No member of staff is called {options['actor']!r}.")
        try:
            privacy.anonymise(
                person,
                reason=options["reason"],
                actor=actor.user,
                give_up_terms=options["give_up_terms"],
            )
        except privacy.RefusedError as refusal:
            raise CommandError("\n".join(["Nothing was changed.", *refusal.reasons])) from refusal
        if options["verbosity"]:
            self.stdout.write(f"{options['user']}: names and addresses are gone.")
