"""Payments as Oscar shows them: Source and Transaction rows, and the order's status."""
