"""Who is a seller. Seller status is asked of the terms each time and never stored."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from oscar.core.loading import get_model
from oscar.core.utils import slugify

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered

_CACHE = "_oscar_subscriptions_is_seller"


def is_seller(user: Any) -> bool:
    """Tell whether a valid term of ``user`` covers today (shop timezone).

    One indexed query, remembered on the user object, which lives as long as one request.
    Anonymous and inactive users: no query, never a seller.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active or user.pk is None:
        return False
    today = conf.today()
    cached_day, answer = getattr(user, _CACHE, (None, False))
    if cached_day != today:
        answer = registered.Term.objects.of(user).covering(today).exists()
        setattr(user, _CACHE, (today, answer))
    return answer


def forget(user: Any) -> None:
    """Drop the remembered answer of :func:`is_seller`, after a change to the user's terms."""
    if hasattr(user, _CACHE):
        delattr(user, _CACHE)


def seller_until(user: Any) -> date | None:
    """Return the last day, grace included, up to which ``user`` is a seller without a gap.

    ``None`` for somebody who is not a seller today.
    """
    day = conf.today()
    last = None
    terms = registered.Term.objects.of(user).valid()
    spans = terms.filter(covered_until__gte=day).order_by("starts_on", "pk")
    for starts_on, covered_until in spans.values_list("starts_on", "covered_until"):
        reach = day if last is None else last + _ONE_DAY
        if starts_on > reach:
            break
        last = max(last or covered_until, covered_until)
    return last


def seller_from(user: Any) -> date | None:
    """Return the first day on which ``user`` will be a seller by a term that he has already.

    ``None`` for somebody who is one today, and for somebody without such a term.
    """
    day = conf.today()
    terms = registered.Term.objects.of(user).valid()
    starts = terms.filter(covered_until__gte=day).order_by("starts_on")
    first = starts.values_list("starts_on", flat=True).first()
    return first if first is not None and first > day else None


def listing_limit(user: Any, day: date | None = None) -> int | None:
    """Return how many services ``user`` may have in the shop; ``None``: no limit.

    Terms of different plans may overlap: the limit is the largest. Not a seller: 0.

    Args:
        day: the day to ask for; default: today in the shop's timezone.
    """
    Term = registered.Term
    covering = Term.objects.of(user).covering(day or conf.today())
    covering = covering.filter(subscription__user__is_active=True)
    limits = list(covering.values_list("listing_limit", flat=True))
    known = [limit for limit in limits if limit is not None]
    return max(known, default=0) if len(known) == len(limits) else None


def get_seller(user: Any) -> Any | None:
    """Return the ``Seller`` of ``user``, or ``None`` if there never was one."""
    if not getattr(user, "is_authenticated", False):
        return None
    Seller = registered.Seller
    return Seller.objects.select_related("partner").filter(user=user).first()


def ensure_seller(user: Any) -> Any:
    """Return the ``Seller`` of ``user``, pairing the member with a new partner the first time.

    The partner carries the member's name, never the e-mail address: shoppers see it.
    """
    Seller = registered.Seller
    seller = Seller.objects.select_related("partner").filter(user=user).first()
    if seller is None:
        try:
            with transaction.atomic():
                seller = Seller.objects.create(user=user, partner=_new_partner(user))
        except IntegrityError:  # two plans of one member were paid at the same moment
            seller = Seller.objects.select_related("partner").get(user=user)
    return seller


def _new_partner(user: Any) -> Any:
    name = public_name(user)
    # Oscar would number the codes of namesakes, and two who pay at once would get one number.
    code = f"{slugify(name)[:100] or 'seller'}-{user.pk}"
    partner = get_model("partner", "Partner").objects.create(name=name[:128], code=code)
    partner.users.add(user)
    return partner


def public_name(user: Any) -> str:
    """Return a name that may be shown to shoppers."""
    return user.get_full_name().strip() or f"Consultant {user.pk}"


_ONE_DAY = date.resolution
