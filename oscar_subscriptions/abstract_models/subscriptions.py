"""Subscriptions, and the terms that give them their days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import terms
from oscar_subscriptions.abstract_models.evidence import ImmutableModel
from oscar_subscriptions.querysets import SubscriptionQuerySet, TermQuerySet

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OrderLine


class AbstractSubscription(models.Model):
    """One member's subscription to one plan.

    No status is stored: whether it is active follows from its terms. The row is also the lock
    under which terms are added, so that two never overlap. It is written with the first order;
    without terms it is not active. The daily run notes who has one (``has_term``), to find others.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        # The record of payments and days outlives a deleted profile.
        on_delete=models.SET_NULL,
        related_name="oscar_subscriptions",
        verbose_name=_("Member"),
    )
    plan = models.ForeignKey(
        "oscar_subscriptions.Plan",
        on_delete=models.PROTECT,
        # An index below begins with it.
        db_index=False,
        related_name="subscriptions",
        verbose_name=_("Plan"),
    )
    language = models.CharField(_("Language of e-mails"), max_length=35, blank=True)
    member_name = models.CharField(_("Member's name"), max_length=255, blank=True)
    member_email = models.EmailField(_("Member's e-mail"), max_length=254, blank=True)
    # Stops reminders only: mail about payments, suspensions and revocations is always sent.
    reminders_off_at = models.DateTimeField(_("Reminders stopped"), null=True, blank=True)
    has_term = models.BooleanField(_("Has or had a term"), default=False, editable=False)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)

    # Of rows from the dashboard's ``states.with_state``.
    state: str

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "plan"], name="oscar_subscriptions_one_per_user_and_plan"
            )
        ]
        indexes = [
            # Lists of operators: the newest first, of all plans or of one.
            models.Index(fields=["-created_at", "-id"], name="oscar_subs_subscription_new"),
            models.Index(
                fields=["plan", "-created_at", "-id"], name="oscar_subs_subscription_plan"
            ),
            # The unpaid ones: for the list, and for the run that looks at them in turn.
            models.Index(
                fields=["-created_at", "-id"],
                condition=Q(has_term=False),
                name="oscar_subs_subscription_unpaid",
            ),
            models.Index(fields=["id"], condition=Q(has_term=False), name="oscar_subs_first_term"),
        ]
        permissions = [
            ("hand_over_subscription", "Can hand subscriptions over"),
            ("export_member", "Can export the data of a member"),
            ("anonymise_member", "Can anonymise members"),
            ("ask_provider", "Can ask the payment provider about an order"),
            ("refund_payment", "Can refund payments of orders"),
            ("sell_for_member", "Can send members a link to order a plan"),
        ]
        verbose_name = _("Subscription")
        verbose_name_plural = _("Subscriptions")

    def __str__(self) -> str:
        return f"{self.member_name or self.member_email} – {self.plan}"


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
