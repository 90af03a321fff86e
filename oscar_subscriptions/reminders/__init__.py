"""Reminders of last days.

``due`` decides who is reminded and of what: a term that ends soon, ends today or has lapsed.
``mails`` decides on which day, by the shop's ``REMINDER_DAYS``, and writes the mail. With
``opt_out`` a member stops them.
"""
