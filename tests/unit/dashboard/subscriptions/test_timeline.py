"""Terms on a line of time: where each is, and what is to be read of it."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from django.utils.formats import localize_input
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.dashboard.subscriptions import timeline
from oscar_subscriptions.fulfilment import ledger

Term = get_model("oscar_subscriptions", "Term")
TODAY = date(2017, 2, 3)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)


@pytest.fixture
def ada(shop):
    return shop.make_user("ada")


def drawn(day=TODAY):
    rows = Term.objects.select_related("order_line__order", "subscription")
    return timeline.draw(rows, day)


def test_without_terms_nothing_is_drawn(db):
    assert drawn() is None


def test_a_bought_term_says_days_status_and_order(shop, ada):
    order = shop.make_order(ada)
    fulfilment.order_paid(order)
    found = drawn()
    [bar] = found.bars
    paid = f"order {order.number}"
    assert bar.words == f"Feb. 3, 2017 to Feb. 3, 2018: active until Feb. 3, 2018, {paid}"
    assert (bar.code, bar.label) == ("active", paid)
    assert found.legend == [("active", "runs")] and found.words == bar.words
    assert [tick.year for tick in found.ticks] == ["2018"]


def test_what_was_not_revoked_is_in_one_lane_and_the_rest_below(shop, ada):
    first = fulfilment.order_paid(shop.make_order(ada)).term
    second = fulfilment.order_paid(shop.make_order(ada)).term
    ledger.revoke(second, reason="refunded")
    fulfilment.order_paid(shop.make_order(ada))
    ledger.suspend(first, reason="dispute")
    found = drawn()
    assert [(bar.code, bar.y) for bar in found.bars] == [
        ("suspended", "26"),
        ("upcoming", "26"),
        ("revoked", "66"),
    ]
    assert int(found.bars[1].x) >= int(found.bars[0].x) + int(found.bars[0].width)
    assert {code for code, _words in found.legend} == {"suspended", "upcoming", "revoked"}


def test_grace_is_drawn_behind_the_term(shop, ada):
    shop.grant(ada, shop.make_plan("Gold", grace_days=100))
    [bar] = drawn().bars
    assert int(bar.grace) > 0 and int(bar.grace_x) == int(bar.x) + int(bar.width)
    assert ("grace", "grace") in drawn().legend


@pytest.mark.parametrize("years", [0, 30])
def test_a_day_and_thirty_years_are_readable(shop, ada, years):
    term = shop.grant(ada)
    Term.objects.filter(pk=term.pk).update(ends_on=term.starts_on, covered_until=term.starts_on)
    found = drawn(TODAY + timedelta(days=365 * years))
    [bar] = found.bars
    assert int(bar.width) >= 3
    assert len(found.ticks) <= timeline.TICKS + 1
    assert 0 <= int(found.today_x) <= timeline.WIDTH


def test_the_numbers_of_the_drawing_have_no_separators(shop, ada, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    fulfilment.order_paid(shop.make_order(ada))
    with translation.override("fr"):
        found = drawn()
        values = [found.height, found.today_x, found.bars[0].x, found.bars[0].width]
        assert all(value.isdigit() for value in values)
        assert all(localize_input(value) == value for value in values)
