"""The operators' pages in Oscar's dashboard: plans, subscriptions, terms of sale, alerts.

They show a subscription and stop its automatic renewal. No page changes a term: operators call the
functions of ``fulfilment``.
"""
