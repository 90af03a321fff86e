"""Attempts to collect the money of an order: on the provider's page, or off session."""
