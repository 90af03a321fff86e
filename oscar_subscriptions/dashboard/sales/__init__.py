"""Selling for a member: the operator sends a link, the member orders."""
