"""The provider deletes a customer, and with it every payment method that is saved there.

A row of ``StoredPaymentMethod`` without a member is what is left to do. It goes once the provider
has confirmed, so that neither a crash nor a silent provider makes anybody forget a card that is
still on file; as long as the provider does not confirm, an alert names the customer.
"""

from typing import Any

from django.utils.translation import gettext as _

from oscar_subscriptions import alerts
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.provider import client, customers


def delete(pk: int) -> bool:
    """Have the provider delete the customer of the row ``pk``, if it has no member.

    Called outside of any transaction.

    Returns:
        Whether it is deleted.

    Raises:
        provider.ProviderUnavailableError: no answer; operators know, and the next run asks again.
    """
    rows = registered_payments.StoredPaymentMethod.objects
    row = rows.filter(pk=pk, user__isnull=True).first()
    if row is None:
        return False
    key = f"customer-{row.customer_id}"[:128]
    if row.livemode != client.is_livemode():
        # To this key it would be unknown, which is not deleted.
        _report(key, row, _("It was made with a key of the other mode."))
        return False
    try:
        customers.delete_customer(row.customer_id)
    except client.ProviderUnavailableError as silence:
        _report(key, row, str(silence))
        raise
    rows.filter(pk=pk).delete()
    alerts.settle(key, _("The provider has deleted the customer."))
    return True


def _report(key: str, row: Any, reason: str) -> None:
    facts = {"customer": row.customer_id}
    alerts.raise_alert(alerts.CUSTOMER_KEPT, key, detail=facts, reason=reason)
