"""The hosted pages: the member pays here, on our origin, so that the shop never sees a card.

``/c/pay/<session>`` takes the form, ``/c/pay/<session>/bank`` the bank's question (3-D Secure),
``/receipts/<charge>`` shows a receipt. There is no cookie and so nothing to forge: whoever has the
address may pay, as at Stripe.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from . import bank_debit, card_form, cards, pages, payments, sessions
from .attempts import SessionClosed
from .errors import ApiError
from .money import formatted
from .texts import TEXTS, language

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


@dataclass
class Page:
    status: int
    html: str
    headers: dict = field(default_factory=lambda: {"Content-Security-Policy": POLICY})


def answer(app, method, path, body, headers):
    """The page for one request of a browser."""
    accepted = headers.get("Accept-Language")
    found = re.fullmatch(r"/c/pay/(cs_\w+)(/bank)?", path)
    receipt = re.fullmatch(r"/receipts/(ch_\w+)", path)
    try:
        if found:
            session = sessions.current(app, found[1])
            t = _texts(session["locale"], accepted)
            form = dict(parse_qsl(body, keep_blank_values=True)) if method == "POST" else None
            return (_bank if found[2] else _pay)(app, t, session, form)
        if receipt and app.store.get(receipt[1], "charge"):
            return _receipt(app, _texts(None, accepted), app.store.get(receipt[1]))
    except SessionClosed as closed:
        return _closed(_texts(closed.session["locale"], accepted), closed.session, method == "POST")
    except ApiError as problem:
        if problem.status != 404:
            raise
    t = _texts(None, accepted)
    return Page(404, pages.message(t, t["missing_title"], t["missing"]))


def _texts(locale, accepted):
    chosen = language(locale, accepted)
    return TEXTS[chosen] | {"language": chosen}


def _pay(app, t, session, form):
    if session["status"] != "open":
        raise SessionClosed(session)
    if form is None:
        return _form(app, t, session)
    values = {
        name: form.get(name, "").strip() for name in ("email", "name", "method", "debit_outcome")
    }
    if not values["method"] and len(session["payment_method_types"]) == 1:
        values["method"] = session["payment_method_types"][0]
    known = _known_email(app, session)
    email = known or values["email"]
    errors = {}
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email) and not session["customer"]:
        errors["email"] = t["email_invalid"]
    if values["method"] not in session["payment_method_types"]:
        errors[""] = t["method_invalid"]
    card = None
    if values["method"] == "card":
        try:
            today = datetime.fromtimestamp(app.store.now(), UTC).date()
            card = cards.read(
                form.get("number", ""), form.get("exp", ""), form.get("cvc", ""), today
            )
        except cards.CardError as problem:
            errors[problem.field] = t[problem.problem]
    if errors:
        return _form(app, t, session, values, errors)
    try:
        if card is None:
            succeeds = values["debit_outcome"] != "fail"
            session = bank_debit.pay(app, session["id"], succeeds, email, values["name"] or None)
        else:
            session = payments.pay_by_card(app, session["id"], card, email, values["name"] or None)
    except payments.Declined as refusal:
        return _form(app, t, session, values, {"": t[refusal.reason]})
    return _go(_after(session))


def _bank(app, t, session, form):
    if session["status"] != "open":
        raise SessionClosed(session)
    if not payments.waits_for_bank(app, session):
        return _go(f"/c/pay/{session['id']}")
    if form is None or form.get("answer") not in ("confirm", "refuse"):
        return Page(200, pages.bank_question(t, session))
    try:
        session = payments.answer_bank(app, session["id"], form["answer"] == "confirm")
    except payments.Declined as refusal:
        return _form(app, t, session, {}, {"": t[refusal.reason]})
    return _go(_after(session))


def _form(app, t, session, values=(), errors=()):
    nonce = secrets.token_urlsafe(12)
    lines = app.store.private(session["id"])["lines"]
    shop = urlsplit(session["success_url"]).netloc
    html = card_form.page(t, session, lines, shop, dict(values), dict(errors), nonce)
    return Page(200, html, {"Content-Security-Policy": f"{POLICY}; script-src 'nonce-{nonce}'"})


def _closed(t, session, submitted):
    done = session["status"] == "complete"
    if done and submitted:
        # The second click of a double click: where the first one would have gone.
        return _go(_after(session))
    key = "complete" if done else "expired"
    link = _after(session) if done else session["cancel_url"]
    return Page(200, pages.message(t, t[f"{key}_title"], t[key], link))


def _receipt(app, t, charge):
    day = datetime.fromtimestamp(charge["created"], UTC)
    date = f"{day:%d/%m/%Y}" if t["language"] == "fr" else f"{day.day} {day:%B %Y}"
    last4 = charge["payment_method_details"].get("card", {}).get("last4")
    method = t["card_short"].format(last4=last4) if last4 else t["debit_short"]
    money = [
        formatted(charge[name], charge["currency"], t["language"])
        for name in ("amount", "amount_refunded")
    ]
    text = t["receipt_paid"].format(date=date, method=method)
    if charge["amount_refunded"]:
        text += f" · {t['receipt_refunded'].format(amount=money[1])}"
    return Page(200, pages.message(t, f"{t['receipt_title']} – {money[0]}", text))


def _known_email(app, session):
    customer = session["customer"] and app.store.get(session["customer"], "customer")
    return session["customer_email"] or (customer and customer["email"]) or ""


def _after(session):
    """Where the browser goes next: the bank's question while open, then the shop."""
    if session["status"] == "open":
        return f"/c/pay/{session['id']}/bank"
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def _go(address):
    return Page(303, "", {"Location": address})
