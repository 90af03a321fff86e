"""The page a member pays on: order, card or bank debit, test cards."""

from html import escape

from .cards import TEST_CARDS
from .money import formatted
from .pages import layout, shown_amount


def page(t, session, lines, shop, values, errors, nonce):
    """The whole page.

    ``values`` are what to show again (never a card), ``errors`` field -> text; the key ``""``
    holds what the bank said.
    """
    amount = shown_amount(t, session)
    summary = _summary(t, session, lines, shop)
    parts = [f"<h2>{escape(t['title'])}</h2>", _alert(t, errors)]
    if not session["customer_email"] and not session["customer"]:
        email = _field(t, errors, "email", values, type="email", autocomplete="email")
        parts.append(f"<fieldset><legend>{escape(t['contact'])}</legend>{email}</fieldset>")
    parts.append(_methods(t, session, values, errors))
    pay = escape(t["pay"].format(amount=amount))
    parts.append(f'<button class="button" type="submit">{pay}</button>')
    if session["cancel_url"]:
        cancel = escape(t["cancel"])
        parts.append(
            f'<p class="cancel"><a href="{escape(session["cancel_url"])}">{cancel}</a></p>'
        )
    form = (
        f'<form class="sheet" method="post" action="/c/pay/{session["id"]}" novalidate>'
        f"{''.join(parts)}{_test_cards(t)}</form>"
    )
    return layout(t, f"{t['title']} – {amount}", summary + form, nonce)


def _summary(t, session, lines, shop):
    rows = []
    for line in lines:
        times = f" × {line['quantity']}" if line["quantity"] > 1 else ""
        price = formatted(line["amount_total"], line["currency"], t["language"])
        rows.append(f"<li><span>{escape(line['description'] + times)}</span> <b>{price}</b></li>")
    return (
        f'<section class="summary"><h1>{escape(t["summary"])}</h1>'
        f'<p class="amount">{shown_amount(t, session)}</p><ul>{"".join(rows)}</ul>'
        f'<p class="hint">{escape(t["for"])} <b>{escape(shop)}</b></p></section>'
    )


def _alert(t, errors):
    if not errors:
        return ""
    said = errors.get("") or " ".join(errors.values())
    return f'<div class="alert" role="alert"><b>{escape(t["errors"])}</b><br>{escape(said)}</div>'


def _field(t, errors, name, values=(), **attributes):
    error = errors.get(name)
    if error:
        attributes |= {"aria-invalid": "true", "aria-describedby": f"{name}-error"}
    if name in values:
        attributes["value"] = values[name]
    html = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    said = f'<span class="error" id="{name}-error">{escape(error)}</span>' if error else ""
    return (
        f'<p class="field {name}"><label for="{name}">{escape(t[name])}</label>'
        f'<input id="{name}" name="{name}"{html}>{said}</p>'
    )


def _methods(t, session, values, errors):
    offered = session["payment_method_types"]
    chosen = values.get("method") if values.get("method") in offered else offered[0]
    radios = "".join(
        f'<input class="choose" type="radio" name="method" value="{name}" id="method-{name}"'
        f"{' checked' if name == chosen else ''}>"
        f'<label class="choice" for="method-{name}">{escape(t[name])}</label>'
        for name in offered
    )
    panels = {"card": _card_panel, "sepa_debit": _debit_panel}
    shown = "".join(panels[name](t, values, errors) for name in offered)
    return f"<fieldset><legend>{escape(t['method'])}</legend>{radios}{shown}</fieldset>"


def _card_panel(t, values, errors):
    # `autocomplete` is off because browsers would offer the visitor's own, real card here.
    digits = {"inputmode": "numeric", "autocomplete": "off"}
    fields = [
        _field(t, errors, "number", **digits, maxlength="23", placeholder="4242 4242 4242 4242"),
        _field(t, errors, "exp", autocomplete="off", maxlength="7", placeholder="12 / 34"),
        _field(t, errors, "cvc", **digits, maxlength="4", placeholder="123"),
        _field(t, errors, "name", values, autocomplete="off"),
    ]
    return f'<div class="panel panel-card">{"".join(fields)}</div>'


def _debit_panel(t, values, errors):
    radios = "".join(
        f'<label class="option"><input type="radio" name="debit_outcome" value="{name}"'
        f"{' checked' if name == values.get('debit_outcome', 'succeed') else ''}> "
        f"{escape(t[name])}</label>"
        for name in ("succeed", "fail")
    )
    return (
        f'<div class="panel panel-sepa_debit"><p class="hint">{escape(t["debit_help"])}</p>'
        f'<div role="radiogroup" aria-label="{escape(t["debit_outcome"])}">'
        f"<p>{escape(t['debit_outcome'])}</p>{radios}</div></div>"
    )


def _test_cards(t):
    rows, seen = [], set()
    for number, outcome in TEST_CARDS.items():
        if outcome in seen:
            continue
        seen.add(outcome)
        spaced = " ".join(number[start : start + 4] for start in range(0, len(number), 4))
        rows.append(
            f"<li><code>{spaced}</code> <span>{escape(t['card_' + outcome])}</span>"
            f'<button type="button" class="use" data-card="{spaced}" hidden'
            f' aria-label="{escape(t["use"])} {spaced}">{escape(t["use"])}</button></li>'
        )
    return (
        f'<details open class="cards"><summary>{escape(t["cards"])}</summary>'
        f'<ul>{"".join(rows)}</ul><p class="hint">{escape(t["cards_help"])}</p></details>'
    )
