"""What operators are told of one subscription beyond its terms."""

from decimal import Decimal as D

import pytest
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment, journal
from oscar_subscriptions.dashboard.subscriptions import history

Attempt = get_model("oscar_subscriptions_payments", "Attempt")


@pytest.fixture
def user(shop):
    return shop.make_user()


@pytest.fixture
def subscription(shop, user):
    return shop.grant(user).subscription


def line(subscription, kind=journal.TERM_STARTED, **detail):
    """Return what the history says of a new line."""
    journal.record(subscription, kind, detail=detail)
    return history.history(subscription)[0]


def test_orders_are_paid_and_unpaid_ones_of_the_plan_the_newest_first(shop, user):
    paid, unpaid = shop.make_order(user), shop.make_order(user)
    term = fulfilment.order_paid(paid).term
    shop.make_order(user, shop.make_plan("Gold"))
    shop.make_order(shop.make_user("other"))
    found = history.orders(term.subscription)
    assert [(order, order.gave_term) for order in found] == [(unpaid, False), (paid, True)]


def test_each_order_has_its_payments_and_the_consent_if_there_is_one(shop, user):
    ours = shop.make_order(user)
    shop.make_order(user)  # as Oscar's own checkout places it
    consent = shop.keep_consent(ours)
    Attempt.objects.create(order=ours, amount=24000, currency="EUR", session_id="cs_1")
    [second, first] = history.orders(fulfilment.lock_for_checkout(user, shop.plan))
    assert (first.consent, second.consent) == (consent, None)
    assert [(one.provider_ids, one.amount) for one in first.payments] == [(["cs_1"], D("240.00"))]
    assert second.payments == []


def test_order_that_gave_a_term_stays_when_the_account_is_gone(shop, user):
    paid = shop.make_order(user)
    shop.make_order(user)  # never paid: nothing ties it to the subscription any more
    subscription = fulfilment.order_paid(paid).term.subscription
    user.delete()
    subscription.refresh_from_db()
    assert history.orders(subscription) == [paid]


def test_alerts_are_the_open_ones_of_the_subscription_or_of_an_order(shop, user, subscription):
    order = shop.make_order(user)
    alerts.raise_alert(alerts.NOT_PAYABLE, "of the order", order=order)
    alerts.raise_alert(alerts.DAYS_SOLD_AGAIN, "of the subscription", subscription=subscription)
    alerts.raise_alert(alerts.NOT_PAYABLE, "settled", order=order)
    alerts.settle("settled", "gone")
    alerts.raise_alert(alerts.PROVIDER_KEY, "elsewhere")
    found = history.open_alerts(subscription, [order])
    assert {alert.key for alert in found} == {"of the order", "of the subscription"}
    assert {alert.key for alert in history.open_alerts(subscription, [])} == {"of the subscription"}


def test_every_kind_of_ours_has_words_for_operators():
    ours = {
        value for name, value in vars(journal).items() if name.isupper() and name != "TYPE_CHECKING"
    }
    assert ours == set(history.KINDS)


def test_history_begins_with_what_was_last(subscription):
    line(subscription, journal.TERM_SUSPENDED)
    line(subscription, journal.TERM_RESTORED)
    words = [str(entry.words) for entry in history.history(subscription)]
    assert words[:2] == ["Term counts again", "Term suspended"]


def test_kind_of_the_shops_own_is_shown_as_it_is(subscription):
    assert line(subscription, "shop-own-kind").words == "shop-own-kind"


@pytest.mark.parametrize(
    ("detail", "facts"),
    [
        ({}, ""),
        ({"term": 7}, ""),
        ({"order": "100007"}, "order 100007"),
        ({"from": "2017-02-03"}, ""),
        (
            {"order": "7", "from": "2017-02-03", "to": "2018-02-02", "products": [1]},
            "order 7, Feb. 3, 2017 to Feb. 2, 2018, 1 service",
        ),
        ({"products": [1, 2]}, "2 services"),
        ({"from": "Ada Martin", "to": "Bea Roy"}, "Ada Martin to Bea Roy"),
        ({"from": "2017-02-31", "to": None}, "2017-02-31 to None"),
    ],
)
def test_facts_are_read_whatever_the_detail_holds(subscription, detail, facts):
    assert line(subscription, **detail).facts == facts


def test_detail_that_is_no_object_is_shown_as_it_is(subscription):
    line(subscription)
    subscription.journal.update(detail=["a", 1])
    assert history.history(subscription)[0].facts == "['a', 1]"


def test_days_are_in_the_language_of_the_operator(subscription):
    with translation.override("fr"):
        facts = line(subscription, **{"from": "2017-02-03", "to": "2018-02-02"}).facts
    assert "3 février 2017" in facts and "2 février 2018" in facts
