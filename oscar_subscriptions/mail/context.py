"""The context that the templates of all mails to members share, read when the mail is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.sites.models import Site
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail.kinds import Reader

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, Subscription, Term, User
    from oscar_subscriptions.querysets import TermQuerySet


class TermFacts(TypedDict):
    """The term of a mail, and its member; ``None`` if the account is gone."""

    user: User | None
    term: Term


# (term and member, day) -> more context.
Part = Callable[[TermFacts, date], Mapping[str, object]]


def context(user: User | None, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context that all kinds of mail share.

    Args:
        user: the member, or ``None`` if the account is gone.
        facts: of the outbox row; the primary keys ``order`` and ``term`` are read here.

    Returns:
        ``user``, ``site`` and ``base_url`` (without slash at the end); with an order also
        ``order``, its ``lines``, ``status_path`` and ``status_url``; with a term also ``term``.

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
        order: Order = get_model("order", "Order").objects.get(pk=facts["order"])
        path = reverse("customer:order", kwargs={"order_number": order.number})
        values |= {
            "order": order,
            "lines": order.lines.all(),
            "status_path": path,
            "status_url": f"{base_url}{path}",
        }
    if "term" in facts:
        terms = registered.Term.objects
        rows = terms.select_related("subscription__plan__product", "subscription__user")
        values["term"] = rows.get(pk=facts["term"])
    return values


def about_term(terms: Callable[[date], TermQuerySet], *parts: Part) -> Reader:
    """Return the reader of a kind that is news about ``context["term"]``.

    Args:
        terms: returns, for a day, the terms about which the news is not stale.
        parts: each returns more of the context.
    """

    def read(
        values: dict[str, Any], facts: Mapping[str, object], day: date
    ) -> dict[str, object] | None:
        about: TermFacts = {"user": values["user"], "term": values["term"]}
        if not terms(day).filter(pk=about["term"].pk).exists():
            return None
        more: dict[str, object] = {}
        for part in parts:
            more |= part(about, day)
        return more

    return read


def days_left(values: TermFacts, day: date) -> dict[str, int]:
    """Return how many days are left of ``values["term"]`` on ``day``: ``days_left`` and, with
    grace, ``days_of_grace_left``.

    Negative once the days are over: a term granted in the grace of the term before may be over by
    the time its mail leaves.
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


def renew_url(subscription: Subscription) -> str:
    """Return the absolute address that puts the same plan into the basket with one click."""
    return shop_url() + reverse("subscriptions:renew", kwargs={"pk": subscription.pk})
