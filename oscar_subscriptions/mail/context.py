"""The context that the templates of all mails to members share, read when the mail is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.sites.models import Site
from django.db.models import Count, Exists, OuterRef, Subquery
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import memo
from oscar_subscriptions.mail.held_terms import HeldTerms

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from oscar_subscriptions.protocols import Order, Subscription, Term, User
    from oscar_subscriptions.querysets import TermQuerySet


class TermFacts(TypedDict):
    """The term of a mail, its member, ``None`` if the account is gone, and the terms of that
    member."""

    user: User | None
    term: Term
    held: HeldTerms


# (term and member, day) -> more context.
Part = Callable[[TermFacts, date], Mapping[str, object]]


def context(
    user: User | None, facts: Mapping[str, Any], *, with_term: bool = True
) -> dict[str, Any]:
    """Return the context that all kinds of mail share.

    Args:
        user: the member, or ``None`` if the account is gone.
        facts: of the outbox row; the primary keys ``order`` and ``term`` are read here.
        with_term: if not, ``term`` is read by an :class:`AboutTerm`.

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
        # The same for all mails about it that are sent together.
        order: Order = memo.once(("order", facts["order"]), lambda: _order(facts["order"]))
        path = reverse("customer:order", kwargs={"order_number": order.number})
        values |= {
            "order": order,
            "lines": order.lines.all(),
            "status_path": path,
            "status_url": f"{base_url}{path}",
        }
    if "term" in facts and with_term:
        values["term"] = _terms().get(pk=facts["term"])
    return values


@dataclass(frozen=True)
class AboutTerm:
    """The reader of a kind that is news about ``context["term"]``.

    Args:
        terms: returns, for a day, the terms about which the news is not stale.
        parts: each returns more of the context.
    """

    terms: Callable[[date], TermQuerySet]
    parts: tuple[Part, ...]

    def __call__(
        self, values: dict[str, Any], facts: Mapping[str, Any], day: date
    ) -> dict[str, object] | None:
        """As ``MailKind.read``; one query reads the term, the member's others, and whether the news
        is stale."""
        user, pk = values["user"], facts["term"]
        news = self.terms(day).filter(pk=OuterRef("pk"))
        rows: QuerySet[Any] = _terms().annotate(is_news=Exists(news), changes=_changes())
        # A member who has left has no others.
        found = list(rows.filter(pk=pk) if user is None else rows.filter(subscription__user=user))
        # The subscription of a term that was handed over may be another member's.
        term = next((one for one in found if one.pk == pk), None) or rows.get(pk=pk)
        if not term.is_news:
            return None
        plan = term.subscription.plan
        # One object for all mails that are sent together, with what it has looked up.
        term.subscription.plan = memo.once(("plan", plan.pk), lambda: plan)
        about: TermFacts = {"user": user, "term": term, "held": HeldTerms(found)}
        more: dict[str, object] = {"term": term, "changes": term.changes or 0}
        for part in self.parts:
            more |= part(about, day)
        return more


def about_term(terms: Callable[[date], TermQuerySet], *parts: Part) -> AboutTerm:
    """Return the reader of a kind that is news about one term; arguments as of
    :class:`AboutTerm`."""
    return AboutTerm(terms, parts)


def _order(pk: int) -> Order:
    orders = get_model("order", "Order").objects.prefetch_related("lines", "surcharges")
    order: Order = orders.get(pk=pk)
    return order


def _terms() -> TermQuerySet:
    return registered.Term.objects.select_related(
        "subscription__plan__product__product_class", "subscription__user"
    )


def _changes() -> Subquery:
    """How many lines the history of a term's subscription has."""
    lines = registered.JournalEntry.objects.filter(subscription=OuterRef("subscription"))
    counted = lines.order_by().values("subscription").annotate(number=Count("pk"))
    return Subquery(counted.values("number"))


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
