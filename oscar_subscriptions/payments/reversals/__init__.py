"""Refunds and disputes: the shop's policy, and what it does to a term."""
