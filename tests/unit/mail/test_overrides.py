"""The rows of Oscar's dashboard: there after ``migrate``, never overwritten, and read as typed."""

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.conf import global_settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate
from oscar.core.loading import get_model

from oscar_subscriptions.mail import kinds, overrides

EventType = get_model("communication", "CommunicationEventType")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_rows(db):
    EventType.objects.all().delete()


def create_rows(registry=apps):
    overrides.create_rows(kinds.KINDS.values(), apps=registry, using=DEFAULT_DB_ALIAS)


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
    assert len(rows) == len(kinds.KINDS)
    assert EventType.objects.filter(code__endswith="_EN").count() == len(kinds.KINDS)
    for row in EventType.objects.all():
        assert [getattr(row, field) for field in overrides.FIELDS] == [None, None, None]


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
    assert EventType.objects.count() == 2 * len(kinds.KINDS)


def test_a_row_that_was_deleted_comes_back():
    create_rows()
    EventType.objects.filter(code__endswith="_EN").delete()
    create_rows()
    assert EventType.objects.count() == 2 * len(kinds.KINDS)


def test_a_shop_that_chose_no_languages_gets_rows_for_its_own_only(settings):
    settings.LANGUAGES, settings.LANGUAGE_CODE = global_settings.LANGUAGES, "en-us"
    create_rows()
    assert set(EventType.objects.values_list("code", flat=True)) == {
        f"{kind.code}_EN" for kind in kinds.KINDS.values()
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


# What operators typed.


@pytest.mark.parametrize(
    ("language", "code"), [("fr", "A_FR"), ("pt-br", "A_PT_BR"), ("zh-Hans-CN", "A_ZH_HANS_CN")]
)
def test_the_code_of_a_row_ends_with_its_language(language, code):
    assert overrides.row_code("A", language) == code


def typed_rows(**rows):
    """Rows of the kind A, by the end of their code, with these subjects and bodies."""
    for end, (subject, body) in rows.items():
        EventType.objects.create(
            code=f"A{end}", name=end, email_subject_template=subject, email_body_template=body
        )


def test_a_language_of_which_nothing_was_typed_has_no_texts():
    typed_rows(_FR=("Merci", "Bonjour"))
    assert overrides.typed("A", "en") == overrides.typed("B", "fr") == {}


def test_each_field_is_taken_from_the_most_special_row_that_has_it():
    typed_rows(_FR_CA=("Salut", " \n"), _FR=("Merci", "Bonjour"))
    EventType.objects.create(code="A", name="all", email_body_html_template="<p>All</p>")
    texts = overrides.typed("A", "fr-ca")
    subject, body, html = (texts[field] for field in overrides.FIELDS)
    assert ("Salut" in subject, "Bonjour" in body, html) == (True, True, "<p>All</p>")


def test_apostrophes_of_plain_texts_are_left_alone_and_html_is_escaped():
    text = "{{ title }}"
    EventType.objects.create(code="A_FR", name="A", **dict.fromkeys(overrides.FIELDS, text))
    subject, body, html = overrides.typed("A", "fr").values()
    assert subject == body == "{% autoescape off %}{{ title }}{% endautoescape %}"
    assert html == text


def test_a_text_that_extends_a_file_still_begins_with_that():
    text = '\n{% extends "a.txt" %}{% block intro %}Merci{% endblock %}'
    typed_rows(_FR=("", text))
    assert overrides.typed("A", "fr") == {"email_body_template": text}


def test_all_is_asked_in_one_query(django_assert_num_queries):
    typed_rows(_FR_CA=("Salut", ""), _FR=("Merci", "Bonjour"))
    with django_assert_num_queries(1):
        overrides.typed("A", "fr-ca")


def test_the_fingerprint_changes_with_each_text():
    texts = {"subject": "Merci", "body": "Bonjour"}
    assert overrides.fingerprint(dict(texts)) == overrides.fingerprint(texts)
    others = [texts | {"body": "Salut"}, {"subject": "MerciBonjour"}, {"subject": "Merci"}]
    assert len({overrides.fingerprint(one) for one in [texts, *others]}) == 4
