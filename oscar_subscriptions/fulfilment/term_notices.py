"""What members are told of their terms: each mail once, through the outbox."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.agreements import auto_renewal_mails
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.mail.context import about_term, days_left
from oscar_subscriptions.mail.kinds import MailKind, register
from oscar_subscriptions.plans import previews
from oscar_subscriptions.sellers import listings

# How a term counts; the other two answers of :func:`validity_of` are kinds of mail.
VALID = "valid"


def _valid(day: date) -> Any:
    return registered.Term.objects.valid()


def _suspended(day: date) -> Any:
    held = registered.Term.objects.not_revoked()
    return held.filter(suspended_at__isnull=False)


def _revoked(day: date) -> Any:
    terms = registered.Term.objects
    return terms.filter(revoked_at__isnull=False)


def membership(values: dict[str, Any], day: date) -> dict[str, Any]:
    """Return until when and from when the member is a seller, for mails about a term that was
    taken back, is frozen, or is over: another term, or another plan, may go on or begin later.

    Returns:
        ``last_day`` and ``next_day``, dates or ``None``; ``has_services``.
    """
    user = values["user"]
    seller = sellers.get_seller(user)
    is_open = user is not None and user.is_active
    return {
        "last_day": sellers.seller_until(user) if is_open else None,
        "next_day": sellers.seller_from(user) if is_open else None,
        "has_services": seller is not None and listings.services(seller).exists(),
    }


ORDER_CONFIRMED = register(
    "order-confirmed",
    MailKind("SUBSCRIPTIONS_ORDER_CONFIRMED", _("Subscription: order confirmed"), needs_order=True),
)
SELLER_ACTIVATED = register(
    "seller-activated",
    MailKind(
        "SUBSCRIPTIONS_SELLER_ACTIVATED",
        _("Subscription: seller activated"),
        read=about_term(_valid, days_left),
        has_calendar=True,
    ),
)
RENEWED = register(
    "renewed",
    MailKind(
        "SUBSCRIPTIONS_RENEWED",
        _("Subscription: renewed"),
        read=about_term(_valid, days_left, membership),
        has_calendar=True,
    ),
)
GRANTED = register(
    "granted",
    MailKind(
        "SUBSCRIPTIONS_GRANTED",
        _("Subscription: given"),
        read=about_term(_valid, days_left),
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
        read=about_term(_valid, membership),
    ),
)
REVOKED = register(
    "revoked",
    MailKind(
        "SUBSCRIPTIONS_REVOKED",
        _("Subscription: revoked"),
        read=about_term(_revoked, membership),
    ),
)


def term_started(term: Any) -> None:
    """Tell the member of a new term: the receipt, and what the term gives.

    Args:
        term: bought or granted; its subscription has a member.
    """
    facts = {"term": term.pk}
    if term.order_line is None:
        _tell(term, GRANTED, _key(term), facts)
        return
    facts["order"] = term.order_line.order_id
    _tell(term, ORDER_CONFIRMED, _key(term), facts)
    kind = RENEWED if previews.continues(term) else SELLER_ACTIVATED
    _tell(term, kind, _key(term), facts)


def validity_of(term: Any) -> str:
    """Return how ``term`` counts: ``VALID``, ``SUSPENDED`` or ``REVOKED``."""
    if term.revoked_at is not None:
        return REVOKED
    return SUSPENDED if term.suspended_at is not None else VALID


def validity_changed(term: Any, before: str, entry: Any) -> None:
    """Tell the member that ``term`` was taken back, is frozen, or counts again.

    Nothing is told of a term that is over, nor where one reason replaces another: a term that was
    revoked and is no longer disputed is revoked as before. Nor of days that were given and taken
    back before the member heard of them.

    Args:
        term: the ``Term`` after the change; its subscription has a member.
        before: :func:`validity_of` before the change.
        entry: the line of the journal about it. Each change is told, not only the first.
    """
    now = validity_of(term)
    if now == before or term.covered_until < conf.today():
        return
    if (before, now) == (VALID, REVOKED) and outbox.take_back(GRANTED, _key(term)):
        return
    kind = RESTORED if now == VALID else now
    _tell(term, kind, f"{_key(term)}-{entry.pk}", {"term": term.pk})


def renewal_ended(term: Any, consent: Any) -> None:
    """Tell the member that a change of plan has ended the automatic renewal of the old one.

    Args:
        term: the last ``Term`` of the old plan.
        consent: the ``AutoRenewal`` that ended.
    """
    _tell(term, auto_renewal_mails.STOPPED, f"consent-{consent.pk}", {"term": term.pk})


def _tell(term: Any, kind: str, key: str, facts: dict[str, Any]) -> None:
    # Days that were given to thousands at once are told by the next run; nobody waits for that.
    outbox.to_member(term.subscription, kind, key, facts, at_once=term.batch is None)


def _key(term: Any) -> str:
    return f"term-{term.pk}"
