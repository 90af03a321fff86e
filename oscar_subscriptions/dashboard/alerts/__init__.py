"""Alerts, in Oscar's dashboard."""
