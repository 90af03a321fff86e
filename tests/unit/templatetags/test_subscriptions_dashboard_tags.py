"""What the operators' pages ask."""

import pytest
from django.template import Context, Template
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions import alerts

Alert = get_model("oscar_subscriptions", "Alert")

TITLE = Template("{% load subscriptions_dashboard_tags %}{{ alert|alert_title }}")
ADVICE = Template("{% load subscriptions_dashboard_tags %}{{ alert|alert_advice }}")


@pytest.fixture
def alert(db):
    alerts.raise_alert(alerts.NOT_PAYABLE, "key", detail={"order": "<7>"})
    return Context({"alert": Alert.objects.get()})


def test_alert_says_what_it_is_about_and_what_can_be_done(alert):
    assert TITLE.render(alert) == "Order &lt;7&gt; can&#x27;t be paid"
    assert "refuses it for the reason given" in ADVICE.render(alert)


def test_alert_speaks_the_language_of_the_operator(alert):
    english = TITLE.render(alert), ADVICE.render(alert)
    with translation.override("fr"):
        french = TITLE.render(alert), ADVICE.render(alert)
    assert all(a != b for a, b in zip(french, english, strict=True))
    assert "&lt;7&gt;" in french[0]
