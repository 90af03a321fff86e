"""How an operator says which member is meant, and what is said if that is nobody."""

import pytest
from django.core.management.base import CommandError, CommandParser

from oscar_subscriptions.management import member_argument


def options(*args):
    """What a command makes of its arguments."""
    parser = CommandParser(called_from_command_line=False)
    member_argument.add_arguments(parser)
    return vars(parser.parse_args(args))


@pytest.fixture
def member(shop):
    return shop.make_user()


@pytest.mark.parametrize("text", ["member", "member@example.com", "MEMBER@example.com"])
def test_an_account_is_found_by_user_name_and_by_e_mail_address(member, text):
    assert member_argument.find_member(options(text)).user == member


def test_a_deleted_account_is_found_where_the_operator_says_that_it_is_one(shop, member):
    shop.grant(member)
    member.delete()
    assert member_argument.find_member(options("member@example.com")) is None
    person = member_argument.find_member(options("member@example.com", "--deleted"))
    assert person.user is None
    assert person.subscriptions().count() == 1


def test_an_account_is_never_taken_for_a_deleted_one(shop, member):
    shop.grant(member)
    assert member_argument.find_member(options("member@example.com", "--deleted")) is None


def test_one_address_of_two_accounts_means_neither(shop, member):
    type(member).objects.filter(pk=shop.make_user("other").pk).update(email=member.email)
    assert member_argument.find_member(options("member@example.com")) is None
    assert member_argument.find_member(options("member")).user == member


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["ada"], "No account, or more than one, is called 'ada'."),
        (["ada", "--deleted"], "No subscription of a deleted account, or of more than one,"),
    ],
)
def test_what_is_said_names_what_was_looked_for(args, words):
    said = member_argument.not_found(options(*args))
    assert said.startswith(words)
    assert said.endswith("'ada'.")


def test_a_command_without_a_member_is_refused():
    with pytest.raises(CommandError, match="USER"):
        options()
