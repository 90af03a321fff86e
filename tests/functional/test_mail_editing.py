"""An operator edits an e-mail on Oscar's own dashboard page."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.mail import kinds, overrides
from oscar_subscriptions.payments.attempts import mails as order_mails

EventType = get_model("communication", "CommunicationEventType")


@pytest.fixture
def operator(shop, client):
    overrides.create_rows(kinds.KINDS.values(), apps=apps, using="default")
    user = shop.make_operator()
    # What Oscar's dashboard asks of staff for its "Emails" pages.
    user.user_permissions.set(
        Permission.objects.filter(content_type=ContentType.objects.get_for_model(EventType))
    )
    client.force_login(user)
    return client


@pytest.fixture
def buy(shop, django_capture_on_commit_callbacks):
    """``buy("fr")`` – a member of that language pays; returns what he received."""

    def buy(language):
        user = shop.make_user(f"member-{language}")
        fulfilment.lock_for_checkout(user, shop.plan, language)
        order = shop.make_order(user)
        with django_capture_on_commit_callbacks(execute=True):
            fulfilment.order_paid(order)
        return [message for message in mail.outbox if message.to == [user.email]]

    return buy


def page(kind, language):
    code = overrides.row_code(kinds.KINDS[kind].code, language)
    return reverse("dashboard:comms-update", args=[code])


def as_in_the_file(kind):
    """What the docs tell to type in order to keep a field as it is."""
    start = f"oscar/communication/emails/commtype_{kinds.KINDS[kind].code.lower()}"
    ends = {
        "email_subject_template": "subject.txt",
        "email_body_template": "body.txt",
        "email_body_html_template": "body.html",
    }
    return {"name": "Any"} | {
        field: f'{{% include "{start}_{end}" %}}' for field, end in ends.items()
    }


def test_a_french_subject_reaches_french_members_only(operator, buy):
    kind = term_notices.ORDER_CONFIRMED
    assert page(kind, "fr") in operator.get(reverse("dashboard:comms-list")).content.decode()
    data = as_in_the_file(kind) | {"email_subject_template": "Merci pour {{ order.number }}"}
    assert operator.post(page(kind, "fr"), data).status_code == 302
    french, english = buy("fr"), buy("en")
    assert any(message.subject.startswith("Merci pour 1") for message in french)
    assert any("Nous avons bien reçu votre paiement" in message.body for message in french)
    assert not any("Merci" in message.subject for message in english)
    assert any("is confirmed" in message.subject for message in english)


LEADS_TO = {term_notices.SELLER_ACTIVATED: "space"}


@pytest.mark.parametrize("kind", kinds.KINDS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_preview_of_every_kind_works(operator, shop, buy, kind, language):
    buy(language)
    number = get_model("order", "Order").objects.get().number
    data = as_in_the_file(kind) | {"preview_order_number": number, "show_preview": ""}
    response = operator.post(page(kind, language), data)
    preview = response.context["preview"]
    assert preview["subject"]
    if kind == term_notices.ORDER_CONFIRMED:
        for body in (preview["body"], preview["html"]):
            assert number in body
            assert "Your subscription runs from" in body
            assert f"https://shop.example/accounts/orders/{number}/" in body
    else:
        expected = number if kind == order_mails.UNPAID else "https://shop.example/members/"
        for body in (preview["body"], preview["html"]):
            assert expected in body
            assert "None" not in body
    assert not EventType.objects.exclude(email_subject_template=None).exists()


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_a_preview_can_be_sent(operator, buy, kind):
    buy("en")
    number = get_model("order", "Order").objects.get().number
    sent = {
        "preview_order_number": number,
        "preview_email": "me@example.com",
        "send_preview": "",
    }
    operator.post(page(kind, "en"), as_in_the_file(kind) | sent)
    assert mail.outbox[-1].to == ["me@example.com"]


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_a_page_with_empty_fields_asks_for_them(operator, kind):
    assert operator.get(page(kind, "fr")).status_code == 200
    response = operator.post(page(kind, "fr"), {"name": "Any", "show_preview": ""})
    assert response.status_code == 200
    assert response.context["form"].errors
