"""The terms that give subscriptions their days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import terms
from oscar_subscriptions.abstract_models.evidence import ImmutableModel
from oscar_subscriptions.querysets import TermQuerySet

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OrderLine


class AbstractTerm(ImmutableModel):
    """One stretch of calendar days: paid by one order line, or granted by a named operator.

    Legend::

        valid ──suspended_at──► suspended ──cleared──► valid
          └─────revoked_at────► revoked   ──cleared──► valid

    A valid term covers a day when ``starts_on <= day <= covered_until``. A suspended term keeps its
    dates; a revoked term frees them, and no other term moves. Only these two fields are written
    later, and to which term the days of a revoked one went; the rest is a snapshot of the purchase.
    """

    MUTABLE_FIELDS = frozenset({"revoked_at", "suspended_at", "went_to", "went_as"})

    HANDED_OVER, CREDITED = "handed-over", "credited"

    subscription = models.ForeignKey(
        "oscar_subscriptions.Subscription",
        on_delete=models.PROTECT,
        related_name="terms",
        verbose_name=_("Subscription"),
    )
    order_line: models.OneToOneField[OrderLine | None, OrderLine | None] = models.OneToOneField(
        "order.Line",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subscription_term",
        verbose_name=_("Order line"),
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Granted by"),
    )
    granted_by_name = models.CharField(_("Granted by"), max_length=255, blank=True)
    grant_reason = models.CharField(_("Reason of the grant"), max_length=255, blank=True)
    # Marks terms granted to many members at once, which can be revoked at once.
    batch = models.UUIDField(_("Given together as"), null=True, blank=True, db_index=True)

    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"))
    covered_until = models.DateField(_("Last day of grace"))
    anchor = models.DateField(_("Anchor"))

    plan_title = models.CharField(_("Plan"), max_length=255)
    months = models.PositiveSmallIntegerField(_("Months"), default=0)
    listing_limit = models.PositiveIntegerField(_("Listing limit"), null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(_("Days of grace"), default=0)
    price = models.DecimalField(
        _("Price incl. tax"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    currency = models.CharField(_("Currency"), max_length=12, blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)

    revoked_at = models.DateTimeField(_("Revoked"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("Suspended"), null=True, blank=True)
    went_to = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="came_from",
        verbose_name=_("Its days went to"),
    )
    went_as = models.CharField(
        _("How they went"),
        max_length=16,
        blank=True,
        choices=((HANDED_OVER, _("Handed over")), (CREDITED, _("Given up for a credit"))),
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["starts_on", "pk"]
        indexes = [
            models.Index(
                fields=["subscription", "covered_until", "starts_on"],
                name="oscar_subs_term_covers",
            ),
            models.Index(fields=["covered_until", "id"], name="oscar_subs_term_until"),
            models.Index(fields=["ends_on", "id"], name="oscar_subs_term_ends"),
            models.Index(fields=["starts_on", "id"], name="oscar_subs_term_begins"),
            # Few terms of many.
            models.Index(
                fields=["suspended_at", "id"],
                condition=Q(revoked_at__isnull=True, suspended_at__isnull=False),
                name="oscar_subs_term_suspended",
            ),
            models.Index(
                fields=["revoked_at", "id"],
                condition=Q(revoked_at__isnull=False),
                name="oscar_subs_term_revoked",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")) & Q(covered_until__gte=F("ends_on")),
                name="oscar_subscriptions_term_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(order_line__isnull=False) | ~Q(grant_reason=""),
                name="oscar_subscriptions_term_paid_or_granted",
            ),
        ]
        permissions = [
            ("give_term", "Can give days"),
            ("extend_term", "Can extend subscriptions"),
            ("give_goodwill", "Can give days to many subscriptions at once"),
            ("suspend_term", "Can suspend terms"),
            ("resume_term", "Can resume suspended terms"),
            ("revoke_term", "Can revoke terms"),
            ("restore_term", "Can restore revoked terms"),
        ]
        verbose_name = _("Term")
        verbose_name_plural = _("Terms")

    def __str__(self) -> str:
        return f"{self.plan_title}: {self.starts_on} – {self.ends_on}"

    @property
    def is_valid(self) -> bool:
        """Whether the term counts: neither revoked nor suspended."""
        return self.revoked_at is None and self.suspended_at is None

    def covers(self, day: date) -> bool:
        """Return whether the term makes its member a seller on ``day``; as ``objects.covering``."""
        return self.is_valid and self.span.covers(day)

    @property
    def span(self) -> terms.Span:
        """The term's days, for the arithmetic in ``terms``."""
        return terms.Span(self.starts_on, self.ends_on, self.covered_until, self.anchor)
