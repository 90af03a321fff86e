"""The page of all plans."""

from django.urls import reverse
from oscar.core.loading import get_model

from tests.functional.pages import text

Partner = get_model("partner", "Partner")
TermsOfSale = get_model("oscar_subscriptions", "TermsOfSale")

LIST = reverse("subscriptions-dashboard:plan-list")


def test_list_shows_price_conditions_and_members_of_today(desk, shop):
    shop.make_plan("Bronze", "100.00", listing_limit=3, grace_days=7, is_on_sale=False)
    for number in range(3):
        shop.grant(shop.make_user(f"member-{number}"))
    ended = shop.grant(shop.make_user("ended"))
    ended.revoked_at = ended.created_at
    ended.save(update_fields=["revoked_at"])
    page = desk.get(LIST)
    assert "Silver on sale €240.00 12 no limit 0 3 Intras Consultants" in text(page)
    assert "Bronze off sale €120.00 12 3 7 0 Intras Consultants" in text(page)


def test_queries_do_not_grow_with_plans(desk, shop, django_assert_max_num_queries):
    desk.get(LIST)
    with django_assert_max_num_queries(100) as with_1:
        desk.get(LIST)
    for number in range(6):
        plan = shop.make_plan(f"Plan {number}", partner=Partner.objects.create(name=f"V{number}"))
        shop.grant(shop.make_user(f"member-{number}"), plan)
    with django_assert_max_num_queries(len(with_1)):
        desk.get(LIST)
