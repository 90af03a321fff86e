"""What is known of a member: told on request, and made nameless on request.

``exporting`` tells it as JSON; ``anonymising`` takes names away and keeps what the law wants kept.
Other apps add what they hold with :func:`add_section`, what stands in the way of anonymising with
:func:`add_objection`, and what is to go with :func:`add_eraser`.
"""

from oscar_subscriptions.privacy.anonymising import (
    RefusedError,
    add_eraser,
    add_objection,
    anonymise,
)
from oscar_subscriptions.privacy.exporting import add_section, export
from oscar_subscriptions.privacy.people import Person, find

__all__ = [
    "Person",
    "RefusedError",
    "add_eraser",
    "add_objection",
    "add_section",
    "anonymise",
    "export",
    "find",
]
