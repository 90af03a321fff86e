"""The member's consent to automatic renewal, and the renewals announced under it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.abstract_models.evidence import ImmutableModel
from oscar_subscriptions.querysets import AutoRenewalQuerySet, PlannedRenewalQuerySet

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order


# States of a planned renewal; see ``AbstractPlannedRenewal``.
ANNOUNCED, CHARGING, WAITING = "announced", "charging", "waiting"
DONE, REPLACED, DROPPED, FAILED = "done", "replaced", "dropped", "failed"
OPEN = (ANNOUNCED, CHARGING, WAITING)


class AbstractAutoRenewal(ImmutableModel):
    """A member's consent to automatic renewal, kept as evidence: who, when, to which words.

    Legend::

        in force ──ended_at──► ended    by the member, an operator, or the software; for good

    A subscription has at most one in force; switching it on again is a new consent. A consent given
    with an order counts once that order has given its term.
    """

    MUTABLE_FIELDS = frozenset({"ended_at", "ended_by", "ended_by_name", "end_reason"})

    subscription = models.ForeignKey(
        "oscar_subscriptions.Subscription",
        on_delete=models.PROTECT,
        related_name="auto_renewals",
        verbose_name=_("Subscription"),
    )
    order: models.ForeignKey[Order | None, Order | None] = models.ForeignKey(
        "order.Order",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Order"),
        help_text=_("With which it was chosen; empty: on the page of the subscription."),
    )
    member_name = models.CharField(_("Member's name"), max_length=255, blank=True)
    member_email = models.EmailField(_("Member's e-mail"), max_length=254, blank=True)
    accepted_at = models.DateTimeField(_("Accepted"), default=timezone.now)
    text = models.TextField(_("Text that was shown"))
    terms_of_sale = models.ForeignKey(
        "oscar_subscriptions.TermsOfSale",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Terms of sale"),
    )
    plan_title = models.CharField(_("Plan"), max_length=255)
    months = models.PositiveSmallIntegerField(_("Months"))
    price = models.DecimalField(_("Price incl. tax"), max_digits=12, decimal_places=3)
    currency = models.CharField(_("Currency"), max_length=12)

    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Ended by"),
    )
    ended_by_name = models.CharField(_("Ended by"), max_length=255, blank=True)
    end_reason = models.CharField(_("Why it ended"), max_length=255, blank=True)

    objects = AutoRenewalQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"],
                condition=Q(ended_at__isnull=True),
                name="oscar_subscriptions_one_auto_renewal",
            )
        ]
        permissions = [("stop_autorenewal", "Can stop the automatic renewal of a member")]
        verbose_name = _("Consent to automatic renewal")
        verbose_name_plural = _("Consents to automatic renewal")

    def __str__(self) -> str:
        return f"{self.member_name or self.member_email} – {self.plan_title}"


class AbstractPlannedRenewal(models.Model):
    """One announced renewal: the charge, its day, and the term that it follows.

    Legend::

        announced  the member is told; nothing is ordered yet
        charging   a charge was begun, and its outcome is not known: the next run resumes
        waiting    ordered; the next charge has its day, or the member is paying by hand
        done       the term has begun
        replaced   by another announcement: the price or the conditions have changed
        dropped    its basis is gone: consent, term, plan, member
        failed     no charge succeeded; the order can be paid by hand

    The first three are *open*. ``renewals.table`` says what leads from one to another.
    """

    OPEN = OPEN
    STATUS_CHOICES = (
        (ANNOUNCED, _("Announced")),
        (CHARGING, _("Being charged")),
        (WAITING, _("Waiting for the next charge")),
        (DONE, _("Done")),
        (REPLACED, _("Replaced")),
        (DROPPED, _("Dropped")),
        (FAILED, _("Failed")),
    )

    auto_renewal = models.ForeignKey(
        "oscar_subscriptions.AutoRenewal",
        on_delete=models.PROTECT,
        related_name="planned",
        verbose_name=_("Consent"),
    )
    follows = models.ForeignKey(
        "oscar_subscriptions.Term",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Follows the term"),
    )
    charge_on = models.DateField(_("Charged from"))
    price = models.DecimalField(_("Price incl. tax"), max_digits=12, decimal_places=3)
    currency = models.CharField(_("Currency"), max_length=12)
    months = models.PositiveSmallIntegerField(_("Months"))
    listing_limit = models.PositiveIntegerField(_("Listing limit"), null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(_("Days of grace"))
    order: models.OneToOneField[Order | None, Order | None] = models.OneToOneField(
        "order.Order",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subscription_renewal",
        verbose_name=_("Order"),
    )
    status = models.CharField(_("Status"), max_length=16, choices=STATUS_CHOICES, default=ANNOUNCED)
    tries = models.PositiveSmallIntegerField(_("Charges begun"), default=0)
    problem = models.CharField(_("Last problem"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)

    objects = PlannedRenewalQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["follows"],
                condition=Q(status__in=OPEN),
                name="oscar_subscriptions_one_planned_renewal",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(status__in=OPEN), name="oscar_subs_renewal_open"
            )
        ]
        verbose_name = _("Planned renewal")
        verbose_name_plural = _("Planned renewals")

    def __str__(self) -> str:
        return f"{self.auto_renewal} – {self.charge_on}"

    @property
    def tries_refused(self) -> int:
        """How many charges are known to have failed: not one that is under way or succeeded."""
        return self.tries - (self.status in (CHARGING, DONE)) if self.tries else 0

    @property
    def last_day_to_decline(self) -> date:
        """The last day on which the member can decline before anything is charged."""
        return self.charge_on - date.resolution

    @property
    def conditions(self) -> tuple[int, int | None, int]:
        """Months, listing limit and days of grace, as they were announced."""
        return self.months, self.listing_limit, self.grace_days
