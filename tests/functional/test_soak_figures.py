"""A soak can fail: each kind of disagreement makes its own figures wrong, and no others."""

import os
import random

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.provider import client as provider_client
from tests.functional import pages
from tests.soak import figures, receiver, script, timing, weather

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bought(shop, client, order, standin):
    """One purchase, made as the crowd makes it."""
    _, back, _ = standin.submit_card(client.get(pages.pay_url(order)).url)
    client.get(back)
    return order


def wrong(*more_charges):
    charges = [*provider_client.connect().v1.charges.list().data, *more_charges]
    counted = [*figures.of_the_shop(1), *figures.of_the_money(charges, 1)]
    return {figure.name for figure in counted if not figure.is_right}


def test_one_purchase_makes_every_figure_right(bought):
    assert wrong() == set()


def test_a_second_term_is_seen(shop, member, bought):
    shop.grant(member, shop.make_plan("Gold"))
    assert wrong() == {"terms", "members with exactly one term", "terms that overlap another one"}


def test_a_term_too_few_is_seen(bought):
    get_model("oscar_subscriptions", "JournalEntry").objects.all()._raw_delete("default")
    Term.objects.all()._raw_delete("default")
    assert wrong() == {
        "terms",
        "members with exactly one term",
        "members who are sellers today",
        "money of the terms",
    }


def test_money_that_oscar_does_not_know_is_seen(bought):
    Source.objects.all().delete()
    assert wrong() == {"Oscar's payment sources", "money in Oscar's sources"}


def test_money_that_no_attempt_knows_is_seen(bought):
    stray = {"payment_intent": "pi_stray", "paid": True, "amount": 100, "amount_refunded": 0}
    assert wrong(stray) == {
        "charges at the provider",
        "payments that the shop does not know",
        "money at the provider",
    }


def test_an_attempt_too_many_is_seen(bought):
    hosted.begin(bought)
    assert wrong() == {"attempts that are not paid"}


def test_an_e_mail_that_is_not_sent_is_seen(bought):
    OutboxMail.objects.filter(kind=term_notices.SELLER_ACTIVATED).update(sent_at=None)
    assert wrong() == {"e-mails not sent"}


def test_an_alert_is_seen(bought):
    alerts.raise_alert(alerts.PROVIDER_KEY, "soak")
    assert wrong() == {"open alerts"}


def test_an_event_is_overtaken_by_one_that_happened_later_and_came_first():
    in_order = {"a": [1, 1], "lost": [], "b": [2]}
    assert weather.overtaken(in_order) == 0
    # The second copy of "a" is late; its first one was in time.
    assert weather.overtaken(in_order | {"a": [1, 9]}) == 0
    assert weather.overtaken(in_order | {"a": [3, 9]}) == 1


def test_some_payments_are_left_to_the_daily_run_alone_whatever_the_seed():
    for seed in range(20):
        members = script.members(random.Random(seed), 20)
        assert any(not one.is_told and not one.comes_back for one in members)
        assert members == script.members(random.Random(seed), 20)


def answer(at, *mails, seconds=1.0, path="/"):
    return {"at": at, "seconds": seconds, "path": path, "mails": mails}


def test_an_e_mail_that_leaves_before_its_answer_is_seen():
    answers = [answer(1, "ada"), answer(5, "grace", "grace")]
    assert timing.hasty(answers, [(2, "ada"), (5, "grace"), (6, "grace"), (0, "the run's")]) == 0
    assert timing.hasty(answers, [(0.5, "ada"), (4, "grace"), (6, "grace")]) == 2


@pytest.mark.parametrize(("slow", "found"), [(1.4, 0), (1.6, 1)])
def test_webhooks_that_wait_for_the_mail_server_are_seen(slow, found):
    webhook = {"path": f"{timing.WEBHOOK}1/"}
    answers = [
        answer(1, **webhook),
        answer(2, seconds=9),
        answer(3, seconds=slow, **webhook),
        answer(9, seconds=9, **webhook),
    ]
    counted = timing.of_the_mails(answers, [], slow_since=2, end=8)
    assert [figure.found for figure in counted] == [0, found]


def test_a_refused_order_without_an_alert_is_seen(shop, member):
    order = shop.make_order(member)
    wrong = [figure.found for figure in figures.of_the_refused({order.number})]
    alerts.raise_alert(alerts.PROVIDER_KEY, "soak", order=order)
    assert wrong == [1, 0]
    assert [figure.found for figure in figures.of_the_refused({order.number})] == [0, 0]
    assert [figure.found for figure in figures.of_the_refused(set())] == [0, 1]


def test_a_server_that_died_before_it_could_tell_is_no_refusal_without_an_alert(
    shop, member, tmp_path, monkeypatch
):
    monkeypatch.setattr(receiver, "DIRECTORY", tmp_path)
    told, untold, long_ago = (shop.make_order(member).number for _ in range(3))
    for number in (told, untold, long_ago):
        (tmp_path / number).touch()
    os.utime(tmp_path / long_ago, (0, 0))
    alerts.raise_alert(alerts.PROVIDER_KEY, "soak", order=Order.objects.get(number=told))
    receiver.forget_untold()
    assert receiver.refused() == {told, long_ago}
