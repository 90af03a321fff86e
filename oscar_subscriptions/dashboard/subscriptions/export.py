"""The subscriptions that a search finds, as a file for a spreadsheet.

It opens in Excel without questions: with a byte order mark, and the separator and the dates of the
operator's language. No cell is taken for a formula.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.views import generic

from oscar_subscriptions import conf, journal
from oscar_subscriptions.dashboard.subscriptions import columns
from oscar_subscriptions.loading import get_class, registered

if TYPE_CHECKING:
    from oscar_subscriptions.dashboard.subscriptions.forms import SubscriptionSearchForm
    from oscar_subscriptions.protocols import StaffRequest, Subscription

logger = logging.getLogger(__name__)

# Rows that are in memory at a time.
TOGETHER = 500
# A spreadsheet takes a cell that begins so for a formula, which may run a program.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"


class SubscriptionExportView(generic.View):
    """Send what the list shows under the same address parameters, all of it."""

    request: StaffRequest

    def get(self, request: StaffRequest) -> HttpResponseBase:
        """Stream the file; a search with a mistake leads back to its form."""
        form: SubscriptionSearchForm = get_class(
            "dashboard.subscriptions.views", "SubscriptionSearchForm"
        )(request.GET)
        if not form.is_valid():
            query = request.GET.urlencode()
            url: HttpResponse = redirect("subscriptions-dashboard:subscription-list")
            url["Location"] += f"?{query}"
            return url
        logger.info(
            "%s exports subscriptions: %s",
            journal.display_name(request.user),
            request.GET.urlencode() or "all",
        )
        found = form.search(registered.Subscription.objects.all())
        keys = found.values_list("pk", flat=True).iterator(chunk_size=TOGETHER)
        language = translation.get_language() or ""
        name = f"subscriptions-{conf.today().isoformat()}.csv"
        return StreamingHttpResponse(
            written(keys, form.day, language),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def written(keys: Iterable[int], day: date, language: str) -> Iterator[str]:
    """Yield the file, some rows at a time.

    Args:
        keys: primary keys of the subscriptions, in the order of the rows.
        day: of the states.
        language: of the reader; not left active between two pieces.
    """
    with translation.override(language):
        head = _lines([_head()])
    yield BYTE_ORDER_MARK + head
    remaining = iter(keys)
    while some := list(islice(remaining, TOGETHER)):
        rows = registered.Subscription.objects.select_related("plan__product", "user")
        found = rows.prefetch_related("terms__came_from").in_bulk(some)
        with translation.override(language):
            columns.fill(found.values(), day)
            # One that was deleted since is left out.
            text = _lines([_cells(found[pk]) for pk in some if pk in found])
        yield text


def _head() -> list[str]:
    return [
        _("Number"),
        _("Member"),
        _("E-mail"),
        _("Plan"),
        _("Status"),
        _("First day"),
        _("Last day"),
        _("How it was got"),
        _("Ordered first"),
    ]


def _cells(row: Subscription) -> list[str]:
    user = row.user
    return [
        str(row.pk),
        (user.get_full_name() if user is not None else "") or row.member_name,
        (user.email if user is not None else "") or row.member_email,
        row.plan.title,
        row.status.words,
        _day(row.first_day),
        _day(row.last_day),
        row.origin,
        _day(timezone.localtime(row.created_at, timezone.get_default_timezone()).date()),
    ]


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day is not None else ""


def _lines(rows: list[list[str]]) -> str:
    # Where a decimal has a comma, Excel reads semicolons between the cells.
    separator = ";" if get_format("DECIMAL_SEPARATOR") == "," else ","
    text = StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
