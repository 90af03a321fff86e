"""Refunds and disputes: the shop's policy, and its effect on a term."""
