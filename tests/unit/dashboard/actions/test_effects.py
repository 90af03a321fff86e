"""The difference that an action makes, in words, in both languages."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from oscar_subscriptions.dashboard.actions import effects
from oscar_subscriptions.dashboard.actions.facts import Facts, SubscriptionFacts, TermFacts

FIRST, LAST = date(2017, 2, 3), date(2018, 2, 3)
SILVER = SubscriptionFacts("Silver", ("Ada Martin", "ada@example.com"), LAST, renews=True)
TERM = TermFacts("Silver", FIRST, LAST, "valid")
BEFORE = Facts("Ada Martin", {1: SILVER}, {1: TERM}, LAST, {1: "Coaching"}, {1: "Alert"}, {}, {})


def words(before, after):
    return [effect.words for effect in effects.difference(before, after)]


def test_nothing_has_changed():
    assert words(BEFORE, BEFORE) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"subscriptions": {1: replace(SILVER, last_day=date(2018, 3, 5))}},
            ["Last day of Silver: Feb. 3, 2018 → March 5, 2018."],
        ),
        (
            {"subscriptions": {1: replace(SILVER, renews=False)}},
            ["Automatic renewal of Silver is switched off."],
        ),
        (
            {"subscriptions": {1: replace(SILVER, member=("#1", ""))}},
            ["Name and addresses are removed from Silver; it is kept as “#1”."],
        ),
        (
            {"seller_until": date(2018, 3, 5)},
            ["A seller, grace included: until Feb. 3, 2018 → until March 5, 2018."],
        ),
        (
            {"terms": {1: replace(TERM, validity="revoked")}},
            ["Revoked: Silver, Feb. 3, 2017 – Feb. 3, 2018."],
        ),
        (
            {"terms": {1: TERM, 2: replace(TERM, plan="Gold")}},
            ["New term: Gold, Feb. 3, 2017 – Feb. 3, 2018."],
        ),
        ({"services": {}}, ["1 service leaves the shop: “Coaching”."]),
        (
            {"services": {number: f"S{number}" for number in range(2, 9)} | {1: "Coaching"}},
            ["7 services come back into the shop: “S2”, “S3”, “S4”, “S5”, “S6” and 2 more."],
        ),
        ({"alerts": {}}, ["This alert is resolved: Alert."]),
        ({"alerts": {1: "Alert", 2: "Other"}}, ["This alert is raised: Other."]),
        ({"receipts": {1: "2017-000001"}}, ["Receipt 2017-000001 is issued."]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_each_difference_is_a_sentence(change, said):
    after = replace(BEFORE, **change)
    assert words(BEFORE, after) == said
    with translation.override("fr"):
        [french] = words(BEFORE, after)
    assert french != said[0]


def test_a_member_who_was_no_seller_becomes_one_and_back():
    before = replace(BEFORE, seller_until=None)
    assert words(before, BEFORE) == [
        "The member is a seller from today, until Feb. 3, 2018, grace included."
    ]
    assert words(BEFORE, before) == [
        "The member is no longer a seller; until now, that was until Feb. 3, 2018."
    ]


def test_the_fingerprint_is_that_of_the_words():
    one, other = effects.Effect("A", "text"), effects.Effect("B", "text")
    assert effects.fingerprint([one]) == effects.fingerprint([effects.Effect("A", "other")])
    found = [effects.fingerprint(each) for each in ([], [one], [other], [one, other], [other, one])]
    assert len(set(found)) == 5
