"""Signals for shops. All are sent after commit with ``send_robust``: a receiver that raises is
logged and changes nothing for the member.

=====================  =========================================================================
Signal                 Sent with
=====================  =========================================================================
``term_started``       ``term``: a paid order line or an operator's grant gave a new term
``term_revoked``       ``term``: a term was revoked
``term_suspended``     ``term``: a term was suspended
``term_restored``      ``term``: a suspended or revoked term counts again
``listings_parked``    ``seller``, ``products``: services left the shop because no term covers today
``listings_restored``  ``seller``, ``products``: exactly those services came back. The run writes
                       these products by ``UPDATE``, without ``pre_save`` and ``post_save``
``refused``            ``order``, ``reason``: money arrived that could not be turned into a term
=====================  =========================================================================
"""

from __future__ import annotations

from django.dispatch import Signal

from oscar_subscriptions.transactions import after_commit

term_started = Signal()
term_revoked = Signal()
term_suspended = Signal()
term_restored = Signal()
listings_parked = Signal()
listings_restored = Signal()
refused = Signal()


def send_on_commit(signal: Signal, sender: object, **named: object) -> None:
    """Send ``signal`` after commit; receivers that raise change nothing."""
    after_commit(signal.send_robust, sender=sender, **named)
