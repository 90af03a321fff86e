"""The member's consent to automatic renewal: switched on, queried, switched off.

Off by default. Nothing is charged here; ``renewals`` carries it out. Whoever switches it on or off,
the member gets one mail about it (``auto_renewal_mails``).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from oscar_subscriptions import conf, journal
from oscar_subscriptions.abstract_models.plans import SHORTEST_MONTH
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.transactions import locked, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import (
        AutoRenewal,
        Order,
        Plan,
        Price,
        Subscription,
        Term,
        TermsOfSale,
        User,
    )
    from oscar_subscriptions.querysets import TermQuerySet

# Kinds of mail.
SWITCHED_ON, STOPPED = "renewal-on", "renewal-stopped"


def is_offered() -> bool:
    """Return whether members can choose it: the setting is on and the gateway can renew."""
    return conf.settings.AUTO_RENEWAL and get_gateway().can_renew()


def current(subscription: Subscription) -> AutoRenewal | None:
    """Return the consent in force for ``subscription``, or ``None``."""
    rows = registered.AutoRenewal.objects.in_force()
    return rows.filter(subscription=subscription).first()


def is_on(subscription: Subscription) -> bool:
    """Return whether ``subscription`` renews automatically, as shown to its member."""
    return is_offered() and current(subscription) is not None


def is_chosen_with(order: Order) -> bool:
    """Return whether the member chose it with ``order`` and has not ended it since; it counts once
    the order is paid."""
    return registered.AutoRenewal.objects.filter(order=order, ended_at__isnull=True).exists()


def leaves_time_to_announce(plan: Plan) -> bool:
    """Return whether every term of ``plan`` is long enough to announce its renewal after it has
    begun: in the next daily run, at most one day later."""
    shortest = plan.months * SHORTEST_MONTH + plan.grace_days
    return shortest > conf.settings.RENEWAL_NOTICE_DAYS


def takes_the_place_of_reminders(subscription: Subscription, today: date | None = None) -> bool:
    """Return whether the announcement of its renewal replaces reminders of the term's end.

    Args:
        today: default: today in the shop's timezone.
    """
    last, told = last_term(subscription), told_by_announcement(today or conf.today())
    return last is not None and told.filter(pk=last.pk).exists()


def told_by_announcement(day: date) -> TermQuerySet:
    """Return the terms for which a reminder on ``day`` (shop timezone) would be wrong.

    Their renewal is announced, or still will be in time. Excluded are terms for which automatic
    renewal was chosen too late, whose renewal failed, or whose day of charge passed without a
    charge.
    """
    terms = registered.Term.objects.filter(covered_until__gte=day)
    if not is_offered():
        return terms.none()
    consents = registered.AutoRenewal.objects.in_force()
    planned = registered.PlannedRenewal.objects.filter(follows=OuterRef("pk"))
    expected = planned.opened().filter(Q(charge_on__gte=day) | Q(tries__gt=0))
    notice = timedelta(days=conf.settings.RENEWAL_NOTICE_DAYS)
    in_time = ~Exists(planned) & Q(covered_until__gte=day + notice)
    return terms.filter(
        Exists(consents.filter(subscription=OuterRef("subscription"))),
        Q(Exists(expected)) | in_time,
    )


def last_term(subscription: Subscription) -> Term | None:
    """Return the term of ``subscription`` that ends last, revoked ones excepted; it may be
    suspended or over."""
    return subscription.terms.not_revoked().order_by("-ends_on").first()


def charge_day(term: Term, announced_on: date) -> date | None:
    """Return the day from which the renewal of ``term`` may be charged.

    Args:
        term: the term to follow.
        announced_on: the day of the announcement (shop timezone).

    Returns:
        ``RENEWAL_CHARGE_DAYS`` days before the last day, but at least ``RENEWAL_NOTICE_DAYS`` days
        after the announcement; ``None`` if the term would be over by then, grace included.
    """
    wanted = term.ends_on - timedelta(days=conf.settings.RENEWAL_CHARGE_DAYS)
    allowed = announced_on + timedelta(days=conf.settings.RENEWAL_NOTICE_DAYS)
    day = max(wanted, allowed)
    return day if day <= term.covered_until else None


@transactional
def switch_on(
    subscription: Subscription,
    *,
    text: str,
    terms_of_sale: TermsOfSale,
    total: Price,
    order: Order | None = None,
) -> AutoRenewal:
    """Write the member's consent, or return the consent that is already in force.

    The member gets a mail about it, or reads it in the confirmation of ``order``.

    Args:
        subscription: of a member whose account exists.
        text: the words that the member agreed to, as shown.
        terms_of_sale: the text that was shown with them.
        total: today's price, without vouchers, with tax.
        order: the order with which it was chosen, if any; it counts once that order is fulfilled.
    """
    subscription = _locked(subscription)
    if (known := current(subscription)) is not None:
        return known
    # A consent given with an order that was never paid is void.
    subscription.auto_renewals.filter(ended_at__isnull=True).update(ended_at=timezone.now())
    user, plan = subscription.user, subscription.plan
    assert user is not None  # members alone consent
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
    if order is None:
        _tell(SWITCHED_ON, consent, {})
    return consent


@transactional
def switch_off(
    subscription: Subscription,
    *,
    reason: str = "",
    actor: User | None = None,
    facts: outbox.Facts | None = None,
    tell: bool = True,
) -> AutoRenewal | None:
    """End the consent of ``subscription``; after the commit no charge begins.

    The member gets a mail about it; of a consent that does not count yet, because its order was
    not paid, only if a person ends it.

    Args:
        reason: in the words of ``actor`` or of the software; optional for a member.
        actor: the member or an operator; ``None``: the software.
        facts: the cause, for that mail: ``planned``, the primary key of the ``PlannedRenewal`` that
            can't be carried out, or ``is_changed`` (``True``): the member has changed the plan.
        tell: whether the mail is written.

    Returns:
        The consent that ended, if any.
    """
    subscription = _locked(subscription)
    if (consent := subscription.auto_renewals.filter(ended_at__isnull=True).first()) is None:
        return None
    is_news = tell and (actor is not None or current(subscription) == consent)
    subscription.auto_renewals.filter(pk=consent.pk).update(
        ended_at=timezone.now(),
        end_reason=reason[:255],
        ended_by=actor,
        ended_by_name=journal.display_name(actor),
    )
    journal.record(subscription, journal.RENEWAL_OFF, reason=reason, actor=actor)
    if is_news:
        _tell(STOPPED, consent, facts or {})
    return consent


def _tell(kind: str, consent: AutoRenewal, facts: outbox.Facts) -> None:
    subscription, key = consent.subscription, f"consent-{consent.pk}"
    if subscription.user is not None:
        about = {"consent": consent.pk, **facts}
        # A run that gives a renewal up sends its mails last, after it has looked after the money.
        outbox.to_member(subscription, kind, key, about, at_once="planned" not in facts)


def _locked(subscription: Subscription) -> Subscription:
    # A query of its own: PostgreSQL refuses to lock the nullable side of an outer join.
    locked(registered.Subscription, subscription.pk)
    rows = registered.Subscription.objects.select_related("user", "plan__product")
    return rows.get(pk=subscription.pk)
