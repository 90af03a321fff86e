"""Rewrite HTML so that a parser needs linear time and space for it; :mod:`.html` sanitises it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

INLINE = {"strong", "em", "b", "i", "a"}
# Tags inside each other; deeper ones are dropped. Nobody writes more, and browsers and parsers are
# slow with thousands.
MAX_DEPTH = 20

# A quoted value may hold ">". Outside quotes "<" ends the search, so that it takes linear time.
TAG = re.compile(r"""</?([a-zA-Z][^\s/<>"']*)(?=[\s/>])((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
# Beginning at the first letter only, for the same reason.
_ATTRIBUTE = re.compile(r"""(?<![a-zA-Z])([a-zA-Z]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+)""")
_BLANK_LINES = re.compile(r"\n\s*\n")
_END = "</"
_NO_BLOCKS_INSIDE = {"p", "h2", "h3", "h4"}


class Layout:
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
        """Return ``text`` rewritten, without the tags that do not stay."""
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
    for tag in TAG.finditer(text):
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
