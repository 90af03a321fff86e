"""Stripe: calls, objects, events, the webhook endpoint, amounts."""
