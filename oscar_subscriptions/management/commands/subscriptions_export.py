"""``manage.py subscriptions_export``: print all data about a member as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oscar_subscriptions import privacy
from oscar_subscriptions.management import member_argument


class Command(BaseCommand):
    help = (
        "Print all that is known of a member as JSON: subscriptions, terms, automatic renewal, "
        "orders, consents, receipts, payments, payment method, e-mails, journal, services."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        member_argument.add_arguments(parser)

    def handle(self, *args: object, **options: Any) -> None:
        person = member_argument.find_member(options)
        if person is None:
            raise CommandError(member_argument.not_found(options))
        self.stdout.write(json.dumps(privacy.export(person), ensure_ascii=False, indent=2))
