"""The lease on an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order


class AbstractOrderLease(models.Model):
    """The right of one process to ask the provider about an order; see ``reconciliation.lease``."""

    order: models.OneToOneField[Order, Order] = models.OneToOneField(
        "order.Order", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    holder = models.UUIDField(_("Holder"), null=True)
    taken_at = models.DateTimeField(_("Taken"), null=True)
    until = models.DateTimeField(_("Until"), null=True)

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions_payments"
        verbose_name = _("Lease of an order")
        verbose_name_plural = _("Leases of orders")

    def __str__(self) -> str:
        return f"{self.order_id}: {self.holder}"
