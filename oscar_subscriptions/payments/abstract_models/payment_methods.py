"""The payment method that the provider stores for a member."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AbstractStoredPaymentMethod(models.Model):
    """The provider's ids of a member and of the payment method to charge.

    Ids only, no digit of a card. Without ``payment_method_id`` there is a customer and nothing to
    charge. Without ``user`` the customer is to be deleted at the provider: the row is deleted once
    the provider has confirmed, see ``payment_methods.customers``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Member"),
    )
    livemode = models.BooleanField(_("Live mode"))
    customer_id = models.CharField(_("Customer at the provider"), max_length=255)
    payment_method_id = models.CharField(
        _("Payment method at the provider"), max_length=255, blank=True
    )
    updated_at = models.DateTimeField(_("Last changed"), auto_now=True)

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions_payments"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "livemode"], name="oscar_subscriptions_one_payment_method"
            )
        ]
        verbose_name = _("Stored payment method")
        verbose_name_plural = _("Stored payment method")

    def __str__(self) -> str:
        return f"{self.user or '–'}: {self.customer_id}"
