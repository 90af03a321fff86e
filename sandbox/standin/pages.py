"""The HTML of the hosted pages: values in, text out. No external file, no cookie, no tracking."""

from html import escape

from .money import formatted
from .style import CSS, SCRIPT

LAYOUT = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
<p class="demo" role="note"><strong>{demo}</strong> {demo_more}</p>
<main>
{content}
</main>
{script}
</body>
</html>
"""


def layout(t, title, content, nonce=None):
    """A whole page. ``t`` are the texts of its language; ``content`` is HTML already."""
    script = f'<script nonce="{nonce}">{SCRIPT}</script>' if nonce else ""
    return LAYOUT.format(
        language=t["language"], title=escape(title), css=CSS, demo=escape(t["demo"]),
        demo_more=escape(t["demo_more"]), content=content, script=script,
    )  # fmt: skip


def message(t, title, text, link=None):
    """A page that says one thing, with a way back to the shop if there is one."""
    back = f'<p><a class="button" href="{escape(link)}">{escape(t["back"])}</a></p>' if link else ""
    content = (
        f'<section class="sheet"><h1>{escape(title)}</h1><p>{escape(text)}</p>{back}</section>'
    )
    return layout(t, title, content)


def bank_question(t, session):
    """The page of a pretended bank, between the card and the shop."""
    question = escape(t["bank_question"].format(amount=shown_amount(t, session)))
    content = (
        f'<form class="sheet" method="post" action="/c/pay/{session["id"]}/bank">'
        f"<h1>{escape(t['bank_title'])}</h1><p>{question}</p>"
        f'<p class="hint">{escape(t["bank_help"])}</p><p class="row">'
        f'<button class="button" name="answer" value="confirm">{escape(t["confirm"])}</button> '
        f'<button class="button plain" name="answer" value="refuse">{escape(t["refuse"])}</button>'
        "</p></form>"
    )
    return layout(t, t["bank_title"], content)


def shown_amount(t, session):
    return formatted(session["amount_total"], session["currency"], t["language"])
