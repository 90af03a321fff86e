"""Subscriptions and what happened to them, in Oscar's dashboard."""
