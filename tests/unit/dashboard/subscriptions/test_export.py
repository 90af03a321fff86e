"""A file that a spreadsheet opens right, in both languages, and takes for no program."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.dashboard.subscriptions import export

Subscription = get_model("oscar_subscriptions", "Subscription")
TODAY = date(2017, 2, 3)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


@pytest.fixture
def ada(shop):
    user = shop.make_user("ada", first_name="Ada", last_name="Martin; Côté")
    return fulfilment.order_paid(shop.make_order(user)).term.subscription


def written(*rows, language="en"):
    return "".join(export.written([row.pk for row in rows], TODAY, language))


def test_english_has_commas(ada):
    assert written(ada) == (
        "\ufeffNumber,Member,E-mail,Plan,Status,First day,Last day,How it was got,Ordered first\r\n"
        f'{ada.pk},Ada Martin; Côté,ada@example.com,Silver,"active until Feb. 3, 2018",'
        "02/03/2017,02/03/2018,bought,02/03/2017\r\n"
    )


def test_french_has_semicolons_as_excel_reads_them(ada):
    assert written(ada, language="fr") == (
        "\ufeffNuméro;Membre;E-mail;Formule d’abonnement;État;Premier jour;Dernier jour;"
        "Obtenu comment;Première commande\r\n"
        f'{ada.pk};"Ada Martin; Côté";ada@example.com;Silver;actif jusqu’au 3 février 2018;'
        "03/02/2017;03/02/2018;acheté;03/02/2017\r\n"
    )


@pytest.mark.parametrize("name", ["=1+1", "+33", "-2", "@cmd", "\tx", "\rx"])
def test_no_cell_is_a_formula(ada, name):
    ada.user.first_name, ada.user.last_name = name, ""
    type(ada.user).objects.update(first_name=name, last_name="")
    [_head, row] = csv.reader(io.StringIO(written(ada)[1:], newline=""))
    assert row[1] == f"'{name}" or row[1] == name.strip()
    assert not row[1].startswith(export.FORMULA)


def test_many_are_read_some_at_a_time_and_in_their_order(shop, ada, monkeypatch):
    monkeypatch.setattr(export, "TOGETHER", 2)
    others = [shop.grant(shop.make_user(f"m{number}")).subscription for number in range(4)]
    rows = [*reversed(others), ada]
    with CaptureQueriesContext(connection) as queries:
        text = written(*rows)
    numbers = [line.split(",")[0] for line in text.splitlines()[1:]]
    assert numbers == [str(row.pk) for row in rows]
    # Of three pieces: the rows, their terms, where those came from, and the states.
    assert len(queries) <= 3 * 4


def test_a_language_is_not_left_behind(ada):
    with translation.override("en"):
        pieces = export.written([ada.pk], TODAY, "fr")
        next(pieces)
        assert translation.get_language() == "en"


def test_one_that_was_deleted_meanwhile_is_left_out(ada):
    gone = Subscription(pk=ada.pk + 1)
    assert len(written(ada, gone).splitlines()) == 2
