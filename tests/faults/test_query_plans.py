"""PostgreSQL finds what a page of the dashboard shows along indexes, in a shop of some thousands:
no page looks at every subscription, term, order or account."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.dashboard.subscriptions import search, states

Alert = get_model("oscar_subscriptions", "Alert")
Line = get_model("order", "Line")
Order = get_model("order", "Order")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")
User = get_user_model()

pytestmark = pytest.mark.django_db

LIST = reverse("subscriptions-dashboard:subscription-list")
ALERTS = reverse("subscriptions-dashboard:alert-list")
# More than any page shows, and enough for an index to be the cheaper way.
SUBSCRIPTIONS = 6_000
GROWING = {model._meta.db_table for model in (Subscription, Term, Order, Line, User, Alert)}


@pytest.fixture
def desk(shop, client):
    """An operator's browser, signed in."""
    client.force_login(shop.make_operator())
    return client


@pytest.fixture
def many(shop, monkeypatch):
    """``SUBSCRIPTIONS`` subscriptions of as many members, in all states; those ordered last are
    active, and so no early page of a list shows those that ended. Limits are in proportion."""
    monkeypatch.setattr("oscar_subscriptions.dashboard.pagination.LIMIT", 100)
    monkeypatch.setattr("oscar_subscriptions.dashboard.pagination.FILTERED_LIMIT", 30)
    monkeypatch.setattr("oscar_subscriptions.dashboard.plans.list_view.FILTERED_LIMIT", 30)
    for name, number in (("ACCOUNTS", 5), ("FEW", 5), ("SOME", 50)):
        monkeypatch.setattr(search, name, number)
    today, one = conf.today(), timedelta(days=1)
    users = User.objects.bulk_create(
        User(username=f"u{n}", email=f"m{n}@example.com", first_name=f"A{n}", last_name=f"Z{n}")
        for n in range(SUBSCRIPTIONS)
    )
    rows = Subscription.objects.bulk_create(
        Subscription(
            user=user,
            plan=shop.plan,
            member_name=user.get_full_name(),
            member_email=user.email,
            has_term=n % 10 != 9,
        )
        for n, user in enumerate(users)
    )
    orders = Order.objects.bulk_create(
        Order(
            number=f"{900_000 + n}",
            user=user,
            total_incl_tax=240,
            total_excl_tax=200,
            currency="EUR",
            date_placed=timezone.now(),
        )
        for n, user in enumerate(users)
    )
    lines = Line.objects.bulk_create(
        Line(
            order=order,
            product=shop.plan.product,
            title="Silver",
            num_allocated=0,
            line_price_incl_tax=240,
            line_price_excl_tax=200,
            line_price_before_discounts_incl_tax=240,
            line_price_before_discounts_excl_tax=200,
        )
        for order in orders
    )

    def term(n, first, last, grace=0, **fields):
        return Term(
            subscription=rows[n],
            order_line=lines[n],
            plan_title="Silver",
            starts_on=today + first * one,
            ends_on=today + last * one,
            covered_until=today + (last + grace) * one,
            anchor=today,
            **fields,
        )

    now = "2017-01-01T12:00Z"
    kinds = {
        0: lambda n: term(n, -400 - n % 30, -40 - n % 30),
        1: lambda n: term(n, -370, -5, 10) if n % 100 == 1 else term(n, -400, -40),
        2: lambda n: term(n, 5, 370) if n % 100 == 2 else term(n, -9, 350),
        3: lambda n: term(n, -9, 350, revoked_at=now) if n % 100 == 3 else term(n, -9, 350),
        4: lambda n: term(n, -9, 350, suspended_at=now) if n % 100 == 4 else term(n, -9, 350),
    }
    # The older half has mostly ended.
    Term.objects.bulk_create(
        kinds[n % 2 if n < SUBSCRIPTIONS / 2 and n % 100 > 4 else n % 5](n)
        for n in range(SUBSCRIPTIONS)
        if n % 10 != 9
    )
    Alert.objects.bulk_create(
        Alert(
            key=f"{n}",
            kind="reversal",
            subscription=rows[n],
            order=orders[n],
            resolved_at=None if n % 100 == 0 else now,
        )
        for n in range(SUBSCRIPTIONS)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        # As on the disks of today; by default some thousands of rows are read from end to end.
        cursor.execute("SET LOCAL random_page_cost = 1.1")
    return rows


def scanned(desk, url, query=None, *, allowed=()):
    """Return the growing tables that a page of the dashboard reads from end to end."""
    desk.get(url, query or {})
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(url, query or {}).status_code == 200
    found = set()
    for one in queries:
        if one["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN (FORMAT JSON) " + one["sql"])
                [[plan]] = cursor.fetchall()
            text = plan if isinstance(plan, str) else json.dumps(plan)
            found |= set(re.findall(r'"Seq Scan".*?"Relation Name": "(\w+)"', text))
    return (found & GROWING) - set(allowed)


def test_the_list_of_subscriptions(desk, many, shop):
    assert scanned(desk, LIST) == set()
    assert scanned(desk, LIST, {"page": 4}) == set()
    assert scanned(desk, LIST, {"plan": shop.plan.pk}) == set()


def test_the_list_of_subscriptions_in_each_state(desk, many):
    for state, _label in states.CHOICES:
        page = desk.get(LIST, {"status": state})
        assert page.context["paginator"].count > 0, state
        assert scanned(desk, LIST, {"status": state}) == set(), state


def test_subscriptions_without_a_term_are_found_without_reading_those_with_one(desk, many):
    paginator = desk.get(LIST, {"status": states.UNPAID}).context["paginator"]
    assert paginator.has_more
    Subscription.objects.exclude(pk=many[9].pk).update(has_term=True)
    connection.cursor().execute("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        page = desk.get(LIST, {"status": states.UNPAID})
    assert page.context["paginator"].count == 1
    [asked] = [one["sql"] for one in queries if 'NOT "oscar_subscriptions_sub' in one["sql"]][:1]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + asked)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "oscar_subs_subscription_unpaid" in plan and "Seq Scan" not in plan, plan


def test_search(desk, many):
    for q in ("m777@example.com", "m77", "a77", "z777", "900777", "nobody"):
        assert scanned(desk, LIST, {"q": q}) == set(), q
    for q, expected in (("z777", 1), ("900777", 1), ("m777@example.com", 1), ("m77", 11)):
        paginator = desk.get(LIST, {"q": q}).context["paginator"]
        assert paginator.count == expected, q


def test_search_for_a_word_that_everybody_has_stops_early(desk, many):
    # The accounts are read until there are too many of them; the list, in its order.
    assert scanned(desk, LIST, {"q": "m"}, allowed=[User._meta.db_table]) <= {
        Subscription._meta.db_table
    }
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(LIST, {"q": "m"}).context["paginator"].has_more
    for one in queries:
        if "LIKE" in one["sql"]:
            assert "LIMIT" in one["sql"] or " IN (" in one["sql"]


def test_the_list_of_alerts(desk, many, monkeypatch):
    monkeypatch.setattr("oscar_subscriptions.dashboard.alerts.views.TEXTS", 50)
    for query in ({}, {"status": "resolved"}, {"status": "all"}, {"q": "z777", "status": "all"}):
        assert scanned(desk, ALERTS, query) == set(), query


def test_one_subscription_and_the_data_of_its_member(desk, many):
    one = many[77]
    url = reverse("subscriptions-dashboard:subscription-detail", kwargs={"pk": one.pk})
    assert scanned(desk, url) == set()
    desk.force_login(one.user)
    assert scanned(desk, reverse("subscriptions:my-data")) == set()


def test_the_list_of_plans_counts_no_further_than_it_says(desk, many):
    url = reverse("subscriptions-dashboard:plan-list")
    [plan] = desk.get(url).context["plans"]
    assert plan.members_in_words == "more than 30"
