"""The members' pages: plans, my subscription, the member space with its services."""
