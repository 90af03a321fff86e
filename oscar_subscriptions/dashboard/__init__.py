"""The operators' pages in Oscar's dashboard: plans, subscriptions, terms of sale, alerts.

They show a subscription and stop its automatic renewal; what else operators may do to a term are
functions of ``fulfilment``.
"""
