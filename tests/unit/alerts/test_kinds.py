"""What each kind of alert says, in both languages."""

import pytest
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions import alerts

Alert = get_model("oscar_subscriptions", "Alert")


@pytest.mark.parametrize("kind", alerts.KINDS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_kind_says_what_is_wrong_and_what_to_do(kind, language):
    alert = Alert(kind=kind, detail={"order": "100007", "day": "2026-12-05"})
    with translation.override(language):
        title, advice = alerts.title(alert), alerts.advice(alert)
    assert title and advice and "%(" not in title
    assert ("100007" in title) == ("%(order)s" in str(alerts.KINDS[kind].title))


@pytest.mark.parametrize(
    ("kind", "detail", "shown"),
    [
        ("a-shops-own", {}, "a-shops-own"),
        (alerts.ORDER_REFUSED, {}, alerts.ORDER_REFUSED),
        (alerts.ORDER_REFUSED, None, alerts.ORDER_REFUSED),
    ],
)
def test_alert_that_lacks_its_words_is_shown_all_the_same(kind, detail, shown):
    alert = Alert(kind=kind, detail=detail)
    assert alerts.title(alert) == shown
    assert isinstance(alerts.advice(alert), str)
