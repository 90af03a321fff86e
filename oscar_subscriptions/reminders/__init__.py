"""Reminders of last days.

``due`` decides which terms to remind of, ``mails`` which reminder of them is due on a day, and
writes it; ``opt_out`` stops them.
"""
