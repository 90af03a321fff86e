"""Settings are read at call time, and today is a day of the shop."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from oscar_subscriptions import conf, gateway


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ALLOW_FREE", True, True),
        ("PAID_ORDER_STATUSES", ["Paid"], ("Paid",)),
        ("SESSION_MINUTES", "45", 45),
        ("PROVIDER_TIMEOUT", 3, 3),
        ("SERVICE_CATEGORY", "craft", "craft"),
    ],
)
def test_a_setting_counts_as_soon_as_it_is_set(settings, name, value, expected):
    setattr(settings, f"OSCAR_SUBSCRIPTIONS_{name}", value)
    assert getattr(conf.settings, name) == expected


def test_every_setting_is_optional(settings):
    for name in dir(django_settings):
        if name.startswith(conf.PREFIX):
            delattr(settings, name)
    names = [name for name in dir(conf.Settings) if name.isupper()]
    assert {name: getattr(conf.settings, name) for name in names} == {
        "ALLOW_FREE": False,
        "BASE_URL": None,
        "CANCELLED_STATUS": "Cancelled",
        "GATEWAY": "oscar_subscriptions.payments.gateway.StripeCheckoutGateway",
        "PAID_ORDER_STATUSES": (),
        "PAID_STATUS": "Paid",
        "PARTNER_DASHBOARD": False,
        "PHISHING_CONTACT": settings.OSCAR_FROM_EMAIL,
        "PROVIDER_TIMEOUT": 10,
        "SERVICE_CATEGORY": None,
        "SERVICE_PRODUCT_CLASS": "Service",
        "SESSION_MINUTES": 60,
        "TERMS_OF_USE_URL": None,
    }


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_today_is_the_shops_day_whatever_zone_a_request_activated(time_machine, zone):
    time_machine.move_to(datetime(2018, 2, 4, 0, 0, tzinfo=ZoneInfo("Europe/Paris")))
    with timezone.override(ZoneInfo(zone)):
        assert conf.today() == date(2018, 2, 4)


class CashOnDelivery(gateway.Gateway):
    pass


def test_a_shop_names_its_own_gateway(settings):
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = f"{__name__}.CashOnDelivery"
    found = gateway.get_gateway()
    assert isinstance(found, CashOnDelivery)
    assert found.waiting_order(None, None) is None
    assert found.is_waiting(None) is False
    for call in (found.begin, found.pay_url):
        with pytest.raises(NotImplementedError):
            call(None)
