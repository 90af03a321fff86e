"""The operators' pages in Oscar's dashboard: plans, subscriptions, terms of sale. Staff only."""
