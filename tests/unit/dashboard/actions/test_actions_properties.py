"""Of any member: a preview says what then happens, and an undo gives back what there was."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from oscar.core.loading import get_model

from oscar_subscriptions import conf, privacy, sellers
from oscar_subscriptions.dashboard.actions import effects, facts
from oscar_subscriptions.dashboard.actions.registry import ACTIONS
from oscar_subscriptions.dashboard.actions.views import ActionRefusedError
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.sellers import parking
from tests.properties import steady

Term = get_model("oscar_subscriptions", "Term")

# Days between the terms of a member, and what has happened to each; the first began long ago.
terms = st.lists(
    st.tuples(st.sampled_from([0, 0, 1, 200]), st.sampled_from(["", "", "", "suspend", "revoke"])),
    min_size=1,
    max_size=3,
)
members = st.fixed_dictionaries(
    {
        "terms": terms,
        "began": st.integers(1, 300) | st.integers(301, 700),
        "grace": st.sampled_from([0, 10]),
        "limit": st.sampled_from([None, 0, 1, 2]),
        "services": st.integers(0, 3),
    }
)


class Desk:
    """An operator who takes all steps of actions, and looks at what has changed meanwhile."""

    def __init__(self, shop, rf):
        self.shop = shop
        self.request = rf.post("/")
        self.request.user = shop.make_operator()

    def view(self, name, pk):
        view = ACTIONS[name].view_class()()
        view.setup(self.request, pk=pk)
        return view

    def act(self, name, pk, **data):
        """Carry an action out; return whether it was not refused."""
        data = {"reason": "why not", "tell": True, "days": None, **data}
        people = self.view(name, pk).people(data)
        before = [facts.take(person) for person in people]
        try:
            seen = self.view(name, pk).try_out(data, "")
        except ActionRefusedError:
            assert self.words(before, people) == []
            return False
        assert not seen.is_done and self.words(before, people) == []
        outcome = self.view(name, pk).try_out(data, effects.fingerprint(seen.effects))
        assert outcome.is_done
        said = [effect.words for effect in seen.effects]
        assert sorted(self.words(before, people)) == sorted(said)
        return True

    def words(self, before, people):
        found = []
        for person, was in zip(people, before, strict=True):
            changes = effects.difference(was, facts.take(person, was.subscriptions))
            name = f"{was.name}: " if len(people) > 1 else ""
            found += [name + change.words for change in changes]
        return found


def settle(shop, user, life):
    """Give ``user`` the terms and services of ``life``."""
    plan = shop.make_plan(f"Plan of {user}", grace_days=life["grace"], listing_limit=life["limit"])
    day = conf.today() - timedelta(days=life["began"])
    for gap, happened in life["terms"]:
        term = shop.grant(user, plan, starts_on=day + timedelta(days=gap))
        day = term.ends_on + timedelta(days=1)
        if happened:
            getattr(ledger, happened)(term, reason="a dispute")
    seller = sellers.ensure_seller(user)
    for number in range(life["services"]):
        shop.make_service(seller, f"Service {number} of {user}")
    parking.sync_listings(seller)
    return user.oscar_subscriptions.get(plan=plan)


def state(*users):
    """What an undo gives back: days, seller status and services."""
    found = [facts.take(privacy.Person(user, user.email)) for user in users]
    return [
        (
            one.seller_until,
            one.services,
            {pk: row.last_day for pk, row in one.subscriptions.items() if row.last_day},
            {term for term in one.terms.values() if term.validity != "revoked"},
        )
        for one in found
    ]


@pytest.fixture
def desk(shop, rf, no_mails):
    return Desk(shop, rf)


@pytest.mark.slow
@pytest.mark.parametrize(
    "deed", ["suspend", "resume", "revoke", "restore", "give", "extend", "hand-over"]
)
@settings(steady, max_examples=6)
@given(ada=members, bea=members, number=st.integers(0, 2))
def test_a_preview_says_what_happens_and_an_undo_gives_it_back(shop, desk, deed, ada, bea, number):
    with transaction.atomic():
        giver, receiver = shop.make_user("ada"), shop.make_user("bea")
        subscription = settle(shop, giver, ada)
        settle(shop, receiver, bea)
        held = list(subscription.terms.order_by("pk"))
        term = held[number % len(held)]
        if deed in ("resume", "restore"):  # something to undo
            getattr(ledger, "suspend" if deed == "resume" else "revoke")(term, reason="a dispute")
        before = state(giver, receiver)
        if undone(desk, deed, subscription, term, receiver):
            assert state(giver, receiver) == before
        transaction.set_rollback(True)


OPPOSITE = {"suspend": "resume", "resume": "suspend", "revoke": "restore", "restore": "revoke"}


def undone(desk, deed, subscription, term, receiver):
    """Carry an action out and undo it; return whether that was possible."""
    if deed in OPPOSITE:
        field = "suspended_at" if deed in ("suspend", "resume") else "revoked_at"
        has_effect = (getattr(term, field) is None) == (deed in ("suspend", "revoke"))
        if not has_effect or not desk.act(f"term-{deed}", term.pk):
            return False
        return desk.act(f"term-{OPPOSITE[deed]}", term.pk)
    if deed == "hand-over":
        return desk.act(f"subscription-{deed}", subscription.pk, to=receiver) and desk.act(
            "subscription-take-back", subscription.pk
        )
    if not desk.act(f"subscription-{deed}", subscription.pk, days=30):
        return False
    return desk.act("term-revoke", subscription.terms.latest("pk").pk)
