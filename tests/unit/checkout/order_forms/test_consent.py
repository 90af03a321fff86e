"""The tick under the terms of sale."""

from decimal import Decimal as D

import pytest
from oscar.core.prices import Price

from oscar_subscriptions.checkout.order_forms import (
    ConsentForm,
)


def total(gross="240.00"):
    return Price(currency="EUR", excl_tax=D(gross) / D("1.2"), incl_tax=D(gross))


def problems(form):
    return [problem for several in form.errors.values() for problem in several]


@pytest.fixture
def consent(shop):
    """``consent(…)`` – the form of now, posted with what the page showed; changes replace that."""

    def post(**changes):
        now = {"total": D("240.00"), "terms": shop.terms_of_sale}
        data = {
            "accept_terms": "on",
            "shown_total": "240.00",
            "shown_terms": str(shop.terms_of_sale.pk),
        }
        now |= {name: value for name, value in changes.items() if name in now}
        return ConsentForm(data | {k: v for k, v in changes.items() if k in data}, **now)

    return post


def test_the_page_carries_the_total_and_the_text_that_it_shows(shop):
    form = ConsentForm(total=D("240.00"), terms=shop.terms_of_sale)
    assert 'value="240.00"' in str(form["shown_total"])
    assert f'value="{shop.terms_of_sale.pk}"' in str(form["shown_terms"])
    assert "checked" not in str(form["accept_terms"])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"accept_terms": ""}, "tick the box"),
        ({"shown_terms": "0"}, "have changed meanwhile"),
        ({"shown_total": "120.00"}, "price has changed"),
        ({"terms": None}, "not published its terms"),
    ],
)
def test_consent_is_given_to_what_is_in_force(consent, changes, problem):
    assert consent().is_valid()
    [said] = problems(consent(**changes))
    assert problem in said


def test_the_total_is_compared_again_as_the_order_is_written(consent):
    form = consent()
    assert form.is_valid()
    assert form.problem_with_total(total("240.00")) == ""
    assert "price has changed" in form.problem_with_total(total("240.01"))
