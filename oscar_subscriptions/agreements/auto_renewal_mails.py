"""The mails that automatic renewal is on or off, and the context of all mail about renewals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.abstract_models import renewals as states
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.context import shop_url
from oscar_subscriptions.mail.kinds import MailKind, register

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import AutoRenewal, PlannedRenewal, Subscription, Term


def about_planned(values: dict[str, object], facts: dict[str, Any], day: date) -> dict[str, Any]:
    """Return the announced renewal, and the address at which its order can be paid by hand.

    Args:
        values: unused.
        facts: ``planned``, the primary key of a ``PlannedRenewal``; without it the result is empty.
        day: unused.

    Returns:
        ``planned`` (``PlannedRenewal``), ``plan`` (``Plan``) and ``pay_url`` (absolute; "" if the
        order can't be paid).
    """
    if "planned" not in facts:
        return {}
    rows = registered.PlannedRenewal.objects.select_related(
        "auto_renewal__subscription__plan__product", "follows", "order"
    )
    planned = rows.get(pk=facts["planned"])
    gateway = get_gateway()
    pay_url = ""
    if planned.order is not None and gateway.may_be_paid(planned.order).now:
        pay_url = shop_url() + gateway.pay_url(planned.order)
    return {
        "planned": planned,
        "plan": planned.auto_renewal.subscription.plan,
        "pay_url": pay_url,
    }


def is_paid(planned: PlannedRenewal) -> bool:
    """Return whether the order of ``planned`` has given its term."""
    terms = registered.Term.objects.filter(order_line__order=planned.order_id)
    return planned.order_id is not None and terms.exists()


def chosen_with_order(
    values: dict[str, Any], facts: dict[str, Any], day: date
) -> dict[str, object]:
    """Read ``consent``: the ``AutoRenewal`` that was chosen with ``values["order"]`` and is in
    force, or ``None``; nothing without an order."""
    if "order" not in values:
        return {}
    rows = registered.AutoRenewal.objects.in_force().filter(order=values["order"])
    return {"consent": rows.select_related("subscription__plan__product").first()}


def _about_on(
    values: dict[str, object], facts: dict[str, Any], day: date
) -> dict[str, object] | None:
    """Read ``consent`` (``AutoRenewal``), ``plan`` and ``last`` (see :func:`_last_term`); ``None``
    if it was ended since."""
    consent = _consent(facts)
    if auto_renewal.current(consent.subscription) != consent:
        return None
    return _about(consent, day)


def _about_off(
    values: dict[str, object], facts: dict[str, Any], day: date
) -> dict[str, object] | None:
    """Read what :func:`_about_on` reads, and the cause: what :func:`about_planned` reads, or
    ``is_changed``, ``by_member``, ``by_shop`` (bool); ``is_charging``: a charge is under way.

    ``None`` if it was switched on again since, or the renewal was paid after all.
    """
    consent = _consent(facts)
    subscription = consent.subscription
    found = about_planned(values, facts, day)
    planned: PlannedRenewal | None = found.get("planned")
    is_on = auto_renewal.current(subscription) is not None
    if is_on or (planned is not None and is_paid(planned)):
        return None
    if planned is not None and planned.status == states.CHARGING:
        found = {}  # whether it could be paid is not known yet
    by_member = consent.ended_by_id is not None and consent.ended_by_id == subscription.user_id
    return {
        **found,
        **_about(consent, day),
        "is_changed": facts.get("is_changed", False),
        "by_member": by_member,
        "by_shop": consent.ended_by_id is not None and not by_member,
        "is_charging": consent.planned.filter(status=states.CHARGING).exists(),
    }


def _consent(facts: dict[str, Any]) -> AutoRenewal:
    rows = registered.AutoRenewal.objects.select_related("subscription__plan__product")
    return rows.get(pk=facts["consent"])


def _about(consent: AutoRenewal, day: date) -> dict[str, object]:
    last = _last_term(consent.subscription, day)
    return {
        "consent": consent,
        "plan": consent.subscription.plan,
        "last": last,
        "is_over": last is not None and last.covered_until < day,
    }


def _last_term(subscription: Subscription, day: date) -> Term | None:
    """The term with the last day to name; ``None`` if days after it were revoked and it is over: it
    is not the last day that the member knows."""
    last = auto_renewal.last_term(subscription)
    newest = subscription.terms.order_by("-ends_on").first()
    return last if last is not None and (last == newest or last.covered_until >= day) else None


register(
    auto_renewal.SWITCHED_ON,
    MailKind(
        "SUBSCRIPTIONS_RENEWAL_ON", _("Subscription: automatic renewal switched on"), read=_about_on
    ),
)
STOPPED = register(
    auto_renewal.STOPPED,
    MailKind(
        "SUBSCRIPTIONS_RENEWAL_STOPPED",
        _("Subscription: automatic renewal stopped"),
        read=_about_off,
    ),
)
