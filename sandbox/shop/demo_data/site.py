"""The shop's address, the countries of its customers, and its terms of sale."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sites.models import Site
from oscar.core.loading import get_model

TEXTS = Path(__file__).resolve().parent / "texts"
TERMS_OF_SALE_VERSION = "1"

# (two letters, three letters, number, name): a few neighbours are enough to choose from.
COUNTRIES = [
    ("FR", "FRA", "250", "France"),
    ("BE", "BEL", "056", "Belgique"),
    ("CA", "CAN", "124", "Canada"),
    ("CH", "CHE", "756", "Suisse"),
    ("DE", "DEU", "276", "Deutschland"),
    ("ES", "ESP", "724", "España"),
    ("GB", "GBR", "826", "United Kingdom"),
    ("IT", "ITA", "380", "Italia"),
    ("LU", "LUX", "442", "Luxembourg"),
    ("NL", "NLD", "528", "Nederland"),
]


def load() -> None:
    """Write the site, the countries and the terms of sale."""
    Site.objects.update_or_create(
        pk=settings.SITE_ID,
        defaults={
            "domain": urlsplit(settings.OSCAR_SUBSCRIPTIONS_BASE_URL).netloc,
            "name": settings.OSCAR_SHOP_NAME,
        },
    )
    load_countries()
    load_terms_of_sale()


def load_countries() -> None:
    """Write the countries; the shop's own comes first in every list."""
    Country = get_model("address", "Country")
    for alpha2, alpha3, number, name in COUNTRIES:
        Country.objects.get_or_create(
            iso_3166_1_a2=alpha2,
            defaults={
                "iso_3166_1_a3": alpha3,
                "iso_3166_1_numeric": number,
                "name": name.upper(),
                "printable_name": name,
                "display_order": 1 if alpha2 == "FR" else 0,
                "is_shipping_country": True,
            },
        )


def load_terms_of_sale() -> None:
    """Publish the terms of sale in every language of the shop."""
    TermsOfSale = get_model("oscar_subscriptions", "TermsOfSale")
    for language, _name in settings.LANGUAGES:
        text = (TEXTS / f"terms_of_sale.{language}.txt").read_text(encoding="utf-8")
        TermsOfSale.objects.get_or_create(
            language=language, version=TERMS_OF_SALE_VERSION, defaults={"text": text}
        )
