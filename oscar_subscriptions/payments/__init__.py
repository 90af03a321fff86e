"""Collects the money of plan orders on Stripe's hosted page; needs the extra ``[stripe]``.

Order first, pay second: the order exists, unpaid, before the member leaves for the provider.
Webhook, returning browser and daily run all call ``reconcile``, which asks the provider about the
session that *we* stored.
"""
