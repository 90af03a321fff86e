"""Yearly subscriptions for django-oscar: a paid order makes its buyer a seller for twelve months.

The rooms, from the top; each imports only those below it:

- doors: ``payments`` (Stripe; asks the provider, then calls ``fulfilment``), ``checks`` (system
  checks), ``basket``, ``checkout``, ``members`` (the members' pages), ``dashboard`` (the operators'
  pages), ``management`` (commands)
- ``renewals``: automatic renewal, announced and charged
- ``daily_run``: what the calendar brings about, step by step, and the doctor
- ``reminders``: who is reminded of a last day, and when; ``privacy``: export, anonymising
- ``fulfilment``: a paid order → a term → a seller, and the way back; what operators (the shop's
  staff) may do to a term
- ``alerts``: what only a person can decide
- ``agreements``: what a member agreed to: terms of sale, automatic renewal
- ``sellers``: who is a seller, their services, and how services leave and re-enter the shop;
  ``plans``: what can be bought, by whom, for which days; ``receipts``
- ``mail``: the mechanism: kinds, outbox, delivery

Below them the models, and the ground: ``terms`` is the calendar arithmetic of terms (days, not
terms of sale), ``gateway`` the interface that a payment provider implements (``payments`` does),
``journal`` the history of a subscription, ``transactions`` the database's, ``protocols`` names for
the type checker.
"""

__version__ = "0.1.0"
