"""What the list shows of each subscription: its days, and how the last of them was got."""

from datetime import date

import pytest
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.dashboard.subscriptions import columns
from oscar_subscriptions.fulfilment import grants, handovers, ledger

Subscription = get_model("oscar_subscriptions", "Subscription")
TODAY = date(2017, 2, 3)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


@pytest.fixture
def ada(shop):
    return shop.make_user("ada")


def filled(user):
    rows = Subscription.objects.filter(user=user).select_related("plan__product")
    [row] = rows.prefetch_related("terms__came_from")
    columns.fill([row], TODAY)
    return row.first_day, row.last_day, row.origin


def test_a_bought_term_a_renewed_one_and_none(shop, ada):
    shop.place_order(ada)
    assert filled(ada) == (None, None, "")
    fulfilment.order_paid(shop.make_order(ada))
    assert filled(ada) == (TODAY, date(2018, 2, 3), "bought")
    fulfilment.order_paid(shop.make_order(ada))
    assert filled(ada) == (TODAY, date(2019, 2, 3), "renewed")


def test_given_and_handed_over_days(shop, ada):
    operator, bea = shop.make_operator(), shop.make_user("bea")
    by = {"reason": "why", "actor": operator}
    term = grants.grant(ada, shop.plan, **by)
    assert filled(ada)[2] == "given by the shop"
    handovers.hand_over(term.subscription, bea, **by)
    assert filled(bea) == (TODAY, date(2018, 2, 3), "handed over")
    assert filled(ada) == (None, None, "")


def test_what_was_revoked_does_not_count(shop, ada):
    fulfilment.order_paid(shop.make_order(ada))
    ledger.revoke(fulfilment.order_paid(shop.make_order(ada)).term, reason="refunded")
    assert filled(ada) == (TODAY, date(2018, 2, 3), "bought")


def test_it_is_said_in_the_readers_language(shop, ada):
    fulfilment.order_paid(shop.make_order(ada))
    with translation.override("fr"):
        assert filled(ada)[2] == "acheté"
