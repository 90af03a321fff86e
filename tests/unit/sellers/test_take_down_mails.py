"""What a seller reads about a service or a page that staff have taken down."""

import pytest
from django.core import mail
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions.mail import rendering
from oscar_subscriptions.sellers import take_down_mails, take_downs

TakeDown = get_model("oscar_subscriptions", "TakeDown")


@pytest.fixture
def seller(shop):
    return shop.make_seller()


def written(row, kind, language):
    with translation.override(language):
        return rendering.render(kind, language, row.seller.user, {"take_down": row.pk})


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("en", "“Coaching” was taken out of the shop", "The reason: A copy."),
        ("fr", "«\xa0Coaching\xa0» a été retiré de la boutique", "La raison\xa0: A copy."),
    ],
)
def test_it_names_the_service_and_the_reason(shop, seller, language, subject, said):
    row = take_downs.take_down(
        seller, shop.make_service(seller), reason="A copy.", actor=shop.make_operator()
    )
    found = written(row, take_down_mails.TAKEN_DOWN, language)
    assert found.messages["subject"] == subject
    assert said in found.messages["body"] and "A copy." in found.messages["html"]
    assert written(row, take_down_mails.LIFTED, language) is None


def test_the_page_has_words_of_its_own(shop, seller):
    operator = shop.make_operator()
    row = take_downs.take_down(seller, reason="A name.", actor=operator)
    assert written(row, take_down_mails.TAKEN_DOWN, "en").messages["subject"] == (
        "Your public page was taken down"
    )
    take_downs.lift(row, reason="Mended.", actor=operator)
    assert written(row, take_down_mails.TAKEN_DOWN, "en") is None
    assert written(row, take_down_mails.LIFTED, "en").messages["subject"] == (
        "Your public page is back"
    )


def test_both_are_sent(shop, seller, django_capture_on_commit_callbacks):
    operator = shop.make_operator()
    with django_capture_on_commit_callbacks(execute=True):
        row = take_downs.take_down(seller, reason="A name.", actor=operator)
    with django_capture_on_commit_callbacks(execute=True):
        take_downs.lift(row, reason="Mended.", actor=operator)
    assert [message.subject for message in mail.outbox] == [
        "Your public page was taken down",
        "Your public page is back",
    ]
