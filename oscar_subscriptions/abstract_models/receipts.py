"""Receipts: what was paid, by whom, to whom, numbered without a gap."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.abstract_models.evidence import ImmutableModel


class AbstractReceipt(ImmutableModel):
    """The receipt of one paid order, with all that is printed on it.

    ``facts`` is a snapshot (see ``receipts.snapshot``): printed again years later it is the same,
    whatever became of names, prices, the vendor or the account. A refund does not change it.
    """

    order = models.OneToOneField(
        "order.Order",
        on_delete=models.PROTECT,
        related_name="subscription_receipt",
        verbose_name=_("Order"),
    )
    number = models.CharField(_("Number"), max_length=32, unique=True)
    issued_at = models.DateTimeField(_("Issued"))
    # In the shop's timezone: the day that is printed, and whose year the number begins with.
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

    The row is the lock under which numbers are drawn. It moves in the transaction that writes the
    receipt, so a number is neither left out nor given twice.
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
