from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The sandbox's own pages, texts and demo data."""

    name = "shop"
    verbose_name = "Sandbox shop"
