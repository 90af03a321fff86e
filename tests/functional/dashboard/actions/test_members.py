"""A member's data is exported, and a member anonymised."""

import json

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal
from tests.functional import pages
from tests.functional.dashboard import acting

Receipt = get_model("oscar_subscriptions", "Receipt")


@pytest.fixture
def term(shop):
    user = shop.make_user("ada", first_name="Ada", last_name="Martin")
    return fulfilment.order_paid(shop.make_order(user)).term


def test_the_file_of_a_member_is_journalled(desk, operator, term):
    url = acting.address("subscription-export", pk=term.subscription_id)
    found, response = acting.carry_out(desk, url, reason="asked for it")
    assert "subscriptions, orders" in found[0]
    assert json.loads(response.content)["account"]["email"] == "ada@example.com"
    assert response["Content-Disposition"].startswith("attachment")
    assert "no-store" in response["Cache-Control"]
    entry = term.subscription.journal.get(kind=journal.EXPORTED)
    assert (entry.actor, entry.reason) == (operator, "asked for it")


def test_a_member_whose_term_runs_is_anonymised_only_if_it_is_given_up(desk, term):
    url = acting.address("subscription-anonymise", pk=term.subscription_id)
    refused = pages.text(acting.preview(desk, url))
    assert "A term of “Silver” runs until" in refused
    found, page = acting.carry_out(desk, url, give_up_terms="on")
    number = f"#{term.subscription_id}"
    assert f"Name and addresses are removed from Silver; it is kept as “{number}”." in found
    assert any(words.startswith("Revoked: Silver") for words in found)
    assert "The member is anonymised." in pages.text(page)
    term.subscription.refresh_from_db()
    assert (term.subscription.member_name, term.subscription.member_email) == (number, "")
    assert Receipt.objects.exists()


def test_a_preview_forgets_nobody(desk, term):
    url = acting.address("subscription-anonymise", pk=term.subscription_id)
    acting.preview(desk, url, give_up_terms="on")
    term.subscription.refresh_from_db()
    assert term.subscription.member_name == "Ada Martin"
