"""E-mails as an operator reads them before they leave."""

import pytest

from oscar_subscriptions.dashboard.actions import mails
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.mail import outbox, rendering


@pytest.fixture
def row(shop):
    term = shop.grant(shop.make_user("ada", first_name="Ada"))
    language = {"language": "fr", "context": {"term": term.pk}}
    return outbox.queue("granted", "again", user=term.subscription.user, **language)


def test_it_is_read_in_the_language_of_its_reader(row):
    shown = mails.read(row)
    assert shown.subject.startswith("«\xa0Silver\xa0» est à vous")
    assert "Bonjour Ada" in shown.text


def test_one_that_would_not_leave_is_not_shown(shop, row):
    [term] = row.user.oscar_subscriptions.get().terms.all()
    ledger.revoke(term, reason="refunded")
    assert mails.read(row) is None


def test_a_template_with_a_mistake_is_named_and_stops_nothing(row, monkeypatch, caplog):
    monkeypatch.setattr(rendering, "render", lambda *args: 1 / 0)
    assert mails.read(row) == ("Subscription: given", "Its text can’t be shown: it has a mistake.")
    assert "can't be shown" in caplog.text


def test_a_kind_that_nobody_registered_is_called_by_its_code(row):
    row.kind = "of-the-shop"
    assert mails.name_of(row) == "of-the-shop"
