"""What the sanitiser parses: tags nested, text in paragraphs, linear in length."""

import pytest

from oscar_subscriptions.sellers import html
from oscar_subscriptions.sellers.html_layout import MAX_DEPTH, Layout


def laid_out(text):
    return Layout(html.TAGS).of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("one<br>two", "<p>one<br>two</p>"),
        ("<ul><li>one</ul>", "<ul><li>one</li></ul>"),
        ("<blink>one</blink>", "<p>one</p>"),
        ("a < b", "<p>a &lt; b</p>"),
    ],
)
def test_text_outside_a_block_stands_in_paragraphs_and_tags_are_closed(text, expected):
    assert "".join(laid_out(text).split("\n")) == expected


def test_tags_inside_each_other_have_a_limit():
    assert laid_out("<b>" * 1000 + "deep").count("<b>") <= MAX_DEPTH


def test_inline_tags_that_are_never_closed_are_not_opened_again_in_each_block():
    text = "<b>" * 100 + "<p>x</p>" * 100
    assert len(laid_out(text)) < 3 * len(text)
