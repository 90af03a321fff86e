"""The list of subscriptions with search and filters, and the page of one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, journal, sellers, terms
from oscar_subscriptions.dashboard.subscriptions import search, states
from tests.functional.pages import soup, text

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

LIST = reverse("subscriptions-dashboard:subscription-list")


def day(value):
    return date_format(value, "DATE_FORMAT")


def detail(desk, subscription):
    return desk.get(
        reverse("subscriptions-dashboard:subscription-detail", kwargs={"pk": subscription.pk})
    )


def add(subscription, starts_on, ends_on, grace=0, **moments):
    return Term.objects.create(
        subscription=subscription,
        grant_reason="test",
        plan_title="Silver",
        starts_on=starts_on,
        ends_on=ends_on,
        covered_until=ends_on + timedelta(days=grace),
        anchor=starts_on,
        **moments,
    )


def standings(shop):
    """One subscription in each state, with the words that the pages say of it."""
    today, now = conf.today(), timezone.now()
    year, one = timedelta(days=365), timedelta(days=1)

    def member(name):
        return Subscription.objects.create(
            user=shop.make_user(name), plan=shop.plan, member_email=f"{name}@example.com"
        )

    rows = {name: member(name) for name, _label in states.CHOICES}
    add(rows["active"], today - one, today)
    add(rows["active"], today + one, today + year)
    add(rows["grace"], today - year, today - one, grace=5)
    add(rows["suspended"], today - one, today + year, suspended_at=now)
    add(rows["upcoming"], today + one, today + year)
    add(rows["lapsed"], today - year, today - one)
    add(rows["revoked"], today - one, today + year, revoked_at=now)
    words = {
        "active": f"active until {day(today + year)}",
        "grace": f"in grace until {day(today + 4 * one)}",
        "suspended": "suspended",
        "upcoming": f"starts on {day(today + one)}",
        "lapsed": f"ended on {day(today - one)}",
        "revoked": "revoked",
        "unpaid": "ordered, no term yet",
    }
    return rows, words


def badges(page):
    """Return the members on the list with what is said of them."""
    rows = soup(page).select("tbody tr")
    return {
        row.select_one("th").get_text(" ").split("@")[0].split()[-1]: (
            row.select_one("[data-status]")["data-status"],
            row.select_one("[data-status]").get_text(),
        )
        for row in rows
    }


def test_every_state_is_said_in_words_and_can_be_filtered(desk, shop):
    rows, words = standings(shop)
    assert badges(desk.get(LIST)) == {name: (name, words[name]) for name in rows}
    for name in rows:
        assert badges(desk.get(LIST, {"status": name})) == {name: (name, words[name])}
        assert words[name] in text(detail(desk, rows[name]))


def test_a_gap_ends_the_days_that_follow_each_other(desk, shop):
    today = conf.today()
    subscription = shop.grant(shop.make_user()).subscription
    last = subscription.terms.get().ends_on
    add(subscription, last + timedelta(days=2), last + timedelta(days=30))
    assert f"active until {day(last)}" in text(desk.get(LIST))
    assert today < last


def test_search_by_name_email_and_order(desk, shop):
    ada = shop.make_user("ada", first_name="Ada", last_name="Martin")
    bob = shop.make_user("bob", first_name="Bob", last_name="Martin")
    paid = shop.make_order(ada)
    fulfilment.order_paid(paid)
    unpaid = shop.make_order(bob)
    fulfilment.lock_for_checkout(bob, shop.plan)

    def found(q):
        return set(badges(desk.get(LIST, {"q": q})))

    assert found("martin") == {"ada", "bob"}
    assert found("Martin Ada") == {"ada"}
    assert found("bob@example") == {"bob"}
    assert found(paid.number) == {"ada"}
    assert found(unpaid.number) == {"bob"}
    assert found(f" {unpaid.number} ") == {"bob"}
    assert found("nobody") == set()
    assert "No subscription matches" in text(desk.get(LIST, {"q": "nobody"}))
    assert "nobody" in desk.get(LIST, {"q": "nobody"}).content.decode()


def test_members_who_left_are_still_found(desk, shop):
    user = shop.make_user("gone", first_name="Gone", last_name="Away")
    order = shop.make_order(user)
    fulfilment.order_paid(order)
    user.delete()
    for q in ("Gone", "gone@example.com", order.number):
        assert set(badges(desk.get(LIST, {"q": q}))) == {"gone"}, q
    page = text(detail(desk, Subscription.objects.get()))
    assert "deleted by the member" in page and order.number in page


def test_filter_by_plan_keeps_its_choice_on_the_next_page(desk, shop):
    gold = shop.make_plan("Gold")
    for number in range(27):
        shop.grant(shop.make_user(f"gold-{number}"), gold)
    shop.grant(shop.make_user("silver"))
    page = desk.get(LIST, {"plan": gold.pk})
    assert "27 subscriptions" in text(page) and len(badges(page)) == 25
    assert f"plan={gold.pk}&amp;page=2" in page.content.decode()
    assert len(badges(desk.get(LIST, {"plan": gold.pk, "page": 2}))) == 2


def test_for_a_word_that_many_have_the_first_with_a_status_are_searched(desk, shop, monkeypatch):
    for number in range(4):
        shop.grant(shop.make_user(f"ada{number}", first_name="Ada"))
    shop.grant(shop.make_user("bob", first_name="Bob"))
    for subscription in Subscription.objects.all():
        subscription.member_name = subscription.user.get_full_name()
        subscription.save()
    for name, number in (("ACCOUNTS", 1), ("FEW", 1), ("SOME", 3), ("LOOKED_AT", 2)):
        monkeypatch.setattr(search, name, number)

    def found(**query):
        page = desk.get(LIST, query)
        return sorted(badges(page)), "first 2 subscriptions with this status" in text(page)

    # Those ordered last come first.
    assert found(q="ada", status="active") == (["ada3"], True)
    assert found(q="ada", status="lapsed") == ([], False)
    assert found(q="ada") == (["ada0", "ada1", "ada2", "ada3"], False)
    monkeypatch.setattr(search, "LOOKED_AT", 5)
    assert found(q="ada", status="active") == (["ada0", "ada1", "ada2", "ada3"], False)
    monkeypatch.setattr(search, "LOOKED_AT", 2)
    assert found(q="ada bob", status="active") == ([], False)
    monkeypatch.setattr(search, "SOME", 4)
    assert found(q="ada", status="active") == (["ada0", "ada1", "ada2", "ada3"], False)


@pytest.mark.parametrize("query", [{"plan": "x"}, {"status": "x"}, {"q": "\0"}, {"q": "x" * 999}])
def test_forged_searches_find_nothing(desk, shop, query):
    shop.grant(shop.make_user())
    page = desk.get(LIST, query)
    assert page.status_code == 200 and not badges(page)


def test_queries_do_not_grow_with_subscriptions(desk, shop, django_assert_max_num_queries):
    shop.grant(shop.make_user("first"))
    desk.get(LIST)
    with django_assert_max_num_queries(100) as with_1:
        desk.get(LIST)
    gold = shop.make_plan("Gold")
    for number in range(12):
        user = shop.make_user(f"member-{number}")
        shop.grant(user, shop.plan if number % 2 else gold)
    with django_assert_max_num_queries(len(with_1)):
        desk.get(LIST)


def test_the_page_of_one_tells_all_that_is_known(desk, shop, operator):
    user = shop.make_user("ada", first_name="Ada", last_name="Martin")
    order = shop.make_order(user)
    shop.keep_consent(order)
    Attempt.objects.create(
        order=order, amount=24000, currency="EUR", status="refused",
        session_id="cs_test_1", payment_intent_id="pi_1", charge_id="ch_1",
        problem="The amount differs.",
    )  # fmt: skip
    Attempt.objects.create(order=order, amount=24000, currency="EUR", status="paid")
    term = fulfilment.order_paid(order).term
    fulfilment.suspend(term, reason="The bank asks <b>questions</b>", actor=operator)
    fulfilment.resume(term, reason="Answered")
    shop.make_service(sellers.ensure_seller(user), is_public=False)
    journal.record(term.subscription, "shop-own-kind", detail={"order": "7", "from": "x", "to": ""})

    page = detail(desk, term.subscription)
    seen = text(page)
    last = terms.months_after(conf.today(), 12)
    assert f"active until {day(last)}" in seen
    assert f"a seller until {day(last)}, grace included" in seen
    assert "1 service, 0 of them in the shop" in seen
    assert "12 months, services without limit" in seen
    assert f"Order {order.number} , €240.00 incl. tax" in seen
    assert "Accepted the terms of sale 2026-1 (en) on" in seen
    for fact in ("€240.00", "Refused", "Paid", "cs_test_1", "pi_1", "ch_1", "The amount differs."):
        assert fact in seen
    assert reverse("dashboard:order-detail", kwargs={"number": order.number}) in str(soup(page))
    lines = [
        " ".join(row.get_text(" ").split())
        for row in soup(page).select("section[aria-labelledby=journal] tbody tr")
    ]
    assert "shop-own-kind" in lines[0]
    assert "Term counts again – " not in lines[1] and "Answered automatic" in lines[1]
    assert "Term suspended The bank asks <b>questions</b> Olga Petit" in lines[2]
    assert "Term given" in lines[3] and f"order {order.number}" in lines[3]
    assert f"{day(conf.today())} to {day(last)}" in lines[3]
    assert "<b>questions" not in page.content.decode()


def test_an_unpaid_order_is_on_the_page(desk, shop):
    user = shop.make_user()
    order = shop.make_order(user)
    Attempt.objects.create(order=order, amount=24000, currency="EUR")
    page = text(detail(desk, fulfilment.lock_for_checkout(user, shop.plan)))
    assert "No term has begun." in page
    assert order.number in page and "Open" in page
    assert "Not a seller yet" in page


def test_a_granted_term_names_its_operator(desk, shop):
    subscription = shop.grant(shop.make_user()).subscription
    assert "Granted by –: test" in text(detail(desk, subscription))


def test_a_closed_account_is_no_seller(desk, shop):
    seller = shop.make_seller()
    seller.user.is_active = False
    seller.user.save()
    page = text(detail(desk, Subscription.objects.get()))
    assert "closed, so not a seller" in page and "a seller until" not in page


def test_a_shop_without_the_payments_app_has_the_page(desk, shop, monkeypatch, settings):
    from django.apps import apps

    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "oscar_subscriptions.gateway.Gateway"

    order = shop.make_order(shop.make_user())
    fulfilment.order_paid(order)
    find = apps.get_model

    def without_payments(label, *args, **kwargs):
        if label == "oscar_subscriptions_payments":
            raise LookupError(label)
        return find(label, *args, **kwargs)

    monkeypatch.setattr(apps, "get_model", without_payments)
    page = text(detail(desk, Subscription.objects.get()))
    assert order.number in page and "At the provider" not in page


def test_queries_of_the_page_do_not_grow_with_orders(desk, shop, django_assert_max_num_queries):
    user = shop.make_user()

    def buy():
        order = shop.make_order(user)
        shop.keep_consent(order)
        Attempt.objects.create(order=order, amount=24000, currency="EUR", status="paid")
        fulfilment.order_paid(order)

    buy()
    subscription = Subscription.objects.get()
    detail(desk, subscription)
    with django_assert_max_num_queries(100) as with_1:
        detail(desk, subscription)
    for _ in range(4):
        buy()
    with django_assert_max_num_queries(len(with_1)):
        detail(desk, subscription)
