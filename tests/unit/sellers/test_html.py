"""The HTML that sellers may write."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oscar_subscriptions.sellers import html
from tests.properties import steady


def test_simple_html_stays_and_links_are_not_followed():
    clean = html.sanitised('<p>A <b>bold</b> <a href="https://a.example" target="_top">b</a></p>')
    assert clean == (
        '<p>A <b>bold</b> <a href="https://a.example" rel="nofollow noopener noreferrer">b</a></p>'
    )


@pytest.mark.parametrize(
    "typed",
    [
        "One line",
        "a < b & c > d",
        "First\nsecond\n\nthird",
        'He said "no" – it’s 5 > 3',
        "AT&amp;T",
    ],
)
def test_plain_text_survives_being_edited(typed):
    once = html.sanitised(typed)
    assert html.as_typed(once) == typed
    assert html.sanitised(html.as_typed(once)) == once


def test_text_that_looks_like_a_tag_never_becomes_one():
    stored = html.sanitised("&lt;script&gt;alert(1)&lt;/script&gt;")
    assert "<script" not in html.sanitised(html.as_typed(stored))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ('<p class="x" style="color: red">a</p>', "<p>a</p>"),
        ("<h1>a</h1><h3>b</h3>", "<p>a</p>\n\n<h3>b</h3>"),
        ("<style>p {color: red}</style><p>a</p>", "<p>a</p>"),
        ("<p>a<script>b</script>c</p>", "<p>ac</p>"),
        ("<p>a<b>b</p>", "<p>a<b>b</b></p>"),
    ],
)
def test_what_is_not_allowed_is_dropped_and_the_rest_is_well_formed(typed, kept):
    assert html.sanitised(typed) == kept


@pytest.mark.parametrize(
    "scheme", ["javascript:x()", "data:text/html,x", "JavaScript:x()", "tel:1"]
)
def test_a_link_of_another_scheme_leads_nowhere(scheme):
    clean = html.sanitised(f'<a href="{scheme}">x</a>')
    assert "href" not in clean and ">x</a>" in clean


@pytest.mark.parametrize("address", ["https://a.example/?b=1", "mailto:ada@a.example"])
def test_a_link_to_the_web_or_to_a_mailbox_stays(address):
    assert f'href="{address}"' in html.sanitised(f'<a href="{address}">x</a>')


@pytest.mark.parametrize("typed", ["", "  \n ", "\x00\x1b", "<script>alert(1)</script>"])
def test_nothing_to_read_is_nothing(typed):
    assert html.sanitised(typed) == ""


def test_control_characters_and_many_spaces_are_folded():
    assert html.sanitised("a\x00b \t  c\r\nd") == "<p>ab c<br>d</p>"


@pytest.mark.parametrize("stored", ["<p>a <b>b</b></p>", "<ul><li>a</li></ul>", "<h3>a</h3>"])
def test_html_that_is_more_than_paragraphs_is_edited_as_html(stored):
    assert html.as_typed(stored) == stored


# Pieces that HTML is made of, by sellers and by attackers.
WORDS = ["R&D", "&amp;", "&lt;b&gt;", "a", "é", "\n", "\n\n", " ", "  ", "\t", "\u00a0", "&nbsp;"]
SIGNS = ["<", "&", ">", '"', "'", "&#13;", "&#10;", "&#0;", "&#x3c;b>", "<p", "<b ", "<p-->"]
KEPT = "<b> </b> <i> </i> <b/> <p> </p> <P> <p/> <br> <br/> </br> <ul> <ol> </ol> <li> </li> </ul>"
KEPT += " <h3> </h3> <blockquote> </blockquote> </a>"
DROPPED = (
    "<h1> </h1> <table> <td> <svg> <script> </script> <style> <!-- --> <!doctype> <?x <select>"
)
DROPPED += " <textarea> <title> <plaintext> <template> <body> <math> </x>"
LINKS = [
    "<a href='http://x'>",
    '<a title="a>b">',
    '<p title=x"><b lang=1>">',
    "<p lang=fr>",
    "</ x>",
]
PIECES = st.lists(
    st.sampled_from([*WORDS, *SIGNS, *KEPT.split(), *DROPPED.split(), *LINKS]), max_size=12
).map("".join)


@given(PIECES)
@settings(steady, max_examples=400)
def test_fault_115_sanitising_twice_changes_nothing(typed):
    once = html.sanitised(typed)
    assert html.sanitised(once) == once
    assert html.sanitised(html.as_typed(once)) == once


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("R&D", "<p>R&amp;D</p>"),
        ("<h1>R&D</h1>", "<p>R&amp;D</p>"),
        ("<script>x</script>R&D", "<p>R&amp;D</p>"),
        ("&lt;b&gt;<i></i>", "<p>&lt;b&gt;<i></i></p>"),
    ],
)
def test_fault_115_research_and_development_stay(typed, kept):
    assert html.sanitised(typed) == kept
    assert html.sanitised(html.sanitised(kept)) == kept


LIST = "<ul><li>b\n</li><li>c</li></ul>"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\nb <b>c</b>\n\nd", "<p>a<br>b <b>c</b></p>\n\n<p>d</p>"),
        ("<b>a\n\nb</b>", "<p><b>a<br><br>b</b></p>"),
        ("a<br>\nb<br/>c", "<p>a<br>b<br>c</p>"),
        (
            "a\n\n<ul>\n<li>b\n<li>c\n</ul>\nd\ne",
            "<p>a</p>\n\n<ul>\n<li>b\n</li><li>c\n</li></ul>\n\n<p>d<br>e</p>",
        ),
        ("<p>a\nb</p>", "<p>a\nb</p>"),
        ("a <b>b</b> <i>c</i>", "<p>a <b>b</b> <i>c</i></p>"),
    ],
)
def test_fault_115_one_tag_among_plain_text_keeps_the_line_breaks(typed, kept):
    assert html.sanitised(typed) == kept


def test_part_in_another_language_may_say_so():
    assert html.sanitised('<p lang="fr">Bonjour</p>') == '<p lang="fr">Bonjour</p>'
    assert html.as_typed('<p lang="fr">Bonjour</p>') == '<p lang="fr">Bonjour</p>'


@settings(steady, max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<br>",
                "\n\n",
                " ",
                "\n",
                "a",
                "é",
                "&",
                "&amp;",
                "\xa0",
                "\x85",
                "<b>",
            ]
        )
        | st.characters(),
        max_size=12,
    ).map("".join)
    | st.lists(st.text(max_size=5), max_size=3).map(
        lambda texts: "\n\n".join(f"<p>{text}</p>" for text in texts)
    )
)
def test_what_is_clean_is_what_sanitising_leaves_alone(text):
    assert html.is_clean(text) == (html.sanitised(text) == text)


def test_paragraphs_of_plain_text_are_clean_without_being_parsed(monkeypatch):
    stored = html.sanitised('A line, and\nanother.\n\nWith “quotes” – and 5 € more: it\'s "it".')
    monkeypatch.setattr(html, "sanitised", lambda text: 1 / 0)
    assert html.is_clean(stored)
    with pytest.raises(ZeroDivisionError):
        html.is_clean(f"{stored} ")


@pytest.mark.parametrize("text", ["<p>a  b</p>", "<p>a</p><p>b</p>", "<p>a\nb</p> ", "<p>\xa0</p>"])
def test_paragraphs_that_sanitising_changes_are_not_clean(text):
    assert html.sanitised(text) != text
    assert not html.is_clean(text)
