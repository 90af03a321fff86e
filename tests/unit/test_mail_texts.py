"""The rows of Oscar's dashboard: there after ``migrate``, and never overwritten."""

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.conf import global_settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate
from oscar.core.loading import get_model

from oscar_subscriptions import mail_texts, mails

EventType = get_model("communication", "CommunicationEventType")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_rows(db):
    EventType.objects.all().delete()


def create_rows(registry=apps):
    mail_texts.create_rows(mails.KINDS.values(), apps=registry, using=DEFAULT_DB_ALIAS)


def test_each_kind_has_a_row_in_each_language():
    create_rows()
    rows = EventType.objects.filter(code__endswith="_FR").values_list("code", "name", "category")
    assert {
        (
            "SUBSCRIPTIONS_ORDER_CONFIRMED_FR",
            "Subscription: order confirmed (français)",
            "Order related",
        ),
        (
            "SUBSCRIPTIONS_SELLER_ACTIVATED_FR",
            "Subscription: seller activated (français)",
            "User related",
        ),
        ("SUBSCRIPTIONS_EXPIRING_FR", "Subscription: ends soon (français)", "User related"),
    } <= set(rows)
    assert len(rows) == len(mails.KINDS)
    assert EventType.objects.filter(code__endswith="_EN").count() == len(mails.KINDS)
    for row in EventType.objects.all():
        assert [getattr(row, field) for field in mail_texts.FIELDS] == [None, None, None]


def test_our_words_for_the_categories_are_oscars():
    assert (EventType.ORDER_RELATED, EventType.USER_RELATED) == ("Order related", "User related")


def test_migrate_makes_them_and_keeps_what_was_typed():
    def migrated():
        config = apps.get_app_config("oscar_subscriptions")
        post_migrate.send(
            sender=config, app_config=config, using=DEFAULT_DB_ALIAS, apps=apps, verbosity=0
        )

    migrated()
    changed = EventType.objects.get(code="SUBSCRIPTIONS_ORDER_CONFIRMED_FR")
    changed.name, changed.email_subject_template = "Mine", "Merci"
    changed.save()
    migrated()
    changed.refresh_from_db()
    assert (changed.name, changed.email_subject_template) == ("Mine", "Merci")
    assert EventType.objects.count() == 2 * len(mails.KINDS)


def test_a_row_that_was_deleted_comes_back():
    create_rows()
    EventType.objects.filter(code__endswith="_EN").delete()
    create_rows()
    assert EventType.objects.count() == 2 * len(mails.KINDS)


def test_a_shop_that_chose_no_languages_gets_rows_for_its_own_only(settings):
    settings.LANGUAGES, settings.LANGUAGE_CODE = global_settings.LANGUAGES, "en-us"
    create_rows()
    assert set(EventType.objects.values_list("code", flat=True)) == {
        f"{kind.code}_EN" for kind in mails.KINDS.values()
    }


def test_a_language_that_django_does_not_know_has_the_shop_s_name(settings):
    settings.LANGUAGES = [("pt-br", "Brazilian"), ("tlh", "Klingon")]
    create_rows()
    names = set(EventType.objects.values_list("code", "name"))
    assert (
        "SUBSCRIPTIONS_ORDER_CONFIRMED_TLH",
        "Subscription: order confirmed (Klingon)",
    ) in names
    assert "SUBSCRIPTIONS_ORDER_CONFIRMED_PT_BR" in {code for code, _name in names}


def test_nothing_happens_before_oscars_app_is_migrated():
    create_rows(Apps())
    assert not EventType.objects.exists()


def test_no_rows_are_made_where_the_table_is_missing(monkeypatch):
    monkeypatch.setattr(EventType._meta, "db_table", "gone")
    create_rows()
