"""Bring one attempt in line with what the provider knows. Every door calls this.

One process at a time asks about an order and applies the answer (``lease``). The provider is asked
with no lock held; then the answer is applied in one transaction under locks (``applying``).
Reconciling any number of times changes nothing that is so already.
"""

import logging
from typing import Any

from django.utils import timezone

from oscar_subscriptions.payments.reconciliation import applying, lease, provider_state
from oscar_subscriptions.payments.reversals import second_payment

logger = logging.getLogger(__name__)

# What happens at the provider while it is being asked is asked for again, so often; then it is
# left to the next run.
ROUNDS = 3


def reconcile(attempt: Any, *, wait: bool = True) -> Any:
    """Ask the provider about ``attempt`` and act on the answer.

    Args:
        attempt: an ``Attempt``; one that never reached the provider is left alone.
        wait: while another process is at it, wait for it, and take over from one that may be
            dead. Otherwise leave it to that process at once: it will see every hint there is.

    Returns:
        The attempt, fresh from the database: what it says may be another process's doing.

    Raises:
        provider.ProviderUnavailableError: no answer; nothing changed.
    """
    try:
        for _round in range(ROUNDS if attempt.provider_id else 0):
            with lease.held(attempt.order_id, wait=wait) as token:
                _ask_and_apply(attempt, token)
            if not _fresh(attempt).due_at:
                break
    except (lease.BusyError, lease.LostError):
        logger.info("Attempt %s is being reconciled by somebody else", attempt.pk)
    return _fresh(attempt)


def _ask_and_apply(attempt: Any, token: Any) -> None:
    attempt = _fresh(attempt)
    asked_at = timezone.now()
    thorough = bool(attempt.due_at) or attempt.reversals.exists()
    answer = provider_state.fetch(attempt, thorough=thorough)
    applying.apply(attempt, answer, asked_at, token)
    second_payment.give_back(_fresh(attempt))


def _fresh(attempt: Any) -> Any:
    return type(attempt).objects.select_related("order").get(pk=attempt.pk)
