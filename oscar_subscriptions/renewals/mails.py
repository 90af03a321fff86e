"""Mails about a planned renewal, and whether its announcement was sent in time.

They are sent by the run that writes them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import conf
from oscar_subscriptions.abstract_models import renewals as states
from oscar_subscriptions.agreements import auto_renewal_mails
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.mail.held_terms import HeldTerms
from oscar_subscriptions.mail.kinds import MailKind, register
from oscar_subscriptions.plans import renewal_price

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OutboxMail, PlannedRenewal


def _while_open(
    values: dict[str, object], facts: dict[str, object], day: date
) -> dict[str, Any] | None:
    """Read what the mail speaks of, as ``auto_renewal_mails.about_planned``; ``None`` once the
    renewal or the consent has ended, or the renewal is paid."""
    found = auto_renewal_mails.about_planned(values, facts, day)
    planned: PlannedRenewal | None = found.get("planned")
    if planned is None or planned.status not in planned.OPEN or planned.auto_renewal.ended_at:
        return None
    return None if auto_renewal_mails.is_paid(planned) else found


def _while_refused(
    values: dict[str, object], facts: dict[str, object], day: date
) -> dict[str, Any] | None:
    """As :func:`_while_open`; ``None`` also once another charge is under way."""
    found = _while_open(values, facts, day)
    return found if found is not None and found["planned"].status == states.WAITING else None


def _announcement(
    values: dict[str, object], facts: dict[str, object], day: date
) -> dict[str, object] | None:
    """As :func:`_while_open`, with ``paid_before``: the term paid last (``Term``) if its price or
    currency was different, or ``None``."""
    found = _while_open(values, facts, day)
    if found is None:
        return None
    planned: PlannedRenewal = found["planned"]
    subscription = planned.auto_renewal.subscription
    held = HeldTerms.of(subscription.user)
    paid = renewal_price.paid_before(held, subscription.plan, planned.price, planned.currency)
    return found | {"paid_before": paid}


ANNOUNCED = register(
    "renewal-announced",
    MailKind(
        "SUBSCRIPTIONS_RENEWAL_ANNOUNCED",
        _("Subscription: automatic renewal announced"),
        read=_announcement,
    ),
)
FAILED = register(
    "renewal-failed",
    MailKind(
        "SUBSCRIPTIONS_RENEWAL_FAILED",
        _("Subscription: automatic renewal not paid"),
        read=_while_refused,
    ),
)


def announced(planned: PlannedRenewal) -> None:
    """Write the mail that announces ``planned``."""
    _tell(planned, ANNOUNCED, _key(planned))


def refused(planned: PlannedRenewal) -> None:
    """Write that the latest charge was refused, and that there will be another."""
    _tell(planned, FAILED, f"{_key(planned)}-{planned.tries}")


def announcement(planned: PlannedRenewal) -> OutboxMail | None:
    """Return the row of the outbox that announces ``planned``, or ``None``."""
    rows = registered.OutboxMail.objects
    return rows.filter(kind=ANNOUNCED, key=_key(planned)).first()


def was_told_in_time(planned: PlannedRenewal, day: date) -> bool:
    """Return whether the announcement of ``planned`` was sent at least ``RENEWAL_NOTICE_DAYS``
    before ``day`` (shop timezone)."""
    row = announcement(planned)
    if row is None or row.sent_at is None:
        return False
    sent_on = timezone.localdate(row.sent_at, timezone=timezone.get_default_timezone())
    return sent_on + timedelta(days=conf.settings.RENEWAL_NOTICE_DAYS) <= day


def _tell(planned: PlannedRenewal, kind: str, key: str) -> None:
    subscription = planned.auto_renewal.subscription
    outbox.to_member(subscription, kind, key, {"planned": planned.pk}, at_once=False)


def _key(planned: PlannedRenewal) -> str:
    return f"renewal-{planned.pk}"
