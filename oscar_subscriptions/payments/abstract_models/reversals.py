"""Refunds and disputes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.payments.reversals import policy


class AbstractReversal(models.Model):
    """A refund or dispute of a payment, as the provider last reported it.

    Unique by the provider's id, so that a repeated report stays one row.
    """

    REFUND, DISPUTE = policy.REFUND, policy.DISPUTE

    attempt = models.ForeignKey(
        "oscar_subscriptions_payments.Attempt",
        on_delete=models.PROTECT,
        related_name="reversals",
        verbose_name=_("Payment attempt"),
    )
    provider_id = models.CharField(_("Id at the provider"), max_length=255, unique=True)
    kind = models.CharField(
        _("Kind"), max_length=16, choices=((REFUND, _("Refund")), (DISPUTE, _("Dispute")))
    )
    status = models.CharField(_("Status"), max_length=64)
    amount = models.PositiveBigIntegerField(_("Amount in minor units"))
    currency = models.CharField(_("Currency"), max_length=12)
    is_money_gone = models.BooleanField(
        _("Money is gone"),
        default=False,
        help_text=_(
            "Whether the provider has taken the money from the shop and not given it back."
        ),
    )
    reason = models.CharField(_("Reason"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("Last changed"), auto_now=True)

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions_payments"
        ordering = ["pk"]
        verbose_name = _("Reversal")
        verbose_name_plural = _("Reversals")

    def __str__(self) -> str:
        return f"{self.provider_id} {self.status}"

    @property
    def is_over(self) -> bool:
        """Whether a dispute has ended."""
        return self.kind == self.DISPUTE and self.status in policy.CLOSED
