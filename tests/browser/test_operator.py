"""From an empty database to a first seller and a first alert, in the dashboard alone.

The pictures are kept in ``tests/browser/shots/set_up``.
"""

from typing import Any

import pytest
from django.conf import settings as shop_settings
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site

from shop.demo_data import site
from tests.browser import arriving, operating, ordering, paying, people, resolving
from tests.browser.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "quite-a-shop-2026"


@pytest.fixture
def new_shop(empty_shop: str) -> str:
    """What Oscar's own installation leaves behind: a site, countries, and somebody of the staff."""
    Site.objects.update_or_create(
        pk=shop_settings.SITE_ID, defaults={"domain": "shop.example", "name": "Intras Consultants"}
    )
    site.load_countries()
    get_user_model().objects.create_superuser("operator", "operator@example.com", PASSWORD)
    return empty_shop


@pytest.mark.slow
@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("en", 390)])
def test_set_up(walk: Walk, new_shop: str, standin: Any, language: str, width: int) -> None:
    walk.audit = True
    purchase = people.purchase(walk)
    operator = walk.visitor(new_shop, email="operator@example.com", password=PASSWORD, **purchase)
    # The journey looks at the pages that the member sees.
    member = walk.visitor(
        new_shop,
        **people.new_member(),
        **purchase,
        plans_on_sale=[purchase["plan"]],
        is_watched=False,
    )

    operating.signs_in_at_the_dashboard(operator)
    operating.finds_no_plan_and_no_terms(operator)
    operating.publishes_the_terms_in_both_languages(operator)
    operating.forgets_who_sells(operator)
    operating.makes_the_plan(operator)

    arriving.sees_the_home_page(member)
    arriving.opens_the_menu_members(member)
    arriving.reads_the_list_of_plans(member)
    arriving.reads_the_page_of_the_plan(member)
    arriving.adds_the_plan_and_is_asked_to_sign_in(member)
    arriving.adds_the_plan_to_the_basket(member)
    ordering.proceeds_to_the_order_page(member)
    ordering.finds_the_form_filled_in(member)
    ordering.accepts_the_terms_and_orders(member)
    paying.pays_on_the_page_of_the_provider(member)
    paying.is_told_that_the_order_is_confirmed(member)

    operating.finds_the_member_as_a_seller(operator, member)
    operating.sees_which_text_was_accepted(operator, member)

    resolving.gives_sixty_euros_back(standin)
    resolving.is_alerted(operator, member)
    resolving.forgets_to_say_what_was_done(operator)
    resolving.resolves_it(operator, "operator")

    walk.must_be_flawless()
