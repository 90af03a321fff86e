"""The terms of sale, and a member's acceptance of them with an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.abstract_models.evidence import ImmutableModel
from oscar_subscriptions.querysets import TermsOfSaleQuerySet

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order


class AbstractTermsOfSale(ImmutableModel):
    """One published version of the terms of sale in one language, as plain text.

    Never edited: a new wording is a new row, so that the text accepted with an order stays
    unchanged.
    """

    language = models.CharField(_("Language"), max_length=35)
    version = models.CharField(_("Version"), max_length=64)
    text = models.TextField(_("Text"))
    published_at = models.DateTimeField(_("Published"), default=timezone.now)

    objects = TermsOfSaleQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "version"], name="oscar_subscriptions_terms_version"
            )
        ]
        verbose_name = _("Terms of sale")
        verbose_name_plural = _("Terms of sale")

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"


class AbstractConsent(ImmutableModel):
    """The member's acceptance, kept with the order as evidence.

    It also keeps the conditions on which the plan was ordered, so that an edit of the plan
    between order and payment changes nothing for this member. ``starts_on`` and ``ends_on`` are
    the days shown at the order; the term itself starts on the day the money is confirmed, or, with
    ``at_end``, after the last day of the subscription in ``changes``.
    """

    order: models.OneToOneField[Order, Order] = models.OneToOneField(
        "order.Order",
        on_delete=models.PROTECT,
        related_name="subscription_consent",
        verbose_name=_("Order"),
    )
    terms_of_sale = models.ForeignKey(
        "oscar_subscriptions.TermsOfSale",
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("Terms of sale"),
    )
    accepted_at = models.DateTimeField(_("Accepted"), default=timezone.now)
    plan = models.ForeignKey(
        "oscar_subscriptions.Plan",
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("Plan"),
    )
    months = models.PositiveSmallIntegerField(_("Months"))
    listing_limit = models.PositiveIntegerField(_("Listing limit"), null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(_("Days of grace"))
    changes = models.ForeignKey(
        "oscar_subscriptions.Subscription",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Changes from"),
    )
    at_end = models.BooleanField(_("Begins when that one ends"), default=False)
    starts_on = models.DateField(_("First day shown"))
    ends_on = models.DateField(_("Last day shown"))
    # As the shop's strategy stated it at the order; it can't be worked out from rounded amounts.
    tax_rate = models.DecimalField(
        _("Rate of tax in per cent"), max_digits=7, decimal_places=4, null=True, blank=True
    )

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["terms_of_sale", "-accepted_at", "-id"], name="oscar_subs_consent_new"
            )
        ]
        verbose_name = _("Consent")
        verbose_name_plural = _("Consents")

    def __str__(self) -> str:
        return f"{self.order} – {self.terms_of_sale}"
