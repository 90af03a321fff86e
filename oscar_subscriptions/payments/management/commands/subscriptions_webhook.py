"""Create the webhook endpoint at the provider, and dj-stripe's row with its secret."""

from typing import Any

from django.conf import settings as django_settings
from django.contrib.sites.models import Site
from django.core.management.base import BaseCommand, CommandError, CommandParser

from oscar_subscriptions import conf
from oscar_subscriptions.payments.provider import client, webhook_endpoint


class Command(BaseCommand):
    help = (
        "Make or update the webhook endpoint at the payment provider and store its secret. "
        "Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--url",
            metavar="BASE",
            help="scheme and host at which the provider reaches this shop, such as "
            "https://shop.example; default: OSCAR_SUBSCRIPTIONS_BASE_URL or the current Site",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        base = options["url"] or conf.settings.BASE_URL
        base = base or f"https://{Site.objects.get(pk=django_settings.SITE_ID).domain}"
        if not base.startswith(("http://", "https://")):
            raise CommandError(f"{base!r} is not an address such as https://shop.example")
        try:
            row, created = webhook_endpoint.ensure(base.rstrip("/"))
        except (client.ProviderUnavailableError, client.RequestRefusedError) as error:
            raise CommandError(f"The payment provider answered: {error}") from error
        if options["verbosity"]:
            self.stdout.write(f"Webhook {'made' if created else 'up to date'}: {row.url}")
