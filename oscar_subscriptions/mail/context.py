"""What the e-mails to members may speak of, read from the database when they are written."""

from datetime import date
from typing import Any

from django.contrib.sites.models import Site
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.plans import renewal_price
from oscar_subscriptions.reminders import due
from oscar_subscriptions.sellers import listings


def context(user: Any, facts: dict[str, Any]) -> dict[str, Any]:
    """Return what templates may speak of; ``facts`` may hold the ids ``order``, ``term`` and
    ``planned``."""
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
        Term = get_model("oscar_subscriptions", "Term")
        rows = Term.objects.select_related("subscription__plan__product", "subscription__user")
        values["term"] = rows.get(pk=facts["term"])
    if "planned" in facts:
        values |= _about_planned(facts["planned"])
    return values


def _about_planned(pk: int) -> dict[str, Any]:
    """An automatic renewal that was announced, and where its order can be paid by hand."""
    rows = get_model("oscar_subscriptions", "PlannedRenewal").objects.select_related(
        "auto_renewal__subscription__plan__product", "follows", "order"
    )
    planned = rows.get(pk=pk)
    gateway = get_gateway()
    can_be_paid = planned.order is not None and gateway.is_waiting(planned.order)
    return {
        "planned": planned,
        "plan": planned.auto_renewal.subscription.plan,
        "pay_url": shop_url() + gateway.pay_url(planned.order) if can_be_paid else "",
    }


def about_standing(user: Any) -> dict[str, Any]:
    """Return what an e-mail about a term that was taken back, frozen or over may speak of too."""
    seller = sellers.get_seller(user)
    is_open = user is not None and user.is_active
    return {
        # Another term, or another plan, may go on, or begin later.
        "last_day": sellers.last_day(user) if is_open else None,
        "next_day": sellers.next_day(user) if is_open else None,
        "has_services": seller is not None and listings.services(seller).exists(),
    }


def about_days(term: Any, day: date) -> dict[str, int]:
    """Return how many days are left of ``term`` on ``day``; negative once they are over.

    Days that were given in the grace of the term before may be over when they are told.
    """
    return {
        "days_left": (term.ends_on - day).days,
        "days_of_grace_left": (term.covered_until - day).days,
    }


def about_renewal(term: Any) -> dict[str, Any]:
    """Return what a reminder of ``term`` may speak of too."""
    after = term.covered_until + date.resolution
    others = type(term).objects.of(term.subscription.user).covering(after)
    return {
        # What then makes a seller of the member; an unlimited one silences the reminder.
        "goes_on_by": others.order_by("-listing_limit", "pk").first(),
        "renewal": renewal_price.of(term.subscription),
        "renew_url": renew_url(term.subscription),
        "unsubscribe_url": unsubscribe_url(term.subscription),
    }


def shop_url() -> str:
    """Return scheme and host of the shop, without a slash at the end."""
    site = Site.objects.get_current()
    return (conf.settings.BASE_URL or f"https://{site.domain}").rstrip("/")


def renew_url(subscription: Any) -> str:
    """Return the address at which one click puts the same plan into the basket."""
    return shop_url() + reverse("subscriptions:renew", kwargs={"pk": subscription.pk})


def unsubscribe_url(subscription: Any) -> str:
    """Return the address at which the reminders can be stopped without signing in."""
    path = reverse("subscriptions:reminders", kwargs={"token": due.token(subscription)})
    return shop_url() + path
