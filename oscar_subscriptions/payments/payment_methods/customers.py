"""Have the provider delete a customer, and with it every payment method stored there.

A row of ``StoredPaymentMethod`` without a member is a deletion to be done. The row is deleted once
the provider has confirmed, so that a card on file is not overlooked after a crash or when the
provider does not answer; an alert names the customer until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from oscar_subscriptions import alerts
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.provider import client, customers

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import StoredPaymentMethod


def delete(pk: int) -> bool:
    """Have the provider delete the customer of the row ``pk``, if it has no member.

    Called outside any transaction.

    Returns:
        Whether it is deleted.

    Raises:
        client.ProviderUnavailableError: no answer; an alert is raised, and the next run asks
            again.
    """
    rows = registered_payments.StoredPaymentMethod.objects
    row = rows.filter(pk=pk, user__isnull=True).first()
    if row is None:
        return False
    key = f"customer-{row.customer_id}"[:128]
    if row.livemode != client.is_livemode():
        # This key does not know it: the provider would answer as if it were deleted.
        _report(key, row, lines=[alerts.line("other-mode")])
        return False
    try:
        customers.delete_customer(row.customer_id)
    except client.ProviderUnavailableError as silence:
        _report(key, row, reason=str(silence))
        raise
    rows.filter(pk=pk).delete()
    alerts.settle(key, gettext_noop("The provider has deleted the customer."))
    return True


def _report(
    key: str, row: StoredPaymentMethod, *, lines: Sequence[object] = (), reason: str = ""
) -> None:
    facts = {"customer": row.customer_id, "lines": [*lines]}
    alerts.raise_alert(alerts.CUSTOMER_KEPT, key, detail=facts, reason=reason)
