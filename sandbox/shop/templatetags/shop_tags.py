"""What the sandbox's templates need: ``{% load shop_tags %}``."""

from copy import copy
from typing import Any

from django import template
from django.utils.translation import pgettext, pgettext_lazy

register = template.Library()

# Those of OSCAR_ORDER_STATUS_PIPELINE, named for the catalogue.
STATUSES = [
    pgettext_lazy("order status", "Pending"),
    pgettext_lazy("order status", "Paid"),
    pgettext_lazy("order status", "Complete"),
    pgettext_lazy("order status", "Cancelled"),
]


@register.simple_tag
def in_words(order: Any) -> Any:
    """Return a copy of ``order``, for a page, whose status is in the page's language.

    Oscar prints the status as the database holds it: ``{% in_words order as order %}``.
    """
    shown = copy(order)
    if shown.status:
        shown.status = pgettext("order status", shown.status)
    return shown
