from typing import Any

from django.core.management.base import BaseCommand

from shop.demo_data import everything


class Command(BaseCommand):
    help = (
        "Write the sandbox's demo data. Running it again adds what is missing and keeps the rest."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        everything.load()
