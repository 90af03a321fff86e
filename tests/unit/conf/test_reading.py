"""Settings are read at call time, and today is a day of the shop."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from oscar_subscriptions import conf


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ALLOW_FREE", True, True),
        ("PAID_ORDER_STATUSES", ["Paid"], ("Paid",)),
        ("SESSION_MINUTES", "45", 45),
        ("PROVIDER_TIMEOUT", 3, 3),
        ("SERVICE_CATEGORY", "craft", "craft"),
        ("REMINDER_DAYS", [14, 2, 14], (2, 14)),
    ],
)
def test_a_setting_counts_as_soon_as_it_is_set(settings, name, value, expected):
    setattr(settings, f"OSCAR_SUBSCRIPTIONS_{name}", value)
    assert getattr(conf.settings, name) == expected


def test_every_setting_is_optional_and_nothing_is_given_away_by_default(settings):
    for name in dir(django_settings):
        if name.startswith(conf.PREFIX):
            delattr(settings, name)
    names = [name for name in dir(conf.Settings) if name.isupper()]
    values = {name: getattr(conf.settings, name) for name in names}
    assert values["ALLOW_FREE"] is False
    assert values["AUTO_RENEWAL"] is False
    assert values["PAID_ORDER_STATUSES"] == ()
    assert values["BASE_URL"] is None
    assert values["PHISHING_CONTACT"] == settings.OSCAR_FROM_EMAIL


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_today_is_the_shops_day_whatever_zone_a_request_activated(time_machine, zone):
    time_machine.move_to(datetime(2018, 2, 4, 0, 0, tzinfo=ZoneInfo("Europe/Paris")))
    with timezone.override(ZoneInfo(zone)):
        assert conf.today() == date(2018, 2, 4)
