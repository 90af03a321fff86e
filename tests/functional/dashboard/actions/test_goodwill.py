"""Days for all that a search finds: previewed with a count, given once, taken back at once."""

import uuid

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.actions import goodwill as actions
from oscar_subscriptions.fulfilment import goodwill, grants, ledger
from tests.functional import pages
from tests.functional.dashboard import acting

Term = get_model("oscar_subscriptions", "Term")

GIVE = reverse("subscriptions-dashboard:goodwill-give")


@pytest.fixture(autouse=True)
def people(shop, time_machine):
    """Ada and Bea run, Cid is suspended."""
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    names = {"ada": "Ada", "bea": "Bea", "cid": "Cid"}
    terms = {
        name: shop.grant(shop.make_user(name, first_name=first)) for name, first in names.items()
    }
    ledger.suspend(terms["cid"], reason="dispute")
    return {name: term.subscription for name, term in terms.items()}


def start(desk, query="", days="7", **values):
    """Fill in the form that the page shows; return the preview, and the address."""
    url = f"{GIVE}?{query}" if query else GIVE
    form = pages.form_values(desk.get(url), "action_form")
    return url, desk.post(url, {**form, "days": days, "reason": "An outage", **values})


def test_a_preview_counts_and_names_and_gives_nothing(desk):
    _url, page = start(desk)
    assert acting.effects(page) == [
        "2 subscriptions get 7 days each.",
        "ada@example.com – Silver: last day Feb. 3, 2018 → Feb. 10, 2018.",
        "bea@example.com – Silver: last day Feb. 3, 2018 → Feb. 10, 2018.",
        "1 gets none: The subscription is suspended. Settle that first.",
    ]
    assert Term.objects.count() == 3


def test_exactly_what_is_filtered_gets_the_days_and_they_are_taken_back(desk, operator, people):
    url, page = start(desk, "q=ada")
    done = acting.confirm(desk, url, page)
    [given] = Term.objects.filter(batch__isnull=False)
    assert given.subscription == people["ada"]
    assert (given.granted_by, given.grant_reason) == (operator, "An outage")
    assert "1 has got the days, and 1 has them still" in pages.text(done)
    undo = reverse("subscriptions-dashboard:goodwill-undo", args=[given.batch])
    assert undo in done.content.decode()
    found, page = acting.carry_out(desk, undo)
    assert found == ["1 subscription loses the days."]
    assert "1 has got the days, and 0 has them still" in pages.text(page)
    given.refresh_from_db()
    assert given.revoked_at is not None


def test_two_clicks_give_the_days_once(desk):
    url, page = start(desk)
    acting.confirm(desk, url, page)
    again = acting.confirm(desk, url, page)
    assert pages.soup(again).find(id="changed_meanwhile")
    assert Term.objects.filter(batch__isnull=False).count() == 2


def test_a_batch_that_was_interrupted_goes_on_and_gives_nobody_twice(people, operator):
    by, batch = {"reason": "An outage", "actor": operator}, uuid.uuid4()
    grants.extend(people["ada"], 7, batch=batch, **by)
    given = goodwill.give(people.values(), 7, batch=batch, **by)
    assert {term.subscription for term in given.terms} == {people["ada"], people["bea"]}
    assert Term.objects.filter(batch=batch).count() == 2


def test_more_than_a_request_can_do_are_refused(desk, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 2)
    _url, page = start(desk)
    assert "More than 2 are found. Please narrow the search." in pages.text(page)


@pytest.mark.parametrize("days", ["0", "x", "36501"])
def test_days_that_make_no_sense_are_refused(desk, days):
    _url, page = start(desk, days=days)
    assert pages.soup(page).select("#id_days_error")


def test_days_that_others_follow_stay(desk, shop, people):
    url, page = start(desk, "q=ada")
    acting.confirm(desk, url, page)
    grants.grant(people["ada"].user, shop.plan, reason="more", actor=shop.make_operator("boss"))
    batch = Term.objects.exclude(batch=None).get().batch
    undo = reverse("subscriptions-dashboard:goodwill-undo", args=[batch])
    found, _page = acting.carry_out(desk, undo)
    assert found == ["0 subscriptions lose the days.", "1 keeps them."]


@pytest.mark.parametrize("name", ["goodwill", "goodwill-undo"])
def test_an_unknown_batch_is_not_found(desk, name):
    url = reverse(f"subscriptions-dashboard:{name}", args=[uuid.uuid4()])
    assert desk.get(url).status_code == 404


def test_the_list_offers_it_to_managers_only(client, shop, desk):
    url = reverse("subscriptions-dashboard:subscription-list")
    assert f'href="{GIVE}?q=ada"' in desk.get(f"{url}?q=ada").content.decode()
    client.force_login(shop.make_operator("clerk", "desk"))
    assert GIVE not in client.get(url).content.decode()
