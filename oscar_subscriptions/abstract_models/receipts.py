"""Receipts for paid orders, numbered without a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.abstract_models.evidence import ImmutableModel

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order


class AbstractReceipt(ImmutableModel):
    """The receipt for one paid order, with everything that is printed on it.

    ``facts`` is a snapshot (see ``receipts.snapshot``): a reprint years later is the same, whatever
    became of names, prices, the vendor or the account. A refund does not change it.
    """

    order: models.OneToOneField[Order, Order] = models.OneToOneField(
        "order.Order",
        on_delete=models.PROTECT,
        related_name="subscription_receipt",
        verbose_name=_("Order"),
    )
    number = models.CharField(_("Number"), max_length=32, unique=True)
    issued_at = models.DateTimeField(_("Issued"))
    # The printed day, in the shop's timezone; the number begins with its year.
    issued_on = models.DateField(_("Issued on"))
    facts = models.JSONField(_("Facts"))

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["pk"]
        verbose_name = _("Receipt")
        verbose_name_plural = _("Receipts")

    def __str__(self) -> str:
        return self.number


class AbstractReceiptCounter(models.Model):
    """The last number drawn in one year.

    The row is the lock under which numbers are drawn. It advances in the transaction that writes
    the receipt, so that no number is skipped or used twice.
    """

    year = models.PositiveSmallIntegerField(_("Year"), unique=True)
    last = models.PositiveIntegerField(_("Last number"), default=0)

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["year"]
        verbose_name = _("Counter of receipts")
        verbose_name_plural = _("Counters of receipts")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
