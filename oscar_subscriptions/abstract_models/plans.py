"""Plans: the products that sell a subscription, and their conditions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import terms
from oscar_subscriptions.querysets import PlanQuerySet

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Product

SHORTEST_MONTH = 28


class AbstractPlan(models.Model):
    """A product that sells a subscription, on the conditions of this row.

    Only staff manage plans. A plan is never inferred from a product class or an attribute: sellers
    may write both in Oscar's partner dashboard, and could sell themselves a membership.
    """

    product: models.OneToOneField[Product, Product] = models.OneToOneField(
        "catalogue.Product",
        on_delete=models.PROTECT,
        related_name="subscription_plan",
        verbose_name=_("Product"),
    )
    months = models.PositiveSmallIntegerField(
        _("Months"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Length of a term in calendar months, date to date."),
    )
    listing_limit = models.PositiveIntegerField(
        _("Listing limit"),
        null=True,
        blank=True,
        help_text=_("How many services a seller may have in the shop. Empty: no limit."),
    )
    grace_days = models.PositiveSmallIntegerField(
        _("Days of grace"),
        default=0,
        help_text=_("Days after the last day on which the member is still a seller."),
    )
    is_on_sale = models.BooleanField(_("On sale"), default=True)
    is_renewable = models.BooleanField(
        _("Members may renew it although it is no longer on sale"), default=False
    )
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["pk"]
        verbose_name = _("Plan")
        verbose_name_plural = _("Plans")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a product that can't be sold as a plan, and a grace as long as the term.

        Raises:
            ValidationError: with one message for each field.
        """
        # A renewal within grace continues the old dates: with a longer grace a member could pay
        # for a term that is already over.
        known = self.grace_days is not None and self.months is not None
        if known and self.grace_days >= self.months * SHORTEST_MONTH:
            raise ValidationError({"grace_days": _("Grace must be shorter than the term.")})
        if self.product_id and not self.product.is_standalone:
            raise ValidationError({"product": _("A plan's product can't have variants.")})
        if self.product_id and self.product.is_shipping_required:
            raise ValidationError({"product": _("A plan's product can't need shipping.")})

    @property
    def title(self) -> str:
        """The product's title."""
        return self.product.get_title()

    def preview_term(self, today: date) -> terms.Span:
        """Return the days that a first purchase confirmed on ``today`` would give."""
        return terms.bought(today, self.months, self.grace_days)
