"""From an empty database to a first seller and a first alert, in the dashboard alone.

The pictures are kept in ``tests/browser/shots/set_up``.
"""

from typing import Any

import pytest
from django.conf import settings as shop_settings
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site

from demo import arriving, ordering, paying
from demo.people import JANE
from shop.demo_data import site
from tests.browser import operating, resolving
from tests.browser.walk import ChromiumWalk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("new_shop"),
]

PASSWORD = "quite-a-shop-2026"


@pytest.fixture
def new_shop(empty_shop: None) -> None:
    """What Oscar's own installation leaves behind: a site, countries, and somebody of the staff."""
    Site.objects.update_or_create(
        pk=shop_settings.SITE_ID, defaults={"domain": "shop.example", "name": "Intras Consultants"}
    )
    site.load_countries()
    get_user_model().objects.create_superuser("operator", "operator@example.com", PASSWORD)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("en", 390)])
def test_set_up(walk: ChromiumWalk, standin: Any, language: str, width: int) -> None:
    walk.audit = True
    # For the price: the operator sets up what Jane buys.
    operator = walk.visitor(JANE)
    member = walk.visitor(JANE)
    member.plans_on_sale = [JANE.plan]
    # The journey looks at the pages that the member sees.
    member.is_watched = False

    operating.signs_in_at_the_dashboard(operator, "operator@example.com", PASSWORD)
    operating.finds_no_plan_and_no_terms(operator)
    operating.publishes_the_terms_in_both_languages(operator)
    operating.forgets_who_sells(operator)
    operating.makes_the_plan(operator)

    arriving.picks_a_plan_and_signs_in(member)
    arriving.reads_what_the_price_covers(member)
    arriving.reads_the_page_of_the_plan(member)
    arriving.adds_the_plan_to_the_basket(member)
    ordering.proceeds_to_the_order_page(member)
    ordering.finds_the_form_filled_in(member)
    ordering.places_the_order(member)
    paying.pays_on_the_page_of_the_provider(member)
    paying.is_told_that_the_order_is_confirmed(member)

    operating.finds_the_member_as_a_seller(operator, member)
    operating.sees_which_text_was_accepted(operator, member)

    resolving.gives_sixty_euros_back(standin)
    resolving.is_alerted(operator, member)
    resolving.forgets_to_say_what_was_done(operator)
    resolving.resolves_it(operator, "operator")

    walk.must_be_flawless()
