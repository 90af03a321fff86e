"""Chromium walks the whole journey, in both languages, on a desk and on a phone.

The pictures are kept in ``tests/browser/shots/journey``. On the desk it is a member whose profile
is complete, on the phone somebody who registers on the way.
"""

import pytest

from shop.demo_data.people import LAPSED, NEWCOMER, OPERATOR, PASSWORD
from tests.browser import arriving, operating, ordering, paying, people, selling
from tests.browser.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("en", 390),
        pytest.param("fr", 1280, marks=pytest.mark.slow),
        pytest.param("en", 1280, marks=pytest.mark.slow),
        pytest.param("fr", 390, marks=pytest.mark.slow),
    ],
)
def test_journey(walk: Walk, demo_shop: str, language: str, width: int) -> None:
    # Once at each width is enough: the markup is the same in both languages.
    walk.audit = (language, width) in [("fr", 1280), ("en", 390)]
    member = walk.visitor(
        demo_shop,
        **(people.known_member() if width == 1280 else people.new_member()),
        **people.purchase(walk),
        plans_on_sale=["Abonnement Bronze", "Abonnement Silver", "Abonnement Gold"],
        service=walk.words("Relecture de contrats", "Proofreading of contracts"),
    )

    arriving.sees_the_home_page(member)
    arriving.opens_the_menu_members(member)
    arriving.reads_the_list_of_plans(member)
    arriving.reads_the_page_of_the_plan(member)
    arriving.adds_the_plan_and_is_asked_to_sign_in(member)
    arriving.adds_the_plan_to_the_basket(member)

    ordering.proceeds_to_the_order_page(member)
    ordering.finds_the_form_filled_in(member)
    ordering.forgets_to_accept_the_terms(member)
    ordering.accepts_the_terms_and_orders(member)

    paying.pays_on_the_page_of_the_provider(member)
    paying.is_told_that_the_order_is_confirmed(member)
    paying.reads_the_guide(member)

    selling.opens_the_member_space(member)
    selling.adds_a_service(member)
    selling.edits_it(member)
    selling.is_found_by_a_shopper(walk.visitor(demo_shop), seller=member)
    selling.reads_my_subscription(member)
    selling.reads_the_order(member)
    selling.reads_the_terms(member)

    selling.is_refused_without_a_term(
        arriving.comes_in(walk.visitor(demo_shop, email=NEWCOMER.email, password=PASSWORD))
    )
    selling.is_refused_after_the_last_day(
        arriving.comes_in(walk.visitor(demo_shop, email=LAPSED.email, password=PASSWORD))
    )
    operating.finds_the_member_as_a_seller(
        operating.signs_in_at_the_dashboard(
            walk.visitor(demo_shop, email=OPERATOR.email, password=PASSWORD)
        ),
        member,
    )

    walk.must_be_flawless()
