"""Mails to members about their terms, each sent once, through the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import conf
from oscar_subscriptions.agreements import auto_renewal_mails
from oscar_subscriptions.fulfilment import transfers
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.mail.context import TermFacts, about_term, days_left
from oscar_subscriptions.mail.kinds import MailKind, register
from oscar_subscriptions.plans import previews
from oscar_subscriptions.sellers import listings

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import JournalEntry, Term
    from oscar_subscriptions.querysets import TermQuerySet

# How a term counts; the other two answers of :func:`validity_of` are kinds of mail.
VALID = "valid"


def _valid(day: date) -> TermQuerySet:
    return registered.Term.objects.valid()


def _current(day: date) -> TermQuerySet:
    return registered.Term.objects.valid().filter(covered_until__gte=day)


def _suspended(day: date) -> TermQuerySet:
    return registered.Term.objects.not_revoked().filter(suspended_at__isnull=False)


def _revoked(day: date) -> TermQuerySet:
    return registered.Term.objects.filter(revoked_at__isnull=False)


def membership(values: TermFacts, day: date) -> dict[str, object]:
    """Return until when and from when the member is a seller, for mails about a term that is
    revoked, suspended or over: another term, or another plan, may go on or begin later.

    Args:
        values: ``user`` and ``held`` are read.
        day: unused.

    Returns:
        ``last_day`` and ``next_day`` (dates or ``None``), and ``has_services`` (bool).
    """
    user, held, today = values["user"], values["held"], conf.today()
    is_open = user is not None and user.is_active
    return {
        "last_day": held.seller_until(today) if is_open else None,
        "next_day": held.seller_from(today) if is_open else None,
        "has_services": user is not None and listings.has_services(user),
    }


def standing(values: TermFacts, day: date) -> dict[str, object]:
    """Return what a mail about a valid term may claim on ``day``.

    Returns:
        ``is_seller``: whether ``values["term"]`` makes the member a seller on ``day``; ``goes_on``:
        whether it has begun, or follows a valid term without a gap. Both are ``False`` if the
        account is gone or inactive.
    """
    user, term = values["user"], values["term"]
    is_open = user is not None and user.is_active
    return {
        "is_seller": is_open and term.covers(day),
        "goes_on": is_open and (term.covers(day) or values["held"].goes_on(term)),
    }


def handed_over(values: TermFacts, day: date) -> dict[str, object]:
    """Return to whom the days of a revoked term were handed over, and by whom of the shop.

    Args:
        values: ``term`` is read.
        day: unused.

    Returns:
        ``handover``, a ``transfers.Handover``; nothing if nobody else has the days.
    """
    handover = transfers.handover_of(values["term"])
    return {"handover": handover} if handover is not None else {}


def received(values: TermFacts, day: date) -> dict[str, object]:
    """Return from whom the days of a granted term were handed over; as :func:`handed_over`."""
    handover = transfers.handover_to(values["term"])
    return {"handover": handover} if handover is not None else {}


ORDER_CONFIRMED = register(
    "order-confirmed",
    MailKind(
        "SUBSCRIPTIONS_ORDER_CONFIRMED",
        _("Subscription: order confirmed"),
        needs_order=True,
        read=auto_renewal_mails.chosen_with_order,
    ),
)
SELLER_ACTIVATED = register(
    "seller-activated",
    MailKind(
        "SUBSCRIPTIONS_SELLER_ACTIVATED",
        _("Subscription: seller activated"),
        read=about_term(_current, days_left, standing),
        has_calendar=True,
    ),
)
RENEWED = register(
    "renewed",
    MailKind(
        "SUBSCRIPTIONS_RENEWED",
        _("Subscription: renewed"),
        read=about_term(_current, days_left, membership, standing),
        has_calendar=True,
    ),
)
GRANTED = register(
    "granted",
    MailKind(
        "SUBSCRIPTIONS_GRANTED",
        _("Subscription: given"),
        read=about_term(_valid, days_left, standing, received),
        has_calendar=True,
    ),
)
SUSPENDED = register(
    "suspended",
    MailKind(
        "SUBSCRIPTIONS_SUSPENDED",
        _("Subscription: suspended"),
        read=about_term(_suspended, membership),
    ),
)
RESTORED = register(
    "restored",
    MailKind(
        "SUBSCRIPTIONS_RESTORED",
        _("Subscription: counts again"),
        read=about_term(_current, membership),
    ),
)
REVOKED = register(
    "revoked",
    MailKind(
        "SUBSCRIPTIONS_REVOKED",
        _("Subscription: revoked"),
        read=about_term(_revoked, membership, handed_over),
    ),
)


def term_started(term: Term) -> None:
    """Write the mails about a new term: the confirmed order of a bought one, and the term itself.

    Args:
        term: bought or granted; its subscription has a member.
    """
    facts, kinds = {"term": term.pk}, [GRANTED]
    if term.order_line is not None:
        facts["order"] = term.order_line.order_id
        kinds = [ORDER_CONFIRMED, RENEWED if previews.continues(term) else SELLER_ACTIVATED]
    _tell(term, kinds, _key(term), facts)


def validity_of(term: Term) -> str:
    """Return how ``term`` counts: ``VALID``, ``SUSPENDED`` or ``REVOKED``."""
    if term.revoked_at is not None:
        return REVOKED
    return SUSPENDED if term.suspended_at is not None else VALID


def validity_changed(term: Term, before: str, entry: JournalEntry) -> None:
    """Write the mail that ``term`` was revoked, is suspended, or counts again.

    No mail for a term that is over, nor if the validity is the same as before: a term that was
    revoked and is no longer disputed is still revoked. Nor for granted days that are revoked before
    the mail about them was sent; that mail is deleted.

    Args:
        term: the ``Term`` after the change; its subscription has a member.
        before: :func:`validity_of` before the change.
        entry: its journal entry. Each change has a mail, not only the first.
    """
    now = validity_of(term)
    if now == before or term.covered_until < conf.today():
        return
    if (before, now) == (VALID, REVOKED) and outbox.take_back(GRANTED, _key(term)):
        return
    kind = RESTORED if now == VALID else now
    _tell(term, [kind], f"{_key(term)}-{entry.pk}", {"term": term.pk})


def _tell(term: Term, kinds: list[str], key: str, facts: Mapping[str, object]) -> None:
    mails = [outbox.MailToMember(term.subscription, kind, key, facts) for kind in kinds]
    # Mails about a batch of thousands are left to the next run, so that the operator need not wait.
    outbox.to_members(mails, at_once=term.batch is None)


def _key(term: Term) -> str:
    return f"term-{term.pk}"
