"""Collects the money of plan orders on Stripe's hosted page; needs the extra ``[stripe]``.

Order first, pay second: the order exists, unpaid, before the member leaves for the provider.
Three doors lead back (webhook, browser, daily run) and all call ``reconcile``, which asks the
provider for the truth about the session that *we* stored.
"""
