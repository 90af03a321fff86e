"""The member's choice that a subscription is renewed automatically: given, asked for, taken back.

Off by default. It is carried out by ``renewal_charges``; here nobody is charged.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from oscar_subscriptions import conf, journal
from oscar_subscriptions.abstract_models.plans import SHORTEST_MONTH
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.transactions import locked, transactional


def is_offered() -> bool:
    """Tell whether members can choose it: the shop wants it, and its gateway is able to."""
    return conf.settings.AUTO_RENEWAL and get_gateway().can_renew()


def current(subscription: Any) -> Any | None:
    """Return the ``AutoRenewal`` that is in force for ``subscription``, or ``None``."""
    rows = registered.AutoRenewal.objects.in_force()
    return rows.filter(subscription=subscription).first()


def is_on(subscription: Any) -> bool:
    """Tell whether ``subscription`` is to be renewed automatically, as its member sees it."""
    return is_offered() and current(subscription) is not None


def is_chosen_with(order: Any) -> bool:
    """Tell whether the member ticked it with ``order`` and has not taken that back; it counts once
    the order is paid."""
    rows = registered.AutoRenewal.objects
    return rows.filter(order=order, ended_at__isnull=True).exists()


def leaves_time_to_announce(plan: Any) -> bool:
    """Tell whether every term of ``plan`` is long enough to announce its renewal after it has
    begun: by the next daily run, thus a day later at the worst."""
    shortest = plan.months * SHORTEST_MONTH + plan.grace_days
    return shortest > conf.settings.RENEWAL_NOTICE_DAYS


def takes_the_place_of_reminders(subscription: Any, today: date | None = None) -> bool:
    """Tell whether the member is told of the end of the term by the announcement of its renewal.

    Args:
        today: default: today in the shop's timezone.
    """
    last = last_term(subscription)
    return (
        last is not None and told_by_announcement(today or conf.today()).filter(pk=last.pk).exists()
    )


def told_by_announcement(day: date) -> Any:
    """Return the terms, as a queryset, of which reminders on ``day`` that they end would be wrong.

    Their renewal is announced, or still will be in time. Not so where the member chose automatic
    renewal too late for this term, where it has failed, and where the day of the charge has passed
    and something stood in its way.
    """
    terms = registered.Term.objects.filter(covered_until__gte=day)
    if not is_offered():
        return terms.none()
    consents = registered.AutoRenewal.objects.in_force()
    planned = registered.PlannedRenewal.objects.filter(follows=OuterRef("pk"))
    expected = planned.opened().filter(Q(charge_on__gte=day) | Q(begun__gt=0))
    notice = timedelta(days=conf.settings.RENEWAL_NOTICE_DAYS)
    in_time = ~Exists(planned) & Q(covered_until__gte=day + notice)
    return terms.filter(
        Exists(consents.filter(subscription=OuterRef("subscription"))),
        Q(Exists(expected)) | in_time,
    )


def last_term(subscription: Any) -> Any | None:
    """Return the term of ``subscription`` that ends last, revoked ones apart; it may be suspended,
    or over."""
    return subscription.terms.not_revoked().order_by("-ends_on").first()


def charge_day(term: Any, announced_on: date) -> date | None:
    """Return the day from which the renewal of ``term`` may be charged.

    Args:
        term: the term to follow.
        announced_on: the day on which the member is told.

    Returns:
        Some days before its last day, but not before the member has had the time that was
        promised; ``None`` if that is too late: the term would be over.
    """
    wanted = term.ends_on - timedelta(days=conf.settings.RENEWAL_CHARGE_DAYS)
    allowed = announced_on + timedelta(days=conf.settings.RENEWAL_NOTICE_DAYS)
    day = max(wanted, allowed)
    return day if day <= term.covered_until else None


@transactional
def switch_on(
    subscription: Any, *, text: str, terms_of_sale: Any, total: Any, order: Any = None
) -> Any:
    """Write the member's consent; one that is in force already stays as it is.

    Args:
        subscription: the ``Subscription``; it has a member.
        text: the words that the member agreed to, as they were shown.
        terms_of_sale: the ``TermsOfSale`` that were shown with them.
        total: price of today, without vouchers, as Oscar's ``Price``, with tax.
        order: the order with which it was chosen, if with one; it counts once that is fulfilled.

    Returns:
        The ``AutoRenewal``.
    """
    subscription = _locked(subscription)
    if (known := current(subscription)) is not None:
        return known
    # Chosen with an order that was never paid: that choice is void.
    _end(subscription.auto_renewals.filter(ended_at__isnull=True), reason="", actor=None)
    user, plan = subscription.user, subscription.plan
    consent = registered.AutoRenewal.objects.create(
        subscription=subscription,
        order=order,
        member_name=user.get_full_name()[:255],
        member_email=user.email,
        text=text,
        terms_of_sale=terms_of_sale,
        plan_title=plan.title,
        months=plan.months,
        price=total.incl_tax,
        currency=total.currency,
    )
    detail = {"order": order.number} if order is not None else {}
    journal.record(subscription, journal.RENEWAL_ON, detail=detail, actor=user)
    return consent


@transactional
def switch_off(subscription: Any, *, reason: str = "", actor: Any = None) -> Any | None:
    """End the consent of ``subscription``; from the commit on nobody begins to charge.

    Args:
        reason: why, in the words of ``actor`` or of the software; a member needs none.
        actor: the member or an operator; ``None``: the software.

    Returns:
        The ``AutoRenewal`` that ended, or ``None`` if none was in force.
    """
    subscription = _locked(subscription)
    consent = subscription.auto_renewals.filter(ended_at__isnull=True).first()
    if consent is None:
        return None
    _end(subscription.auto_renewals.filter(pk=consent.pk), reason=reason, actor=actor)
    journal.record(subscription, journal.RENEWAL_OFF, reason=reason, actor=actor)
    return consent


def _locked(subscription: Any) -> Any:
    rows = registered.Subscription.objects.select_related("user")
    # The lock alone: PostgreSQL locks no row of an outer join.
    locked(registered.Subscription, subscription.pk)
    return rows.select_related("plan__product").get(pk=subscription.pk)


def _end(consents: Any, *, reason: str, actor: Any) -> None:
    consents.update(
        ended_at=timezone.now(),
        end_reason=reason[:255],
        ended_by=actor,
        ended_by_name=journal.display_name(actor),
    )
