"""The command that makes a member nameless: who may, why, and what is said of it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from oscar.core.loading import get_model

from oscar_subscriptions import conf, journal, terms

JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def boss(shop):
    return shop.make_user("boss", first_name="Olga", last_name="Petit", is_staff=True)


@pytest.fixture
def member(shop, boss):
    """A member whose year is over."""
    user = shop.make_user()
    shop.grant(user, starts_on=terms.months_after(conf.today(), -13))
    return user


def command(*args, reason="Asked on 3 May", actor="boss", **kwargs):
    out = StringIO()
    args = [*args, "--reason", reason, "--actor", actor]
    call_command("subscriptions_anonymise", *args, stdout=out, **kwargs)
    return out.getvalue()


def addresses():
    return list(Subscription.objects.order_by("pk").values_list("member_email", flat=True))


def test_it_says_that_names_and_addresses_are_gone(member):
    assert command("member") == "member: names and addresses are gone.\n"
    assert addresses() == [""]


def test_it_is_silent_if_it_is_told_to_be_quiet(member):
    assert command("member@example.com", verbosity=0) == ""
    assert addresses() == [""]


@pytest.mark.parametrize("actor", ["boss", "Boss@example.com"])
def test_the_journal_keeps_the_reason_and_the_operator(member, boss, actor):
    command("member", actor=actor)
    line = JournalEntry.objects.get(kind=journal.ANONYMISED)
    assert (line.reason, line.actor, line.actor_name) == ("Asked on 3 May", boss, "Olga Petit")


@pytest.mark.parametrize("actor", ["nobody", "member", ""])
def test_only_a_member_of_staff_is_taken_for_the_operator(member, actor):
    with pytest.raises(CommandError, match=f"^No member of staff is called '{actor}'"):
        command("member", actor=actor)
    assert addresses() == ["member@example.com"]


@pytest.mark.parametrize("option", ["--reason", "--actor"])
def test_neither_reason_nor_operator_can_be_left_out(member, option):
    given = {"--reason": "Asked", "--actor": "boss"}
    del given[option]
    with pytest.raises(CommandError, match=option):
        call_command("subscriptions_anonymise", "member", *[w for o in given.items() for w in o])
    assert addresses() == ["member@example.com"]


def test_every_reason_against_it_is_told_on_a_line_of_its_own(shop, member):
    for plan in (shop.plan, shop.make_plan("Gold")):
        shop.grant(member, plan)
    with pytest.raises(CommandError) as error:
        command("member")
    first, *reasons = str(error.value).splitlines()
    assert first == "Nothing was changed."
    assert [reason.split(" runs until ")[0] for reason in reasons] == [
        "A term of “Silver”",
        "A term of “Gold”",
    ]
    assert set(addresses()) == {"member@example.com"}


def test_terms_that_run_are_given_up_where_the_operator_says_so(shop, member):
    running = shop.grant(member)
    command("member", "--give-up-terms")
    running.refresh_from_db()
    assert running.revoked_at is not None
    assert Term.objects.exclude(pk=running.pk).get().revoked_at is None
    assert addresses() == [""]


def test_a_deleted_account_is_named_by_its_address(member):
    member.delete()
    with pytest.raises(CommandError, match=r"^No account, or more than one, is called"):
        command("member@example.com")
    said = command("member@example.com", "--deleted")
    assert said == "member@example.com: names and addresses are gone.\n"
    assert addresses() == [""]
