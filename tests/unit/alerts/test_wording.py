"""An alert keeps facts, and is written in the language and formats of its reader."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.fulfilment import term_notices

Alert = get_model("oscar_subscriptions", "Alert")


def alert_of(*lines, **fields):
    return Alert(kind=alerts.REVERSAL, detail={"order": "7", "lines": [*lines]}, **fields)


def read(language, alert):
    with translation.override(language):
        return alerts.text(alert).replace("\N{NO-BREAK SPACE}", " ")


def amounts():
    refunded, received = Decimal("30.50"), Decimal("1240.00")
    return alerts.line(
        "refunded", refunded=alerts.money(refunded, "EUR"), received=alerts.money(received, "EUR")
    )


@pytest.mark.parametrize(
    ("language", "written"), [("en", ["€30.50", "€1,240.00"]), ("fr", ["30,50 €", "240,00 €"])]
)
def test_amounts_are_written_as_the_reader_writes_them(language, written):
    assert all(amount in read(language, alert_of(amounts())) for amount in written)


@pytest.mark.parametrize(
    ("language", "written"), [("en", "Feb. 3, 2017"), ("fr", "3 février 2017")]
)
def test_days_are_written_as_the_reader_writes_them(language, written):
    day = alerts.day(date(2017, 2, 3))
    term = {"plan": "Gold", "first": day, "last": day}
    alert = alert_of(alerts.line("is-revoked", term=term))
    assert read(language, alert).count(written) == 2
    dispute = Alert(kind=alerts.DISPUTE, detail={"order": "7", "day": day})
    with translation.override(language):
        assert written in alerts.title(dispute)


def test_dispute_without_a_day_has_a_title():
    dispute = Alert(kind=alerts.DISPUTE, detail={"order": "7", "day": alerts.day(None)})
    assert alerts.title(dispute).endswith("answer by –")


def test_kind_of_mail_is_named_in_the_language_of_the_reader():
    mail = alerts.mail_kind(term_notices.SELLER_ACTIVATED)
    alert = alert_of(alerts.line("mistake", mail=mail, language="fr"))
    assert read("en", alert) != read("fr", alert)
    assert "(fr)" in read("fr", alert)


def test_member_is_named_as_on_the_day_of_reading(shop):
    user = shop.make_user()
    subscription = shop.grant(user).subscription
    row = alerts.subscription(subscription)
    day = alerts.day(date(2017, 2, 3))
    alert = alert_of(alerts.line("handed-over", old=row, new=row, first=day, last=day))
    type(subscription).objects.update(member_name="Ada Martin")
    assert read("en", alert).startswith("Ada Martin – Silver was handed over to Ada Martin")
    gone = row | {"subscription": 0}
    alert = alert_of(alerts.line("handed-over", old=gone, new=row, first=day, last=day))
    assert read("en", alert).startswith("– was handed over")


@pytest.mark.parametrize(
    "detail", [{}, None, {"lines": []}, {"lines": [{"line": "gone"}, {"line": "refunded"}]}]
)
def test_facts_of_another_release_are_left_out(detail):
    alert = Alert(kind=alerts.REVERSAL, detail=detail, reason="re_1: pending")
    assert (alerts.text(alert), alerts.explanation(alert)) == ("", "re_1: pending")


def test_what_another_system_said_stands_below():
    alert = alert_of(alerts.line("no-plan"), reason="no such price")
    assert alerts.explanation(alert) == "The order holds no plan.\nno such price"


def test_note_of_the_software_is_translated_and_that_of_an_operator_is_not():
    words = "The money has gone back."
    with translation.override("fr"):
        assert alerts.note(Alert(note=words)) == "L’argent est reparti."
        assert alerts.note(Alert(note=words, resolved_by_name="Jo")) == words
        assert alerts.note(Alert()) == ""


def test_line_that_has_no_words_is_a_mistake():
    with pytest.raises(AssertionError):
        alerts.line("unheard-of")
