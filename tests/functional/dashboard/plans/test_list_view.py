"""The page of all plans."""

from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import conf, terms
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


def test_missing_terms_of_sale_are_said_until_there_are_some(desk, shop):
    warning = "Nothing can be ordered until they are"
    assert warning not in text(desk.get(LIST))
    TermsOfSale.objects.all().delete()
    assert warning in text(desk.get(LIST))


def test_plans_on_sale_come_first_then_by_title(desk, shop):
    shop.make_plan("Amber", is_on_sale=False)
    shop.make_plan("Bronze")
    plans = desk.get(LIST).context["plans"]
    assert [plan.title for plan in plans] == ["Bronze", "Silver", "Amber"]


def test_member_with_two_running_terms_is_one_member(desk, shop):
    user = shop.make_user()
    shop.grant(user)
    shop.grant(user, starts_on=terms.months_after(conf.today(), -1))
    shop.grant(user, starts_on=terms.months_after(conf.today(), 24))
    [plan] = desk.get(LIST).context["plans"]
    assert plan.members == 1


def test_seller_on_the_product_of_a_plan_is_told_apart_from_its_vendor(desk, shop):
    seller = shop.make_seller()
    shop.attach_first(seller)
    page = desk.get(LIST)
    [plan] = page.context["plans"]
    assert (plan.vendors, plan.strangers) == ([shop.vendor], [seller.partner])
    assert plan.price.incl_tax == 240 and "a seller offers it too" in text(page)
