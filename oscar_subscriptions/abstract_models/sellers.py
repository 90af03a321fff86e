"""The pairing of a member with an Oscar partner, and the services that we took out of the shop."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.querysets import SellerQuerySet


class AbstractSeller(models.Model):
    """A member paired with the ``Partner`` under which the services are listed.

    Made at the first activation and kept for ever. It says nothing about seller *status*: that is
    asked of the terms (``sellers.is_seller``).
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subscription_seller",
        verbose_name=_("Member"),
    )
    partner = models.OneToOneField(
        "partner.Partner",
        on_delete=models.PROTECT,
        related_name="subscription_seller",
        verbose_name=_("Partner"),
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)

    objects = SellerQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["pk"]
        verbose_name = _("Seller")
        verbose_name_plural = _("Sellers")

    def __str__(self) -> str:
        return self.partner.display_name


class AbstractParkedListing(models.Model):
    """One service that *we* took out of the shop, so that exactly those come back.

    A service that its seller had withdrawn is not public when the term lapses, gets no row, and
    stays withdrawn on return. ``over_limit``: its seller has more than his plan allows.
    """

    product = models.OneToOneField(
        "catalogue.Product",
        on_delete=models.CASCADE,
        related_name="subscription_parking",
        verbose_name=_("Service"),
    )
    seller = models.ForeignKey(
        "oscar_subscriptions.Seller",
        on_delete=models.CASCADE,
        related_name="parked_listings",
        verbose_name=_("Seller"),
    )
    over_limit = models.BooleanField(_("Above the listing limit"), default=False)
    parked_at = models.DateTimeField(_("Parked"), auto_now_add=True)

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["pk"]
        verbose_name = _("Parked listing")
        verbose_name_plural = _("Parked listings")

    def __str__(self) -> str:
        return str(self.product)
