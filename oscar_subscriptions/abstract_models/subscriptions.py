"""Subscriptions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.querysets import SubscriptionQuerySet

if TYPE_CHECKING:
    from oscar_subscriptions.plans.term_status import TermStatus


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

    # Of rows from the dashboard's ``states.with_state`` or ``columns.fill``.
    state: str
    status: TermStatus
    first_day: date | None
    last_day: date | None
    origin: str

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
            ("export_subscription", "Can export lists of subscriptions"),
            ("anonymise_member", "Can anonymise members"),
            ("ask_provider", "Can ask the payment provider about an order"),
            ("refund_payment", "Can refund payments of orders"),
            ("sell_for_member", "Can send members a link to order a plan"),
        ]
        verbose_name = _("Subscription")
        verbose_name_plural = _("Subscriptions")

    def __str__(self) -> str:
        return f"{self.member_name or self.member_email} – {self.plan}"
