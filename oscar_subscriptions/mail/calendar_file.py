"""The last day of a subscription for the member's own calendar, as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.sites.models import Site
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from oscar_subscriptions import conf

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Subscription

NAME = "subscription.ics"
CONTENT_TYPE = "text/calendar"


def last_day_ahead(subscription: Subscription, today: date | None = None) -> date | None:
    """Return the last day, without grace, of the latest valid term; ``None`` if that is over.

    Args:
        subscription: a ``Subscription``; prefetched terms are used.
        today: default: today in the shop's timezone.
    """
    days = [term.ends_on for term in subscription.terms.all() if term.is_valid]
    last = max(days, default=None)
    return last if last is not None and last >= (today or conf.today()) else None


def render_calendar(subscription: Subscription, day: date, url: str, changes: int) -> str:
    """Return a calendar with ``day`` as an all-day event, in the active language.

    Each subscription has one event: a calendar that has its former last day moves the event instead
    of adding another.

    Args:
        subscription: a ``Subscription``.
        day: its last day.
        url: absolute address at which it can be renewed.
        changes: how many lines the history of ``subscription`` has.
    """
    site = Site.objects.get_current()
    names = {"plan": subscription.plan.title, "shop": site.name}
    event = Event()
    event.add("uid", f"subscription-{subscription.pk}@{site.domain}")
    # Calendars replace an event only by one with a higher number; a journal only grows.
    event.add("sequence", changes)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", day)
    event.add("dtend", day + date.resolution)
    event.add("summary", _("Last day of “%(plan)s” (%(shop)s)") % names)
    event.add("description", _("Renew it here, no day is lost: %(url)s") % {"url": url})
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    calendar = Calendar()
    calendar.add("prodid", "-//django-oscar-subscriptions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical().decode()
