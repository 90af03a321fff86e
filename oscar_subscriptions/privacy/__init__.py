"""Export a member's data, and anonymise a member, on request.

``exporting`` returns the data as JSON; ``anonymising`` removes names and keeps what the law wants
kept. Other apps export their data with :func:`add_section`, refuse to anonymise with
:func:`add_objection`, and erase their data with :func:`add_eraser`.
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
