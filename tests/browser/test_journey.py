"""Chromium walks the whole journey, in both languages, on a desk and on a phone.

The pictures are kept in ``tests/browser/shots/journey``. On the desk it is a member whose profile
is complete, on the phone somebody who registers on the way.
"""

import pytest

from demo.people import CAMILLE, JANE
from demo.story import STEPS
from shop.demo_data.people import OPERATOR, PASSWORD
from tests.browser import operating
from tests.browser.walk import ChromiumWalk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("demo_shop"),
]


@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("en", 390),
        pytest.param("fr", 1280, marks=pytest.mark.slow),
        pytest.param("en", 1280, marks=pytest.mark.slow),
        pytest.param("fr", 390, marks=pytest.mark.slow),
    ],
)
def test_journey(walk: ChromiumWalk, language: str, width: int) -> None:
    # Once at each width is enough: the markup is the same in both languages. (It takes a third of
    # the time, and the quick walk has other things to tell.)
    walk.audit = language == "fr"
    member = walk.visitor(CAMILLE if width == 1280 else JANE)
    *until_a_seller, the_year = STEPS

    for step in until_a_seller:
        step([member])
    operator = operating.signs_in_at_the_dashboard(walk.visitor(), OPERATOR.email, PASSWORD)
    operating.finds_the_member_as_a_seller(operator, member)
    the_year([member])

    walk.must_be_flawless()
