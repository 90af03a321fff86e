"""The hosted pages, as a browser gets them."""

import re
import urllib.request

import pytest
from standin_support import session_params


def get(url, language="en"):
    request = urllib.request.Request(url, headers={"Accept-Language": language})
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode(), answer.headers


@pytest.mark.parametrize(
    ("locale", "browser", "shown"),
    [
        ("fr", "en", "fr"),
        ("fr-CA", "en", "fr"),
        ("en", "fr", "en"),
        ("auto", "fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("auto", "en;q=0.4, fr;q=0.8", "fr"),
        (None, "de, en;q=0.5", "en"),
        (None, "zz;q=x", "en"),
        ("de", "fr", "en"),
    ],
)
def test_the_page_speaks_the_sessions_language_or_the_browsers(client, locale, browser, shown):
    changes = {"locale": locale} if locale else {}
    session = client.v1.checkout.sessions.create(session_params(**changes))

    html, _ = get(session.url, browser)

    assert f'<html lang="{shown}">' in html
    words = {"fr": "aucun argent ne circule", "en": "no money moves"}
    assert words[shown] in html


def test_the_page_shows_what_is_sold_and_the_way_back(client):
    session = client.v1.checkout.sessions.create(session_params(12000, "jpy", locale="fr"))

    html, headers = get(session.url)

    assert "Abonnement Silver" in html and "Payer 12\u202f000\u00a0¥" in html
    assert 'href="http://shop.test/cancelled/"' in html
    assert "shop.test" in html and "4242 4242 4242 4242" in html
    assert 'value="sepa_debit"' not in html  # euros only
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_french_is_set_with_its_spaces(client):
    session = client.v1.checkout.sessions.create(session_params(locale="fr"))

    html, _ = get(session.url)

    text = re.sub(r"<style>.*?</style>|<script.*?</script>|<[^>]*>", " ", html, flags=re.DOTALL)
    assert not re.findall(r"\w ?[!?;»]| [:]", text)
    assert "'" not in text


def test_what_the_shop_sends_is_escaped(client):
    evil = '<script>alert(1)</script>"'
    product = {"name": evil}
    price = {"currency": "eur", "unit_amount": 1000, "product_data": product}
    session = client.v1.checkout.sessions.create(
        session_params(
            line_items=[{"price_data": price, "quantity": 1}],
            cancel_url='http://shop.test/?a="onclick="x',
        )
    )

    html, _ = get(session.url)

    assert evil not in html and 'onclick="x' not in html


def test_every_field_has_a_label_and_errors_are_announced(pay_server, client):
    session = client.v1.checkout.sessions.create(session_params())

    html = pay_server.submit_card(session.url, "1")[2]

    for id in re.findall(r'<input[^>]* id="([\w-]+)"', html):
        assert f'for="{id}"' in html
    assert 'aria-describedby="number-error"' in html and 'id="number-error"' in html


def test_a_finished_session_leads_back(pay_server, client):
    session = client.v1.checkout.sessions.create(session_params())
    pay_server.pay(session.id)
    assert f"session_id={session.id}" in get(session.url)[0]

    other = client.v1.checkout.sessions.create(session_params())
    client.v1.checkout.sessions.expire(other.id)
    html, _ = get(other.url)
    assert "has expired" in html and "http://shop.test/cancelled/" in html
    assert pay_server.submit(other.url)[0] == 200


def test_a_paid_charge_has_a_receipt(pay_server, client):
    session = client.v1.checkout.sessions.create(session_params())
    intent = pay_server.pay(session.id)["session"]["payment_intent"]
    charge = client.v1.charges.list({"payment_intent": intent}).data[0]

    html, _ = get(charge.receipt_url, "fr")

    assert "Reçu – 100,00\u00a0€" in html and "4242" in html


def test_unknown_addresses_are_not_found(pay_server):
    for path in ("/c/pay/cs_test_unknown", "/c/pay/cs_test_unknown/bank", "/receipts/ch_x", "/x"):
        assert pay_server.submit(pay_server.url + path)[0] == 404
