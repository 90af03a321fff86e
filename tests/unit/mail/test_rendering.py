"""What e-mails say: an operator's text where there is one, the files otherwise, never nothing."""

import re
from datetime import timedelta

import pytest
from django.template import engines
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.agreements import auto_renewal, auto_renewal_mails
from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.mail import kinds, outbox, rendering, sending
from oscar_subscriptions.reminders import due
from oscar_subscriptions.renewals import mails as renewal_mails
from tests.mails import bring_about, facts_of, noon

EventType = get_model("communication", "CommunicationEventType")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")

CONFIRMED = kinds.KINDS[term_notices.ORDER_CONFIRMED].code
BODY = "email_body_template"
HTML = "email_body_html_template"
SUBJECT = "email_subject_template"


@pytest.fixture
def order(shop):
    user = shop.make_user(first_name="Zoé")
    plan = shop.make_plan("L'atelier <d'été> & Cie", "1234.50")
    order = shop.make_order(user, plan)
    fulfilment.order_paid(order)
    OutboxMail.objects.all().delete()
    return order


@pytest.fixture
def send(shop, order, sent_mails, time_machine):
    """``send("fr")`` – the confirmation of the order in that language, as it was received; or
    another kind, in a case in which it is written."""

    def send(language, kind=term_notices.ORDER_CONFIRMED):
        term = order.lines.get().subscription_term
        facts = facts_of(kind, term, shop)
        bring_about(kind, term, time_machine.move_to)
        row = outbox.queue(
            kind, f"{language}-{kind}", user=order.user, language=language, context=facts
        )
        assert sending.send(row.pk)
        return sent_mails(order.user.email)[-1]

    return send


def typed(code, **texts):
    """An operator's texts in the row with this code."""
    EventType.objects.update_or_create(code=code, defaults={"name": code, **texts})


def html(message):
    return message.alternatives[0][0]


@pytest.mark.parametrize("kind", kinds.KINDS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_kind_is_clean_text_and_whole_html(send, kind, language):
    message = send(language, kind)
    assert "\n" not in message.subject
    assert not re.search(r"&\w+;|&#|[ \t]$|\n{3}", message.body, re.MULTILINE)
    assert "L'atelier <d'été> & Cie" in message.subject + message.body
    links = re.findall(r'href="([^"]*)"', html(message))
    assert len(links) >= 3
    assert all(link.startswith("https://shop.example") for link in links)
    assert "Intras Consultants" in html(message)
    assert "<img" not in html(message)


def test_the_confirmation_tells_the_price_with_and_without_vat(send):
    message = send("fr")
    for amount in ("1\u202f481,40\u00a0€", "1\u202f234,50\u00a0€", "246,90\u00a0€"):
        assert amount in message.body
        assert amount in html(message)


def test_an_order_without_vat_speaks_of_none(send, order):
    order.total_excl_tax = order.total_incl_tax
    order.save()
    assert "VAT" not in send("en").body


def test_what_an_operator_typed_is_sent_in_that_language_only(send):
    typed(f"{CONFIRMED}_FR", **{SUBJECT: "Merci {{ user.first_name }}"})
    assert send("fr").subject == "Merci Zoé"
    assert "is confirmed" in send("en").subject


def test_a_field_left_empty_is_the_file_s(send):
    typed(f"{CONFIRMED}_FR", **{SUBJECT: "Merci", BODY: "", HTML: " \n"})
    message = send("fr")
    assert "Nous avons bien reçu votre paiement" in message.body
    assert "Nous avons bien reçu votre paiement" in html(message)


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_a_row_that_is_empty_changes_nothing(send, kind):
    typed(f"{kinds.KINDS[kind].code}_FR")
    with_row = send("fr", kind)
    OutboxMail.objects.all().delete()
    EventType.objects.all().delete()
    without = send("fr", kind)
    assert (with_row.subject, with_row.body) == (without.subject, without.body)
    assert html(with_row) == html(without)


@pytest.mark.parametrize(
    ("codes", "language", "expected"),
    [
        (["_FR"], "fr-ca", "_FR"),
        (["_FR", "_FR_CA"], "fr-ca", "_FR_CA"),
        (["_FR_CA"], "fr", None),
        ([""], "fr", ""),
        (["", "_FR"], "fr", "_FR"),
        (["", "_FR"], "en", ""),
    ],
)
def test_the_most_special_row_that_has_a_text_wins(send, codes, language, expected):
    for code in codes:
        typed(CONFIRMED + code, **{SUBJECT: f"typed{code}"})
    subject = send(language).subject
    assert subject == f"typed{expected}" if expected is not None else "typed" not in subject


def test_apostrophes_stay_apostrophes_in_what_an_operator_typed(send):
    text = "{{ order.lines.first.title }}"
    typed(f"{CONFIRMED}_FR", **{SUBJECT: text, BODY: text, HTML: text})
    message = send("fr")
    assert message.subject == message.body == "L'atelier <d'été> & Cie"
    assert html(message) == "L&#x27;atelier &lt;d&#x27;été&gt; &amp; Cie"


def test_an_operator_can_change_one_part_and_keep_the_rest(send):
    for field, extension in ((BODY, "txt"), (HTML, "html")):
        path = f"oscar/communication/emails/commtype_{CONFIRMED.lower()}_body.{extension}"
        text = f'{{% extends "{path}" %}}{{% block intro %}}Merci\xa0!{{% endblock %}}'
        typed(f"{CONFIRMED}_FR", **{field: text})
    message = send("fr")
    for text in (message.body, html(message)):
        assert "Merci\xa0!" in text
        assert "246,90\u00a0€" in text
        assert "Nous avons bien reçu" not in text
    assert "L'atelier <d'été> & Cie" in message.body


@pytest.mark.parametrize(
    "mistake",
    ["{% if %}", "{% load gone %}", '{% include "gone.html" %}', '{% url "gone" %}', "{{ gone }}"],
)
def test_a_mistake_in_a_text_loses_no_e_mail_and_is_reported(send, sent_mails, commit, mistake):
    typed(f"{CONFIRMED}_FR", **{SUBJECT: mistake, BODY: "Merci", HTML: "Merci"})
    with commit():
        message = send("fr")
    assert "est confirmée" in message.subject
    # All of it, because the parts of an e-mail speak of each other.
    assert "Nous avons bien reçu votre paiement" in message.body
    assert "Nous avons bien reçu votre paiement" in html(message)
    [report] = sent_mails("operator@example.com")
    assert "Subscription: order confirmed" in report.body


def test_a_mistake_is_reported_once_until_the_text_is_changed(order, sent_mails, commit):
    reports = []
    for number, text in enumerate(["{% if %}", "{% if %}", "{% for %}"]):
        typed(f"{CONFIRMED}_FR", **{SUBJECT: text})
        with commit():
            outbox.queue(
                term_notices.ORDER_CONFIRMED,
                str(number),
                user=order.user,
                language="fr",
                context={"order": order.pk},
            )
        reports.append(len(sent_mails("operator@example.com")))
    assert reports == [1, 1, 2]
    assert len(sent_mails(order.user.email)) == 3


def test_an_empty_file_keeps_the_e_mail_waiting(send, order, monkeypatch):
    """Oscar's dispatcher drops an e-mail without a subject, and says nothing."""
    nothing = engines["django"].from_string("")
    monkeypatch.setattr("oscar.apps.communication.abstract_models.get_template", lambda _: nothing)
    row = outbox.queue(
        term_notices.ORDER_CONFIRMED, "empty", user=order.user, context={"order": order.pk}
    )
    assert sending.send(row.pk) is False
    row.refresh_from_db()
    assert "EmptyMailError" in row.last_error


def test_a_row_s_sms_is_left_alone(send):
    """Oscar's dispatcher raises for an SMS after it sent the e-mail, which would then repeat."""
    typed(f"{CONFIRMED}_FR", sms_template="Merci")
    assert send("fr")


# What is written.


@pytest.fixture
def term(order):
    return order.lines.get().subscription_term


def test_nothing_is_written_of_what_is_no_longer_so(term):
    assert rendering.render(term_notices.GRANTED, "en", None, {"term": term.pk})
    fulfilment.revoke(term, reason="refunded")
    assert rendering.render(term_notices.GRANTED, "en", None, {"term": term.pk}) is None
    assert rendering.render(term_notices.REVOKED, "en", None, {"term": term.pk})


def test_nothing_is_written_of_a_renewal_that_has_ended(shop, term):
    planned = shop.make_renewal(term)
    facts = {"planned": planned.pk, "consent": planned.auto_renewal.pk}
    user = term.subscription.user
    assert rendering.render(renewal_mails.ANNOUNCED, "en", user, facts)
    planned.status = "dropped"
    planned.save()
    assert rendering.render(renewal_mails.ANNOUNCED, "en", user, facts) is None
    assert rendering.render(auto_renewal_mails.STOPPED, "en", user, facts) is None, "it is on"
    auto_renewal.switch_off(term.subscription)
    assert rendering.render(auto_renewal_mails.STOPPED, "en", user, facts)


def test_a_run_of_a_day_to_come_writes_as_of_that_day_and_never_of_one_that_is_past(
    term, time_machine
):
    user, facts = term.subscription.user, {"term": term.pk}
    assert rendering.render(due.LAST_DAY, "en", user, facts) is None
    for day, is_written in ((term.ends_on, True), (term.ends_on - timedelta(days=1), False)):
        told = facts | {"day": day.isoformat()}
        assert (rendering.render(due.LAST_DAY, "en", user, told) is not None) is is_written
    time_machine.move_to(noon(term.ends_on))
    assert rendering.render(due.LAST_DAY, "en", user, facts | {"day": "2001-01-01"})


def test_a_mistake_comes_with_a_key_that_changes_with_the_text(term):
    keys = set()
    for text in ("{% if %}", "{% if %}", "{% for %}"):
        typed(f"{kinds.KINDS[term_notices.GRANTED].code}_EN", **{SUBJECT: text})
        mail = rendering.render(term_notices.GRANTED, "en", None, {"term": term.pk})
        assert mail.mistake.startswith("TemplateSyntaxError: ")
        assert "L'atelier" in mail.messages["subject"]
        keys.add(mail.mistake_key)
    assert len(keys) == 2


def test_a_last_day_that_is_past_goes_into_no_calendar(term, time_machine):
    [(name, _, content_type)] = rendering.render(
        term_notices.GRANTED, "en", None, {"term": term.pk}
    ).attachments
    assert (name, content_type) == ("subscription.ics", "text/calendar")
    time_machine.move_to(term.ends_on + timedelta(days=2))
    assert rendering.render(term_notices.GRANTED, "en", None, {"term": term.pk}).attachments == []
