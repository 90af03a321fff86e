"""Sanitise the HTML that sellers write: Oscar's product page shows descriptions unescaped.

For text of somebody who is not staff, wherever it comes in. Our forms and Oscar's product form in
the dashboard call :func:`sanitised`; code of a shop that writes products of sellers, such as an
API, calls it or :func:`sanitise_product`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from typing import TYPE_CHECKING

import nh3

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Product

INLINE = {"strong", "em", "b", "i", "a"}
TAGS = INLINE | {"p", "br", "ul", "ol", "li", "h3", "h4", "blockquote"}
# ``lang``, so that a screen reader pronounces a part in another language; it can do no harm.
ATTRIBUTES = {"*": {"lang"}, "a": {"href", "title"}}
SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow noopener noreferrer"

# Characters that a form takes: sanitising them takes 0.1 s, and the result is at most eleven times
# as long.
MAX_LENGTH = 20_000
# Tags inside each other; deeper ones are dropped. Nobody writes more, and browsers and parsers are
# slow with thousands.
MAX_DEPTH = 20

# A quoted value may hold ">". Outside quotes "<" ends the search, so that it takes linear time.
_TAG = re.compile(r"""</?([a-zA-Z][^\s/<>"']*)(?=[\s/>])((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
# Beginning at the first letter only, for the same reason.
_ATTRIBUTE = re.compile(r"""(?<![a-zA-Z])([a-zA-Z]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+)""")
# With their content, up to the end of the text if they are not closed.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\b[^>]*>|\Z)|<[!?][^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\n\s*\n")
_PARAGRAPHS_ONLY = re.compile(r"(?:[^<]|</?p>|<br ?/?>)*")
_PARTS_OF_PARAGRAPHS = re.compile(r"(</?p>|<br ?/?>)")
_SPACES = re.compile(r"[ \t]{2,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_END = "</"
_NO_BLOCKS_INSIDE = {"p", "h2", "h3", "h4"}


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
    if _TAG.search(text) or _UNSEEN.search(text):
        text = _UNSEEN.sub("", text)
    else:
        text = escape(text, quote=False)
    clean = nh3.clean(
        _Layout(tags).of(text),
        tags=tags,
        attributes=dict(attributes),
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
    )
    # Control characters again: they may have been written as character references. Browsers show
    # many spaces as one.
    return _SPACES.sub(" ", _CONTROL.sub("", clean).replace("\r", "")).strip()


class _Layout:
    """Rewrites HTML so that tags are nested, and text outside a block stands in paragraphs.

    A parser reopens inline tags in each block that follows them: 18 kB became 32 MB. Here a block
    closes them.
    """

    def __init__(self, tags: set[str]) -> None:
        self.tags = tags
        self.out: list[str] = []
        self.blocks: list[str] = []
        self.inlines: list[str] = []
        # In a paragraph that is not in the text; and what comes before its next character, so that
        # none begins or ends with a space or a line break.
        self.is_in_paragraph = False
        self.breaks, self.has_space = 0, False
        self.is_after_tag_break = False

    def of(self, text: str) -> str:
        for name, token in _tokens(text):
            if not name:
                self.add_text(token.replace("<", "&lt;"))
            elif name not in self.tags:
                continue
            elif name == "br":
                self.add_break()
            elif token == _END:
                self.close(name)
            elif name in INLINE:
                self.open_inline(name, token)
            else:
                self.open_block(name, token)
        self.end_paragraph()
        self.close_blocks(0)
        return "".join(self.out)

    def add_text(self, text: str) -> None:
        if self.blocks:
            self.out.append(text)
            return
        if self.is_after_tag_break:
            text = text.removeprefix("\n")  # the same line break twice
        self.is_after_tag_break = False
        # Not inside an inline tag, which a paragraph would close.
        for number, part in enumerate([text] if self.inlines else _BLANK_LINES.split(text)):
            if number:
                self.end_paragraph()
            for line_number, line in enumerate(part.split("\n")):
                self.breaks += bool(line_number)
                self.has_space |= line[:1].isspace()
                if content := line.strip():
                    self.begin_content()
                    self.out.append(content)
                    self.has_space = line[-1:].isspace()

    def add_break(self) -> None:
        if self.blocks:
            self.out.append("<br>")
        else:
            self.breaks += 1
            self.is_after_tag_break = True

    def open_inline(self, name: str, token: str) -> None:
        if name == "a" and "a" in self.inlines:
            self.close("a")
        if len(self.inlines) < MAX_DEPTH:
            if not self.blocks:
                self.begin_content()
            self.out.append(token)
            self.inlines.append(name)

    def open_block(self, name: str, token: str) -> None:
        self.end_paragraph()
        if self.blocks and self.blocks[-1] in _NO_BLOCKS_INSIDE:
            self.close_blocks(len(self.blocks) - 1)
        if name == "li" and self.blocks and self.blocks[-1] == "li":
            self.close_blocks(len(self.blocks) - 1)
        if len(self.blocks) < MAX_DEPTH:
            self.separate()
            self.out.append(token)
            self.blocks.append(name)

    def close(self, name: str) -> None:
        if name in self.inlines:
            while self.inlines[-1] != name:
                self.out.append(f"</{self.inlines.pop()}>")
            self.out.append(f"</{self.inlines.pop()}>")
        elif name in self.blocks:
            self.end_paragraph()
            self.close_blocks(len(self.blocks) - 1 - self.blocks[::-1].index(name))

    def close_blocks(self, depth: int) -> None:
        while len(self.blocks) > depth:
            self.out.append(f"</{self.blocks.pop()}>")

    def begin_content(self) -> None:
        if self.is_in_paragraph:
            self.out.append("<br>" * self.breaks or " " * self.has_space)
        else:
            self.separate()
            self.out.append("<p>")
        self.is_in_paragraph = True
        self.breaks, self.has_space = 0, False

    def end_paragraph(self) -> None:
        while self.inlines:
            self.out.append(f"</{self.inlines.pop()}>")
        if self.is_in_paragraph:
            self.out.append("</p>")
        self.is_in_paragraph = self.is_after_tag_break = False
        self.breaks, self.has_space = 0, False

    def separate(self) -> None:
        if self.out and not self.blocks:
            self.out.append("\n\n")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield ``(name, tag)`` for each tag, ``(name, _END)`` for the end of an element, and
    ``("", text)`` for what is between them."""
    end = 0
    for tag in _TAG.finditer(text):
        if tag.start() > end:
            yield "", text[end : tag.start()]
        yield tag[1].lower(), _END if tag[0].startswith("</") else _opening(tag[1], tag[2])
        end = tag.end()
    if end < len(text):
        yield "", text[end:]


def _opening(name: str, attributes: str) -> str:
    # Written anew, so that a parser reads the same tag as this module.
    found = _ATTRIBUTE.findall(attributes)
    values = [(each, escape(unescape(value.strip("\"'")))) for each, value in found]
    return "<" + " ".join([name, *(f'{each}="{value}"' for each, value in values)]) + ">"


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
