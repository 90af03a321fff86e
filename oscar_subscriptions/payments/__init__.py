"""Collects the money of plan orders on Stripe's hosted page; needs the extra ``[stripe]``.

Whatever is heard of a payment, from a webhook, the browser or the daily run, is a hint:
``reconciliation`` then asks Stripe what is true and applies the answer. ``attempts`` are our tries
to collect an order's money. ``provider`` holds the calls of Stripe's API and decides nothing,
``reversals`` is what refunds and disputes do,
``projections`` what Oscar shows of it, ``payment_methods`` the stored card.
"""
