"""Alerts and the outbox: managers read an alert by mail, and a mail that fails raises an alert."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from oscar_subscriptions.alerts import kinds, wording
from oscar_subscriptions.alerts.alerts import raise_alert, settle
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import hooks
from oscar_subscriptions.mail.context import shop_url

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Alert, OutboxMail


def write_alert_mail(facts: dict[str, Any]) -> tuple[str, str]:
    """Return subject and body of the mail to the managers, in the shop's language.

    Args:
        facts: of the outbox row: ``alert``, the primary key of the ``Alert``.
    """
    alert = registered.Alert.objects.get(pk=facts["alert"])
    with translation.override(django_settings.LANGUAGE_CODE):
        parts = [wording.explanation(alert), wording.advice(alert), "\n".join(_links(alert))]
        return wording.title(alert), "\n\n".join(part for part in parts if part)


def _links(alert: Alert) -> Iterator[str]:
    """The addresses of the alert, its order and its member in the dashboard, where they are."""
    order, subscription = alert.order, alert.subscription
    user_id = order.user_id if order else subscription.user_id if subscription else None
    pages: list[tuple[str, str, dict[str, object]]] = [
        (_("Alert"), "subscriptions-dashboard:alert-detail", {"pk": alert.pk})
    ]
    if order is not None:
        pages.append((_("Order"), "dashboard:order-detail", {"number": order.number}))
    if user_id is not None:
        pages.append((_("Member"), "dashboard:user-detail", {"pk": user_id}))
    for name, view, kwargs in pages:
        with suppress(NoReverseMatch):  # a shop may do without a dashboard
            yield f"{name}: {shop_url()}{reverse(view, kwargs=kwargs)}"


class Reporter:
    """Raises alerts for mails to members that fail; see ``hooks.Reporter``."""

    def undeliverable(self, row: OutboxMail) -> None:
        raise_alert(
            kinds.UNDELIVERED,
            _key(row),
            detail={
                "lines": [_line("undelivered", row, email=row.email or "–")],
                "row": row.pk,
            },
            reason=row.last_error,
        )

    def settled(self, row: OutboxMail, was_sent: bool) -> None:
        sent, stale = (
            gettext_noop("It was sent after all."),
            gettext_noop("It was not needed any more."),
        )
        settle(_key(row), sent if was_sent else stale)

    def text_unusable(self, row: OutboxMail, kind_name: str, mistake: str, key: str) -> None:
        raise_alert(
            kinds.MAIL_MISTAKE,
            f"text-{key}",
            detail={"lines": [_line("mistake", row, language=row.language)]},
            reason=mistake,
        )


def _line(name: str, row: OutboxMail, **facts: str) -> dict[str, object]:
    return wording.line(name, mail=wording.mail_kind(row.kind), **facts)


def _key(row: OutboxMail) -> str:
    return f"undelivered-{row.pk}"


hooks.register_alerts(write_alert_mail, Reporter())
