"""Loads all demo data. Loading it again adds what is missing, no more."""

from django.db import transaction

from shop.demo_data import catalogue, people, selling, site


@transaction.atomic
def load() -> None:
    """Write the demo data; dates are relative to today in the shop's timezone."""
    site.load()
    catalogue.load()
    people.load()
    selling.load()
