"""The command that prints what is known of a member, for that member to read."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from oscar_subscriptions import fulfilment, privacy


@pytest.fixture
def member(shop):
    user = shop.make_user(first_name="Zoé", last_name="Šimůnková")
    fulfilment.order_paid(shop.make_order(user))
    return user


def command(*args):
    out = StringIO()
    call_command("subscriptions_export", *args, stdout=out)
    return out.getvalue()


def test_it_prints_all_that_is_known_as_json_and_nothing_else(member):
    assert json.loads(command("member")) == privacy.export(member)
    assert json.loads(command("member@example.com")) == privacy.export(member)


def test_a_person_can_read_it_a_fact_on_each_line_with_every_letter(member):
    lines = command("member").splitlines()
    assert '    "name": "Zoé Šimůnková",' in lines


def test_what_is_left_of_a_deleted_account_is_printed_for_its_address(member):
    before = json.loads(command("member"))
    member.delete()
    after = json.loads(command("member@example.com", "--deleted"))
    assert after["account"] == {"email": "member@example.com", "deleted": True}
    assert (after["orders"], after["notifications"]) == (before["orders"], before["notifications"])


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nobody"], "No account, or more than one, is called 'nobody'"),
        (["member@example.com", "--deleted"], "No subscription of a deleted account"),
    ],
)
def test_if_it_is_not_known_who_is_meant_nothing_is_printed(member, args, words):
    out = StringIO()
    with pytest.raises(CommandError, match=words):
        call_command("subscriptions_export", *args, stdout=out)
    assert out.getvalue() == ""
