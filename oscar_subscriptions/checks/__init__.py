"""System checks: settings and data with which a member would pay in vain, or sell unpaid.

``manage.py check`` reads the settings; ``manage.py check --database default``, and ``migrate``,
look at the shop's data as well.
"""

from oscar_subscriptions.checks import guards, installation, plans, renewals, servers

__all__ = ["guards", "installation", "plans", "renewals", "servers"]
