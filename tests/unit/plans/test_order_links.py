"""The link with which an operator sells for a member: what it says, how long, and its e-mail."""

from datetime import date, timedelta

import pytest
from django.core import mail, signing
from django.db import transaction
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, journal
from oscar_subscriptions.mail import outbox, rendering
from oscar_subscriptions.plans import order_links
from oscar_subscriptions.reminders import opt_out

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Plan = get_model("oscar_subscriptions", "Plan")

LINK = order_links.OrderLink("7", 3, date(2027, 2, 3))


@pytest.fixture
def member(shop):
    return shop.make_user("ada", first_name="Ada")


@pytest.fixture
def clerk(shop):
    return shop.make_operator("clerk", "desk", first_name="Olga", last_name="Petit")


def send(member, plan, clerk):
    with transaction.atomic():
        return order_links.send(member, plan, actor=clerk)


def rendered(row):
    return rendering.render(row.kind, row.language, row.user, row.context)


def test_what_was_signed_is_read_again():
    assert order_links.read(LINK.token) == LINK
    assert order_links.read(LINK.token) == order_links.read(LINK.token)


@pytest.mark.parametrize(
    "damage",
    [
        lambda token: token[:-1],
        lambda token: token + "x",
        lambda token: "x" + token[1:],
        lambda token: "",
        lambda token: token.split(".")[0],
        lambda token: signing.Signer(salt="another", sep=".").sign_object(["7", 3, "2027-02-03"]),
        lambda token: "9" * 5000,
    ],
)
def test_what_was_not_signed_here_says_nothing(damage):
    assert order_links.read(damage(LINK.token)) is None


def test_no_other_link_of_the_shop_opens_it(shop, member):
    term = shop.grant(member)
    assert order_links.read(opt_out.token(term.subscription)) is None
    assert opt_out.subscription_of(LINK.token) is None


def test_it_is_valid_to_the_end_of_its_last_day(time_machine):
    for day, is_over in ((3, False), (4, True)):
        time_machine.move_to(f"2027-02-0{day}T12:00:00+01:00")
        assert LINK.is_over == is_over


@pytest.mark.django_db(transaction=True)
def test_the_member_gets_one_mail_a_day_for_each_plan(shop, member, clerk, time_machine):
    time_machine.move_to("2026-11-27T12:00:00+01:00")
    row, is_new = send(member, shop.plan, clerk)
    assert is_new and send(member, shop.plan, clerk) == (row, False)
    [message] = mail.outbox
    assert message.to == [member.email]
    assert message.subject == "Your link to order “Silver”"
    assert "Olga Petit has prepared the order of “Silver” for you." in message.body
    assert "The link works until Dec. 10, 2026, and only with your account." in message.body
    link = order_links.link_of(row)
    assert link.url in message.body
    assert link == order_links.OrderLink(str(member.pk), shop.plan.pk, date(2026, 12, 10))
    assert send(member, shop.make_plan("Gold"), clerk)[1]
    time_machine.move_to("2026-11-28T12:00:00+01:00")
    assert send(member, shop.plan, clerk)[1]


def test_links_that_are_over_are_not_listed(shop, member, clerk, time_machine):
    time_machine.move_to("2026-11-27T12:00:00+01:00")
    old, _new = send(member, shop.plan, clerk)
    send(shop.make_user("other"), shop.plan, clerk)
    time_machine.move_to("2026-11-28T12:00:00+01:00")
    new, _new = send(member, shop.plan, clerk)
    assert order_links.sent_to(member) == [new, old]
    time_machine.move_to("2026-12-11T12:00:00+01:00")
    assert order_links.sent_to(member) == [new]


def test_who_sent_it_is_kept_with_the_mail_and_in_the_journal_if_there_is_one(shop, member, clerk):
    row, _new = send(member, shop.plan, clerk)
    assert order_links.sender_of(row) == "Olga Petit"
    # Whoever is sent a link has not ordered: the list of subscriptions does not have them.
    assert not member.oscar_subscriptions.exists()
    gold = shop.make_plan("Gold")
    subscription = shop.grant(member, gold).subscription
    send(member, gold, clerk)
    entry = subscription.journal.get(kind=journal.ORDER_LINK_SENT)
    until = conf.today() + timedelta(days=order_links.DAYS - 1)
    assert (entry.actor, entry.detail) == (clerk, {"to": until.isoformat()})
    clerk.delete()
    assert order_links.sender_of(row) == ""
    assert "We have prepared the order" in rendered(row).messages["body"]


def off_sale(shop, member):
    Plan.objects.update(is_on_sale=False)


def suspended(shop, member):
    fulfilment.suspend(shop.grant(member), reason="disputed")


def closed(shop, member):
    member.is_active = False
    member.save()


@pytest.mark.parametrize("change", [off_sale, suspended, closed])
def test_a_mail_that_waits_is_not_sent_once_it_leads_nowhere(shop, member, clerk, change):
    row, _new = send(member, shop.plan, clerk)
    assert rendered(row) is not None
    change(shop, member)
    row.user.refresh_from_db()
    assert rendered(row) is None


def test_nor_once_its_days_are_over(shop, member, clerk, time_machine):
    time_machine.move_to("2026-11-27T12:00:00+01:00")
    row, _new = send(member, shop.plan, clerk)
    for day, leaves in (("10", True), ("11", False)):
        time_machine.move_to(f"2026-12-{day}T12:00:00+01:00")
        assert (rendered(row) is not None) == leaves


def test_it_is_written_in_the_language_of_the_member(shop, member, clerk):
    assert outbox.language_of_user(member) == ""
    subscription = shop.grant(member).subscription
    subscription.language = "fr"
    subscription.save()
    row, _new = send(member, shop.make_plan("Gold"), clerk)
    assert row.language == "fr"
