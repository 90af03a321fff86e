"""What staff have taken out of the shop: a service, or the page of a seller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.querysets import TakeDownQuerySet

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Product


class AbstractTakeDown(models.Model):
    """One time that staff took a service out of the shop, or without ``product`` its seller's page.

    Until it is lifted neither the seller nor the software brings it back. Then a service that was
    in the shop, or parked, is there again as far as the term and its limit allow; one that its
    seller had withdrawn stays so.
    """

    seller = models.ForeignKey(
        "oscar_subscriptions.Seller",
        on_delete=models.CASCADE,
        related_name="take_downs",
        verbose_name=_("Seller"),
    )
    product: models.ForeignKey[Product | None, Product | None] = models.ForeignKey(
        "catalogue.Product",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="subscription_take_downs",
        verbose_name=_("Service"),
    )
    reason = models.CharField(_("Reason"), max_length=255)
    was_offered = models.BooleanField(_("Was in the shop, or parked"), default=True)
    taken_down_at = models.DateTimeField(_("Taken down"), auto_now_add=True)
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Taken down by"),
    )
    taken_down_by_name = models.CharField(_("Taken down by"), max_length=255, blank=True)
    lifted_at = models.DateTimeField(_("Lifted"), null=True, blank=True)

    objects = TakeDownQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(lifted_at__isnull=True),
                name="oscar_subscriptions_one_take_down_per_service",
            ),
            models.UniqueConstraint(
                fields=["seller"],
                condition=Q(lifted_at__isnull=True, product__isnull=True),
                name="oscar_subscriptions_one_take_down_per_page",
            ),
        ]
        verbose_name = _("Take-down")
        verbose_name_plural = _("Take-downs")

    def __str__(self) -> str:
        return str(self.product or self.seller)
