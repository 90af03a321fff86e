"""What members are told of their terms, in both languages, and only while it is true."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.daily_run import steps
from oscar_subscriptions.fulfilment import goodwill, grants, handovers, term_notices
from oscar_subscriptions.mail import kinds, outbox, sending
from oscar_subscriptions.plans.order_links import ORDER_LINK
from oscar_subscriptions.reminders import due, opt_out
from tests.mails import ABOUT_AN_ORDER, TAKE_DOWNS, bring_about, facts_of

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Plan = get_model("oscar_subscriptions", "Plan")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

REMINDERS = [kind for kind in kinds.KINDS if kinds.KINDS[kind].newest_only]


@pytest.fixture
def clerk(shop):
    return shop.make_user("clerk", is_staff=True)


@pytest.fixture
def buy(shop, commit):
    """``buy(user)`` – the user pays for a year of Silver; the term."""

    def buy(user, plan=None):
        order = shop.make_order(user, plan)
        with commit():
            return fulfilment.order_paid(order).term

    return buy


@pytest.fixture
def term(shop, buy, time_machine):
    """Bought on 3 February 2017; the two e-mails about it are gone."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    shop.plan.listing_limit = 5
    shop.plan.save()
    term = buy(shop.make_user(first_name="Zoé"))
    shop.make_service(get_model("oscar_subscriptions", "Seller").objects.get())
    OutboxMail.objects.all().delete()
    mail.outbox.clear()
    return term


@pytest.fixture
def message(term, shop, sent_mails, time_machine):
    """``message(kind, "fr")`` – the one e-mail of that kind about ``term``."""

    def message(kind, language="en", **facts):
        bring_about(kind, term, time_machine.move_to)
        facts = facts_of(kind, term, shop) | facts
        row = outbox.queue(
            kind, language, user=term.subscription.user, language=language, context=facts
        )
        assert sending.send(row.pk)
        return sent_mails("member@example.com")[-1]

    return message


def html(message):
    return message.alternatives[0][0]


def subjects(sent_mails, address="member@example.com"):
    return [message.subject for message in sent_mails(address)]


# Every kind.


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_every_kind_speaks_the_members_language(message, kind):
    english, french = message(kind, "en"), message(kind, "fr")
    for text in (english.body, html(english)):
        assert "Hello Zoé," in text
    for text in (french.body, html(french)):
        assert "Bonjour Zoé," in text
        assert not re.search(r"\b(?:your|you|the last|seller)\b", text, re.IGNORECASE)
    assert english.subject != french.subject


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind in kinds.KINDS
        if kind not in (*ABOUT_AN_ORDER, *TAKE_DOWNS, ORDER_LINK, term_notices.ORDER_CONFIRMED)
    ],
)
def test_every_kind_says_the_days_in_text_and_html(message, kind):
    expected = {due.LAPSED: "Feb. 3, 2018", term_notices.REVOKED: "Feb. 3, 2017"}
    sent = message(kind)
    for text in (sent.body, html(sent)):
        assert expected.get(kind, "Feb. 3, 2018") in text


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_every_link_of_every_kind_leads_somewhere(message, client, term, kind):
    sent = message(kind)
    client.force_login(term.subscription.user)
    links = set(re.findall(r"https://shop\.example(/[^\s\"<]*)", sent.body + html(sent)))
    assert links
    for path in links:
        # Where an order is paid asks the provider, and this test has none.
        expected = 503 if path.endswith("/pay/") else 200
        assert client.get(path, follow=True).status_code == expected, path


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_an_account_that_is_gone_stops_no_mail_but_reminders_and_links_to_order(
    term, shop, sent_mails, kind, time_machine
):
    bring_about(kind, term, time_machine.move_to)
    facts = facts_of(kind, term, shop)
    row, _created = outbox.put(kind, "gone", user=term.subscription.user, context=facts)
    term.subscription.user.delete()
    # Nobody is left to be reminded, or to order.
    leaves = kind not in (*REMINDERS, ORDER_LINK)
    assert sending.send(row.pk) is leaves
    assert len(sent_mails("member@example.com")) == leaves


# Beginning.


def test_the_first_year_activates_and_the_next_renews(shop, buy, sent_mails, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    user = shop.make_user()
    buy(user)
    buy(user)
    time_machine.move_to("2019-03-01 12:00+01:00")  # after a gap
    buy(user)
    assert [subject for subject in subjects(sent_mails) if "confirmed" not in subject] == [
        "You are a seller until Feb. 3, 2018",
        "Your subscription goes on until Feb. 3, 2019",
        "You are a seller until March 1, 2020",
    ]


def test_a_gift_says_so_and_speaks_of_no_order(shop, clerk, commit, sent_mails):
    with commit():
        grants.grant(shop.make_user(), shop.plan, reason="a jury prize", actor=clerk)
    [sent] = sent_mails("member@example.com")
    assert "There is nothing to pay" in sent.body
    assert "a jury prize" not in sent.body


def test_a_gift_is_written_in_the_language_of_the_members_orders(shop, clerk, commit, sent_mails):
    user = shop.make_user()
    fulfilment.lock_for_checkout(user, shop.plan, "fr")
    with commit():
        grants.grant(user, shop.make_plan("Gold"), reason="sorry", actor=clerk)
    assert "Bonjour," in sent_mails("member@example.com")[0].body


def test_days_for_many_are_told_by_the_next_run(shop, clerk, commit, sent_mails):
    users = [shop.make_user(f"member-{number}") for number in range(3)]
    subscriptions = [shop.grant(user).subscription for user in users]
    with commit():
        given = goodwill.give(subscriptions, 5, reason="we were down", actor=clerk)
    assert mail.outbox == []
    list(steps.send_outbox(date.today(), False))
    assert len(mail.outbox) == 3
    with commit():
        goodwill.undo(given.batch, reason="a mistake", actor=clerk)
    list(steps.send_outbox(date.today(), False))
    assert subjects(sent_mails, "member-0@example.com")[1:] == ["“Silver” was withdrawn"]


def test_days_that_were_undone_before_the_next_run_are_told_by_no_mail(
    shop, clerk, commit, sent_mails
):
    subscription = shop.grant(shop.make_user()).subscription
    with commit():
        given = goodwill.give([subscription], 5, reason="we were down", actor=clerk)
        goodwill.undo(given.batch, reason="a mistake", actor=clerk)
    list(steps.send_outbox(date.today(), False))
    assert subjects(sent_mails) == []


@pytest.mark.parametrize("field", ["sent_at", "claimed_at"])
def test_days_that_a_member_may_have_read_of_are_not_undone_without_a_word(
    shop, clerk, commit, sent_mails, field
):
    subscription = shop.grant(shop.make_user()).subscription
    with commit():
        given = goodwill.give([subscription], 5, reason="we were down", actor=clerk)
        OutboxMail.objects.update(**{field: timezone.now()})
        goodwill.undo(given.batch, reason="a mistake", actor=clerk)
    list(steps.send_outbox(date.today(), False))
    assert subjects(sent_mails) == ["“Silver” was withdrawn"]


def test_an_order_whose_confirmation_waits_is_not_withdrawn_without_a_word(
    buy, shop, commit, sent_mails, mail_server
):
    mail_server.down = True
    term = buy(shop.make_user())
    with commit():
        fulfilment.revoke(term, reason="refunded")
    mail_server.down = False
    sending.send_due()
    assert [one.split()[-1] for one in subjects(sent_mails)] == ["confirmed", "withdrawn"]


def test_a_handover_tells_both(shop, clerk, term, commit, sent_mails):
    other = shop.make_user("other", first_name="Bea", last_name="Roy")
    with commit():
        handovers.hand_over(term.subscription, other, reason="sold the firm", actor=clerk)
    assert subjects(sent_mails) == ["“Silver” was handed over to Bea Roy"]
    [mail] = sent_mails("member@example.com")
    assert "handed over to Bea Roy on Feb. 3, 2017, by clerk for the shop" in mail.body
    assert subjects(sent_mails, "other@example.com") == ["“Silver” is yours until Feb. 3, 2018"]
    [mail] = sent_mails("other@example.com")
    assert "of Zoé is now yours, from Feb. 3, 2017" in mail.body
    assert "clerk, for the shop, has handed it over to you" in mail.body


def test_a_handover_that_is_taken_back_tells_both(shop, clerk, term, commit, sent_mails):
    other = shop.make_user("other")
    with commit():
        handovers.hand_over(term.subscription, other, reason="sold the firm", actor=clerk)
    with commit():
        handovers.take_back(term.subscription, reason="a mistake", actor=clerk)
    # Without a name, the address stays the shop's.
    first, last = subjects(sent_mails)
    assert (first, last) == (
        "“Silver” was handed over to another member",
        "“Silver” counts again",
    )
    assert subjects(sent_mails, "other@example.com")[1:] == ["“Silver” was withdrawn"]


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        (
            "en",
            "“Silver” is yours until Feb. 23, 2018",
            "Within the grace, to Feb. 23, 2018 inclusive, you remain a seller.",
        ),
        (
            "fr",
            "«\xa0Silver\xa0» est à vous jusqu’au 23 février 2018",
            "Pendant le délai de grâce, jusqu’au 23 février 2018 inclus, vous restez vendeur.",
        ),
    ],
)
def test_days_that_end_within_the_grace_of_the_receiver_promise_no_day_that_is_over(
    shop, clerk, commit, sent_mails, time_machine, language, subject, sentence
):
    time_machine.move_to("2017-02-03 12:00+01:00")
    plan = shop.make_plan(grace_days=15)
    to = shop.make_user("other")
    subscription = shop.grant(to, plan).subscription
    Subscription.objects.filter(pk=subscription.pk).update(language=language)
    time_machine.move_to("2018-02-10 12:00+01:00")  # seven days of grace are over
    with commit():
        grants.extend(subscription, 5, reason="we were down", actor=clerk)
    [sent] = sent_mails("other@example.com")
    assert sent.subject == subject
    for text in (sent.body, html(sent)):
        assert sentence in text
        assert "attached" not in text
        assert "est joint" not in text
    assert sent.attachments == []


# Standing.


def test_each_change_is_told_and_not_only_the_first(term, commit, sent_mails):
    for _ in range(2):
        with commit():
            fulfilment.suspend(term, reason="disputed")
        with commit():
            fulfilment.resume(term, reason="won")
    assert subjects(sent_mails) == ["“Silver” is suspended", "“Silver” counts again"] * 2


def test_what_changes_nothing_is_not_told(term, commit, sent_mails):
    with commit():
        fulfilment.revoke(term, reason="refunded")
    mail.outbox.clear()
    with commit():
        fulfilment.revoke(term, reason="refunded, once more")
        fulfilment.suspend(term, reason="disputed as well")
        fulfilment.resume(term, reason="won, but refunded all the same")
    assert mail.outbox == []


def test_a_refund_that_failed_while_the_bank_disputes_leaves_it_suspended(term, commit, sent_mails):
    with commit():
        fulfilment.suspend(term, reason="disputed")
        fulfilment.revoke(term, reason="refunded")
    mail.outbox.clear()
    with commit():
        fulfilment.restore(term, reason="the refund failed")
    assert subjects(sent_mails) == ["“Silver” is suspended"]


def test_nothing_is_told_of_a_term_that_is_over(term, commit, time_machine):
    time_machine.move_to("2018-02-03 12:00+01:00")
    with commit():
        fulfilment.suspend(term, reason="disputed on the last day")
    assert len(mail.outbox) == 1
    time_machine.move_to("2018-02-04 12:00+01:00")
    with commit():
        fulfilment.resume(term, reason="won too late")
        fulfilment.revoke(term, reason="lost after all")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("change", "back"),
    [(fulfilment.suspend, fulfilment.resume), (fulfilment.revoke, fulfilment.restore)],
)
def test_a_change_that_is_undone_before_the_mail_leaves_is_not_told(
    term, commit, mail_server, sent_mails, change, back
):
    mail_server.down = True
    with commit():
        change(term, reason="disputed")
        back(term, reason="a mistake")
    mail_server.down = False
    sending.send_due()
    assert subjects(sent_mails) == ["“Silver” counts again"]


def test_it_is_said_what_becomes_of_the_services(message):
    suspended = message(term_notices.SUSPENDED)
    assert "you are not a seller" in suspended.body
    assert "They are kept, nothing is deleted" in suspended.body


def test_a_member_without_services_hears_nothing_of_services(term, message):
    get_model("catalogue", "Product").objects.filter(product_class__name="Service").delete()
    assert "services" not in message(term_notices.REVOKED).body


def test_another_plan_that_goes_on_is_not_forgotten(shop, term, message):
    other = shop.grant(term.subscription.user, shop.make_plan("Gold"))
    body = message(term_notices.REVOKED).body
    assert f"still a seller, to {other.ends_on:%b.} 3, 2018 inclusive" in body
    assert "not a seller" not in body


# Price, link, file, header.


@pytest.mark.parametrize("kind", REMINDERS)
def test_a_reminder_has_todays_price_and_one_link_to_renew(term, message, kind):
    sent = message(kind)
    assert "Renewing costs €240.00 incl. tax today." in sent.body
    assert "The price has changed" not in sent.body + html(sent)
    url = f"https://shop.example/members/subscription/{term.subscription_id}/renew/"
    assert url in sent.body
    assert f'href="{url}"' in html(sent)


@pytest.mark.parametrize("kind", REMINDERS)
def test_a_price_that_has_changed_is_said(shop, message, kind):
    shop.plan.product.stockrecords.update(price=250)
    sent = message(kind)
    for text in (sent.body, html(sent)):
        assert "€300.00 incl. tax" in text
        assert "you paid €240.00 last time" in text


def test_a_plan_off_sale_has_no_link_to_renew_unless_the_operator_allows_it(message):
    Plan.objects.update(is_on_sale=False)
    sent = message(due.EXPIRING)
    assert "“Silver” is no longer on sale." in sent.body
    assert "/renew/" not in sent.body + html(sent)
    assert "https://shop.example/members/plans/" in sent.body
    Plan.objects.update(is_renewable=True)
    OutboxMail.objects.all().delete()
    assert "/renew/" in message(due.EXPIRING).body


def attached(sent):
    [(name, text, content_type)] = sent.attachments
    assert (name, content_type) == ("subscription.ics", "text/calendar")
    [event] = Calendar.from_ical(text).walk("VEVENT")
    return event


@pytest.mark.parametrize(
    "kind",
    [term_notices.SELLER_ACTIVATED, term_notices.RENEWED, term_notices.GRANTED, due.EXPIRING],
)
def test_the_last_day_goes_along_for_the_calendar(message, term, kind):
    event = attached(message(kind, "fr"))
    # A day without an hour: the same in every timezone.
    assert event["dtstart"].dt == date(2018, 2, 3)
    assert event["dtend"].dt == date(2018, 2, 4)
    assert event["summary"] == "Dernier jour de «\xa0Silver\xa0» (Intras Consultants)"
    assert event["url"].endswith(f"/members/subscription/{term.subscription_id}/renew/")


def test_a_calendar_moves_the_event_of_the_year_before(term, buy, sent_mails):
    buy(term.subscription.user)
    buy(term.subscription.user)
    first, second = [
        attached(sent) for sent in sent_mails("member@example.com") if sent.attachments
    ]
    assert first["uid"] == second["uid"]
    assert first["sequence"] < second["sequence"]
    assert second["dtstart"].dt - first["dtstart"].dt == timedelta(days=365)


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_reminders_alone_can_be_stopped_from_the_mail_program(term, message, kind):
    headers = message(kind).message()
    url = f"https://shop.example/members/reminders/{opt_out.token(term.subscription)}/"
    if kind in REMINDERS:
        assert headers["List-Unsubscribe"].replace("\n", "") == f"<{url}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert url in message(kind, "fr").body
    else:
        assert headers["List-Unsubscribe"] is None
        assert "/reminders/" not in headers.as_string()


def test_notices_know_every_way_a_term_can_count(term):
    assert term_notices.validity_of(term) == term_notices.VALID
    for change, expected in (
        (fulfilment.suspend, term_notices.SUSPENDED),
        (fulfilment.revoke, term_notices.REVOKED),
    ):
        change(term, reason="test")
        assert term_notices.validity_of(Term.objects.get()) == expected


@pytest.fixture
def user(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.make_user(first_name="Ada")
