"""Yearly subscriptions for django-oscar: a paid order makes its buyer a seller."""

__version__ = "0.1.0"
