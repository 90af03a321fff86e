"""The history of subscriptions, and the outbox of mail."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.abstract_models.evidence import ImmutableModel
from oscar_subscriptions.querysets import OutboxMailQuerySet


class AbstractJournalEntry(ImmutableModel):
    """One line of a subscription's history: what, when, who, why. Append-only."""

    subscription = models.ForeignKey(
        "oscar_subscriptions.Subscription",
        on_delete=models.PROTECT,
        related_name="journal",
        verbose_name=_("Subscription"),
    )
    term = models.ForeignKey(
        "oscar_subscriptions.Term",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="journal",
        verbose_name=_("Term"),
    )
    at = models.DateTimeField(_("When"), default=timezone.now)
    kind = models.CharField(_("What"), max_length=64)
    detail = models.JSONField(_("Detail"), default=dict, blank=True)
    reason = models.CharField(_("Why"), max_length=255, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Who"),
    )
    actor_name = models.CharField(_("Who"), max_length=255, blank=True)

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["at"], name="oscar_subs_journal_at")]
        verbose_name = _("Journal entry")
        verbose_name_plural = _("Journal")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


class AbstractOutboxMail(models.Model):
    """A mail to send: one row of the outbox, unique by kind and key.

    Legend::

        due ──► sent       (``sent_at``) the mail server has taken it
          └───► dropped    (``dropped_at``) its news was no longer true, or a later mail replaced it

    The sender takes a lease first (``claimed_at``), so that no lock is held while the mail server
    answers and a process that dies midway blocks the row for minutes only. A mail server that is
    down leaves the row due, with the error and the number of tries; the next run sends it. So does
    a mail that had nobody to go to.
    """

    kind = models.CharField(_("Kind"), max_length=64)
    key = models.CharField(_("Key"), max_length=128)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Member"),
    )
    email = models.EmailField(_("Address"), max_length=254, blank=True)
    language = models.CharField(_("Language"), max_length=35, blank=True)
    # Ids as JSON; the mail reads the rest when it is sent.
    context = models.JSONField(_("Context"), default=dict, blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    claimed_at = models.DateTimeField(_("Being sent since"), null=True, blank=True)
    sent_at = models.DateTimeField(_("Sent"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("Not needed since"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("Tries"), default=0)
    last_error = models.CharField(_("Last error"), max_length=255, blank=True)

    # On rows from ``objects.tried_in_vain()``.
    can_be_tried: bool

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        permissions = [("resend_outboxmail", "Can send an e-mail again")]
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="oscar_subscriptions_outbox_once")
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="oscar_subs_outbox_due",
            )
        ]
        verbose_name = _("E-mail")
        verbose_name_plural = _("E-mails")

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
