"""Reminders of last days: ``due`` finds the terms, ``mails`` writes, ``opt_out`` stops them."""
