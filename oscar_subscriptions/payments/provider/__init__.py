"""Stripe. ``client`` connects; ``sessions``, ``intents``, ``customers``, ``refunds`` and ``events``
are the calls; ``fields`` reads the objects, ``money`` counts in minor units."""
