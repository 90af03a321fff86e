"""What every mail to a member may speak of, read from the database when it is sent."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.sites.models import Site
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.kinds import Reader

# (context so far, day) -> more context.
Part = Callable[[dict[str, Any], date], dict[str, Any]]


def context(user: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the context that all kinds of mail share.

    Args:
        user: the member, or ``None`` if the account is gone.
        facts: of the outbox row; the ids ``order`` and ``term`` are read here.

    Returns:
        ``user``, ``site``, ``base_url``; with an order also ``order``, ``lines``, ``status_path``
        and ``status_url``; with a term also ``term``.

    Raises:
        ObjectDoesNotExist: the order or the term is gone.
    """
    base_url = shop_url()
    values: dict[str, Any] = {
        "user": user,
        "site": Site.objects.get_current(),
        "base_url": base_url,
    }
    if "order" in facts:
        order = get_model("order", "Order").objects.get(pk=facts["order"])
        path = reverse("customer:order", kwargs={"order_number": order.number})
        values |= {
            "order": order,
            "lines": order.lines.all(),
            "status_path": path,
            "status_url": f"{base_url}{path}",
        }
    if "term" in facts:
        Term = registered.Term
        rows = Term.objects.select_related("subscription__plan__product", "subscription__user")
        values["term"] = rows.get(pk=facts["term"])
    return values


def about_term(terms: Callable[[date], Any], *parts: Part) -> Reader:
    """Return the reader of a kind that is news of ``context["term"]``.

    Args:
        terms: returns, for a day, the terms as a queryset of which it is no stale news.
        parts: each returns more of the context.
    """

    def read(values: dict[str, Any], facts: dict[str, Any], day: date) -> dict[str, Any] | None:
        if not terms(day).filter(pk=values["term"].pk).exists():
            return None
        more: dict[str, Any] = {}
        for part in parts:
            more |= part(values, day)
        return more

    return read


def days_left(values: dict[str, Any], day: date) -> dict[str, int]:
    """Return how many days are left of ``values["term"]`` on ``day``: ``days_left`` and, with
    grace, ``days_of_grace_left``.

    They are negative once the days are over: a term granted in the grace of the one before may be
    over by the time its mail leaves.
    """
    term = values["term"]
    return {
        "days_left": (term.ends_on - day).days,
        "days_of_grace_left": (term.covered_until - day).days,
    }


def shop_url() -> str:
    """Return scheme and host of the shop, without a slash at the end."""
    site = Site.objects.get_current()
    return (conf.settings.BASE_URL or f"https://{site.domain}").rstrip("/")


def renew_url(subscription: Any) -> str:
    """Return the address at which one click puts the same plan into the basket."""
    return shop_url() + reverse("subscriptions:renew", kwargs={"pk": subscription.pk})
