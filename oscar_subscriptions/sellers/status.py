"""Seller status: it follows from the terms and is never stored."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from oscar.core.loading import get_model
from oscar.core.utils import slugify

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.held_terms import HeldTerms

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Partner, Seller, User, Visitor

_CACHE = "_oscar_subscriptions_is_seller"


def is_seller(user: Visitor | None) -> bool:
    """Return whether a valid term of ``user`` covers today (shop timezone).

    One indexed query, cached on the user object, which lives as long as one request. Anonymous and
    inactive users: no query, never a seller.
    """
    # "not user" covers the empty string of a template without user, too.
    if not user or not user.is_authenticated or not user.is_active or user.pk is None:
        return False
    today = conf.today()
    cached: tuple[date | None, bool] = getattr(user, _CACHE, (None, False))
    cached_day, answer = cached
    if cached_day != today:
        answer = registered.Term.objects.of(user).covering(today).exists()
        setattr(user, _CACHE, (today, answer))
    return answer


def forget(user: User) -> None:
    """Drop the cached result of :func:`is_seller`, after a change to the user's terms."""
    if hasattr(user, _CACHE):
        delattr(user, _CACHE)


def seller_until(user: User | None) -> date | None:
    """Return the last day, grace included, up to which ``user`` is a seller without a gap; ``None``
    if they are not a seller today."""
    return HeldTerms.of(user).seller_until(conf.today())


def seller_from(user: User | None) -> date | None:
    """Return the first day of the next valid term of ``user``; ``None`` if they are a seller today,
    or have no such term."""
    return HeldTerms.of(user).seller_from(conf.today())


def listing_limit(user: User, day: date | None = None) -> int | None:
    """Return how many services ``user`` may have in the shop; ``None``: no limit.

    Terms of different plans may overlap: the limit is the largest. Not a seller: 0.

    Args:
        day: default: today in the shop's timezone.
    """
    terms = registered.Term.objects.of(user).covering(day or conf.today())
    covering = terms.filter(subscription__user__is_active=True)
    limits = list(covering.values_list("listing_limit", flat=True))
    known = [limit for limit in limits if limit is not None]
    return max(known, default=0) if len(known) == len(limits) else None


def get_seller(user: Visitor | None) -> Seller | None:
    """Return the ``Seller`` of ``user``, or ``None`` if there never was one."""
    if not user or not user.is_authenticated:
        return None
    return registered.Seller.objects.select_related("partner").filter(user=user).first()


def ensure_seller(user: User) -> Seller:
    """Return the ``Seller`` of ``user``, paired with a new partner the first time.

    The partner has the member's name, never the e-mail address: shoppers see it.
    """
    return get_seller(user) or create_seller(user)


def create_seller(user: User) -> Seller:
    """As :func:`ensure_seller`, for somebody who was no seller when the caller looked."""
    try:
        with transaction.atomic():
            return registered.Seller.objects.create(user=user, partner=_new_partner(user))
    except IntegrityError:  # two plans of one member were paid at the same moment
        return registered.Seller.objects.select_related("partner").get(user=user)


def _new_partner(user: User) -> Partner:
    name = public_name(user)
    # Oscar would number the codes of namesakes, and two concurrent payments would get one number.
    code = f"{slugify(name)[:100] or 'seller'}-{user.pk}"
    partner: Partner = get_model("partner", "Partner").objects.create(name=name[:128], code=code)
    partner.users.add(user)
    return partner


def public_name(user: User) -> str:
    """Return the name of ``user`` for shoppers; never the username or e-mail address."""
    return user.get_full_name().strip() or f"Consultant {user.pk}"
