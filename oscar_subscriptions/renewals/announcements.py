"""Tell members in advance what their automatic renewal will cost, and when it is charged.

French law wants it between three months and one month before the last day on which the member can
say no (code de la consommation, L. 215-1): 32 to 90 days before the charge. ``RENEWAL_NOTICE_DAYS``
says when. An announcement binds the shop: if price or conditions have changed since, nothing is
charged before a new announcement.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from oscar_subscriptions import conf
from oscar_subscriptions.abstract_models import renewals as states
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.daily_run import sharing, turns, work
from oscar_subscriptions.loading import registered
from oscar_subscriptions.renewals import mails, obstacles, orders, outcomes, table
from oscar_subscriptions.sql.key_lists import among
from oscar_subscriptions.transactions import locked, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import AutoRenewal, PlannedRenewal, Term


CHECKPOINT = "announcements"


@sharing.shared_out(sharing.by_rows(lambda: registered.AutoRenewal.objects.all()))
def announce_renewals(
    day: date, dry_run: bool, keys: sharing.KeyRange = sharing.EVERYTHING
) -> Iterator[work.Outcome]:
    """Announce what is due on ``day``, and reconsider announcements that have no order yet.

    Args:
        keys: of consents to automatic renewal.
    """
    if not dry_run:
        # In a run for a later day a subscription may seem to have ended.
        day = min(day, conf.today())
    planned = keys.of(registered.PlannedRenewal.objects.opened(), "auto_renewal")
    yield from work.for_each_row(
        work.in_batches(planned.filter(order__isnull=True)),
        lambda row: look_again(row.pk, day),
        lambda row: f"announced renewal {row.pk} reconsidered",
        dry_run,
        carried_out_in_dry_run=True,
    )
    consents = keys.of(registered.AutoRenewal.objects.filter(ended_at=None))
    turn = turns.begin(keys.named(CHECKPOINT), day, consents)
    yield from work.for_each_row(
        _to_announce(turn, keys),
        lambda consent: announce(consent, day),
        lambda consent: f"renewal of {consent} announced",
        dry_run,
        carried_out_in_dry_run=True,
    )
    if not dry_run:
        turn.done()


def _to_announce(turn: turns.Turn, keys: sharing.KeyRange) -> Iterator[AutoRenewal]:
    """Yield the consents whose last term ends soon, with nothing planned yet: those of terms whose
    day has come since the last run, of subscriptions that something happened to, and some others
    in turn."""
    horizon = timedelta(days=conf.settings.RENEWAL_CHARGE_DAYS + conf.settings.RENEWAL_NOTICE_DAYS)
    terms = registered.Term.objects.not_revoked()
    later = terms.filter(subscription=OuterRef("subscription"), ends_on__gt=turn.day + horizon)
    planned = registered.PlannedRenewal.objects.opened().filter(auto_renewal=OuterRef("pk"))
    # Not EXISTS: PostgreSQL would read all terms at once for the few consents of a turn.
    rows = keys.of(registered.AutoRenewal.objects.in_force()).alias(
        later_term=Subquery(later.order_by().values("pk")[:1]),
        open_renewal=Subquery(planned.order_by().values("pk")[:1]),
    )
    rows = rows.filter(later_term__isnull=True, open_renewal__isnull=True)
    if turn.days is None:
        yield from work.in_batches(rows)
        return
    come = terms.filter(
        ends_on__gt=turn.days.after + horizon, ends_on__lte=turn.days.until + horizon
    )
    seen: set[int] = set()
    for some in (
        rows.filter(subscription__in=come.order_by().values("subscription")),
        rows.filter(subscription__in=turn.subscriptions_with_news()),
        rows.filter(pk__in=among(turn.keys)),
    ):
        for consent in work.in_batches(some):
            if consent.pk not in seen:
                seen.add(consent.pk)
                yield consent


@transactional
def announce(consent: AutoRenewal, day: date) -> bool:
    """Plan the renewal that ``consent`` asks for, and write the mail that announces it; the same
    run sends it.

    Returns:
        Whether it was planned. Not if something stands in the way, or if it is too late for the
        running term: the member is then reminded of its end instead.
    """
    consent = _locked(consent)
    follows = auto_renewal.last_term(consent.subscription)
    if obstacle := obstacles.obstacle_to_announcing(consent, follows, day):
        if obstacle.ends_consent:
            auto_renewal.switch_off(consent.subscription, reason=obstacle.words)
        return False
    subscription = consent.subscription
    user = subscription.user
    assert follows is not None and user is not None  # else there would be an obstacle
    charge_on = auto_renewal.charge_day(follows, day)
    if charge_on is None or _was_announced(consent, follows):
        return False
    try:
        total = orders.quote(user, subscription.plan)
    except orders.NotForSaleError:
        return False
    row = registered.PlannedRenewal.objects.create(
        auto_renewal=consent,
        follows=follows,
        charge_on=charge_on,
        price=total.incl_tax,
        currency=total.currency,
        months=subscription.plan.months,
        listing_limit=subscription.plan.listing_limit,
        grace_days=subscription.plan.grace_days,
    )
    mails.announced(row)
    return True


def _was_announced(consent: AutoRenewal, follows: Term) -> bool:
    """Whether the renewal of ``follows`` was announced, and must not be announced again.

    It may be if it was replaced, or dropped before it had an order: the reason may be gone, such as
    a later term that was revoked since.
    """
    planned = registered.PlannedRenewal.objects.filter(follows=follows, auto_renewal=consent)
    known = planned.exclude(status=states.REPLACED)
    return known.exclude(status=states.DROPPED, order__isnull=True).exists()


@transactional
def look_again(pk: int, day: date) -> bool:
    """Compare the planned renewal ``pk``, if it has no order yet, with the facts of ``day``.

    Returns:
        Whether it was dropped, put off, or replaced by a new one.
    """
    planned = outcomes.locked_renewal(pk)
    if planned.status != states.ANNOUNCED:
        return False
    obstacle = obstacles.obstacle_to_announcing(planned.auto_renewal, planned.follows, day)
    if obstacle is not None:
        return obstacle.is_final and outcomes.meet(planned, obstacle)
    subscription = planned.auto_renewal.subscription
    assert subscription.user is not None  # else there would be an obstacle
    try:
        total = orders.quote(subscription.user, subscription.plan)
    except orders.NotForSaleError:
        return False
    if not orders.costs_what_was_announced(planned, total):
        return replace(planned, day)
    return _put_off(planned, day)


def replace(planned: PlannedRenewal, day: date) -> bool:
    """Announce ``planned`` anew because price or conditions have changed; stop automatic renewal
    if it is too late for that."""
    outcomes.happen(planned, table.CHANGED)
    if not announce(planned.auto_renewal, day):
        words = _("The price or the conditions have changed, too late to announce them.")
        outcomes.happen(planned, table.TOO_LATE, words)
    return True


def _put_off(planned: PlannedRenewal, day: date) -> bool:
    """Move the day of the charge on while the mail has not left; the mail will name the new day."""
    sent = mails.announcement(planned)
    if sent is not None and sent.sent_at is not None:
        return False
    charge_on = auto_renewal.charge_day(planned.follows, day)
    if charge_on == planned.charge_on:
        return False
    if charge_on is None:
        words = _("The member has not been told in time.")
        return outcomes.happen(planned, table.OBSOLETE, words)
    planned.charge_on = charge_on
    planned.save(update_fields=["charge_on"])
    return True


def _locked(consent: AutoRenewal) -> AutoRenewal:
    locked(registered.Subscription, consent.subscription_id)
    rows = type(consent).objects.select_related("subscription__plan__product")
    return rows.select_related("subscription__user").get(pk=consent.pk)
