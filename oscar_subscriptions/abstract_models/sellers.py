"""Members paired with Oscar partners, and the services that are parked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.querysets import SellerQuerySet

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Partner, Product


class AbstractSeller(models.Model):
    """A member paired with the ``Partner`` under which the services are listed.

    Created at the first activation and kept forever. It says nothing about seller *status*, which
    follows from the terms (``sellers.is_seller``).
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subscription_seller",
        verbose_name=_("Member"),
    )
    partner: models.OneToOneField[Partner, Partner] = models.OneToOneField(
        "partner.Partner",
        on_delete=models.PROTECT,
        related_name="subscription_seller",
        verbose_name=_("Partner"),
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    # Until staff take the page down; a part of what each page of the shop reads of its sellers.
    has_page = models.BooleanField(_("Has a public page"), default=True, editable=False)
    # Set where the services could not be brought in line with the terms at once.
    is_due = models.BooleanField(_("To be looked at by the next run"), default=False)

    objects = SellerQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["id"], condition=Q(is_due=True), name="oscar_subs_seller_due")
        ]
        verbose_name = _("Seller")
        verbose_name_plural = _("Sellers")

    def __str__(self) -> str:
        return self.partner.display_name


class AbstractParkedListing(models.Model):
    """One service that the software took out of the shop, so that exactly those come back.

    A service that its seller had withdrawn is not public when the term lapses, gets no row, and
    stays withdrawn on return. ``over_limit``: the seller has more services than the plan allows.
    """

    product: models.OneToOneField[Product, Product] = models.OneToOneField(
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
