"""Collects the money of plan orders on Stripe's hosted page; needs the extra ``[stripe]``.

Everything that is heard of a payment, by webhook, browser or daily run, ends in
``reconciliation``, which asks the provider and applies the answer. ``attempts`` are what we try,
``provider`` is all that is said to Stripe, ``reversals`` what refunds and disputes do,
``projections`` what Oscar shows of it, ``payment_methods`` the stored card.
"""
