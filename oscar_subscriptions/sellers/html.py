"""Sanitise the HTML that sellers write: Oscar's product page shows descriptions unescaped.

For text of somebody who is not staff, wherever it comes in. Our forms and Oscar's product form in
the dashboard call :func:`sanitised`; code of a shop that writes products of sellers, such as an
API, calls it or :func:`sanitise_product`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import TYPE_CHECKING

import nh3

from oscar_subscriptions.sellers import html_layout as layout

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Product

TAGS = layout.INLINE | {"p", "br", "ul", "ol", "li", "h3", "h4", "blockquote"}
# ``lang``, so that a screen reader pronounces a part in another language; it can do no harm.
ATTRIBUTES = {"*": {"lang"}, "a": {"href", "title"}}
SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow noopener noreferrer"

# Characters that a form takes: sanitising them takes 0.1 s, and the result is at most eleven times
# as long.
MAX_LENGTH = 20_000
# With their content, up to the end of the text if they are not closed.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\b[^>]*>|\Z)|<[!?][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_PARAGRAPHS_ONLY = re.compile(r"(?:[^<]|</?p>|<br ?/?>)*")
_PARTS_OF_PARAGRAPHS = re.compile(r"(</?p>|<br ?/?>)")
_SPACES = re.compile(r"[ \t]{2,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Paragraphs of plain text as they are stored: there is nothing in them to sanitise.
_LINE = r"[^\s<>&\x00-\x1f\x7f-\x9f](?: ?[^\s<>&\x00-\x1f\x7f-\x9f])*"
_PLAIN = re.compile(rf"(?:(?:\A|\n\n)<p>{_LINE}(?:<br>{_LINE})*</p>)*")


def sanitised(
    text: str, tags: set[str] = TAGS, attributes: Mapping[str, set[str]] = ATTRIBUTES
) -> str:
    """Return ``text`` as HTML that is safe to show unescaped; empty if there is nothing to show.

    Tags, attributes and link schemes that are not listed above are dropped, scripts and styles with
    their content. Text outside a block becomes paragraphs with line breaks, as it was typed. In a
    text without any tag ``&`` and ``<`` mean themselves. Sanitising the result changes nothing.

    Args:
        tags: the tags that stay.
        attributes: the attributes that stay, by tag; ``*``: of every tag.
    """
    text = _CONTROL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    if layout.TAG.search(text) or _UNSEEN.search(text):
        text = _UNSEEN.sub("", text)
    else:
        text = escape(text, quote=False)
    clean = nh3.clean(
        layout.Layout(tags).of(text),
        tags=tags,
        attributes=dict(attributes),
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
    )
    # Control characters again: they may have been written as character references. Browsers show
    # many spaces as one.
    return _SPACES.sub(" ", _CONTROL.sub("", clean).replace("\r", "")).strip()


def is_clean(text: str) -> bool:
    """Return whether sanitising ``text`` would change nothing."""
    return _PLAIN.fullmatch(text) is not None or sanitised(text) == text


def sanitise_product(product: Product) -> bool:
    """Sanitise the description and the rich text attributes of ``product``; do not save it.

    Returns:
        Whether anything changed.
    """
    before = product.description
    product.description = sanitised(before or "")
    has_changed = product.description != (before or "")
    for attribute in product.attr.get_all_attributes():
        text = getattr(product.attr, attribute.code, None)
        if attribute.type == attribute.RICHTEXT and text:
            setattr(product.attr, attribute.code, sanitised(text))
            has_changed |= getattr(product.attr, attribute.code) != text
    return has_changed


def as_typed(html: str) -> str:
    """Return ``html`` for the form's field: as plain text if that says the same."""
    if not _PARAGRAPHS_ONLY.fullmatch(html):
        return html
    signs = {"<p>": "", "</p>": "\n\n"}
    parts = _PARTS_OF_PARAGRAPHS.split(html)
    # A browser folds white space; patterns that fold it around tags take quadratic time.
    parts[::2] = [" ".join(part.split()) for part in parts[::2]]
    parts[1::2] = [signs.get(tag, "\n") for tag in parts[1::2]]
    plain = unescape("".join(parts)).strip()
    # Not where saving it unchanged would change it: "&lt;b&gt;" would become a tag.
    return plain if sanitised(plain) == html else html
