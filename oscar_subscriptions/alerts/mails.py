"""Alerts and the outbox: managers read an alert by mail, and a mail that fails raises an alert."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.utils import translation
from django.utils.translation import gettext as _

from oscar_subscriptions.alerts import kinds
from oscar_subscriptions.alerts.alerts import raise_alert, settle
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import hooks

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OutboxMail


def write_alert_mail(facts: dict[str, Any]) -> tuple[str, str]:
    """Return subject and body of the mail to the managers, in the shop's language.

    Args:
        facts: of the outbox row: ``alert``, the primary key of the ``Alert``.
    """
    alert = registered.Alert.objects.get(pk=facts["alert"])
    with translation.override(django_settings.LANGUAGE_CODE):
        subject = kinds.title(alert)
        parts = [alert.reason, kinds.advice(alert)]
        return subject, "\n\n".join(part for part in parts if part)


class Reporter:
    """Raises alerts for mails to members that fail; see ``hooks.Reporter``."""

    def undeliverable(self, row: OutboxMail) -> None:
        raise_alert(
            kinds.UNDELIVERED,
            _key(row),
            reason=f"{row.kind} {row.email}: {row.last_error}",
        )

    def settled(self, row: OutboxMail, was_sent: bool) -> None:
        note = _("It was sent after all.") if was_sent else _("It was not needed any more.")
        settle(_key(row), note)

    def text_unusable(self, row: OutboxMail, kind_name: str, mistake: str, key: str) -> None:
        raise_alert(
            kinds.MAIL_MISTAKE,
            f"text-{key}",
            reason=f"{kind_name} ({row.language}): {mistake}",
        )


def _key(row: OutboxMail) -> str:
    return f"undelivered-{row.pk}"


hooks.register_alerts(write_alert_mail, Reporter())
