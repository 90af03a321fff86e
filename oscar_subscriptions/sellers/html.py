"""Sanitise the HTML that sellers write: Oscar's product page shows descriptions unescaped."""

import re
from html import unescape

import nh3
from django.utils.html import linebreaks

TAGS = {"p", "br", "strong", "em", "b", "i", "ul", "ol", "li", "h3", "h4", "blockquote", "a"}
ATTRIBUTES = {"a": {"href", "title"}}
SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow noopener noreferrer"

_ANY_TAG = re.compile(r"</?[a-zA-Z!][^>]*>?")
_PARAGRAPHS_ONLY = re.compile(r"(?:[^<]|</?p>|<br ?/?>)*")
_SPACES = re.compile(r"[ \t]{2,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def sanitised(text: str) -> str:
    """Return ``text`` as HTML that is safe to show unescaped.

    Text without any tag becomes paragraphs. Otherwise tags, attributes and link schemes that are
    not listed above are dropped, scripts and styles with their content.
    """
    text = _CONTROL.sub("", text).replace("\r\n", "\n").strip()
    # Browsers show many spaces as one, and they would slow down every later pattern.
    text = _SPACES.sub(" ", text)
    if not _ANY_TAG.search(text):
        text = linebreaks(text, autoescape=True) if text else ""
    return nh3.clean(
        text, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=LINK_REL
    ).strip()


def as_typed(html: str) -> str:
    """Return ``html`` for the form's field: as plain text if it consists of plain paragraphs."""
    if not _PARAGRAPHS_ONLY.fullmatch(html):
        return html
    text = re.sub(r"\s*<br ?/?>\s*", "\n", html)
    text = re.sub(r"\s*</p>\s*", "\n\n", text).replace("<p>", "")
    plain = unescape(text).strip()
    # "&lt;b&gt;" was typed as text: as "<b>" the next save would read it as a tag.
    return html if _ANY_TAG.search(plain) else plain
