"""What a shop sets about its payments counts."""

import pytest

from oscar_subscriptions import conf, gateway


class CashOnDelivery(gateway.Gateway):
    pass


def test_a_shop_names_its_own_gateway(settings):
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = f"{__name__}.CashOnDelivery"
    found = gateway.get_gateway()
    assert isinstance(found, CashOnDelivery)
    assert found.waiting_order(None, None) is None
    assert found.may_be_paid(None).is_over
    assert found.can_renew() is False
    assert found.has_payment_method(None) is False
    assert found.begin_charge(None) is False
    assert found.give_up(None) is False
    with pytest.raises(NotImplementedError):
        found.charge(None, lambda: True)
    for call in (found.begin, found.pay_url):
        with pytest.raises(NotImplementedError):
            call(None)


def test_members_report_phishing_to_the_shop_unless_it_names_somebody(settings):
    del settings.OSCAR_SUBSCRIPTIONS_PHISHING_CONTACT
    assert conf.settings.PHISHING_CONTACT == settings.OSCAR_FROM_EMAIL
    settings.OSCAR_SUBSCRIPTIONS_PHISHING_CONTACT = "safe@example.com"
    assert conf.settings.PHISHING_CONTACT == "safe@example.com"
    del settings.OSCAR_SUBSCRIPTIONS_PHISHING_CONTACT, settings.OSCAR_FROM_EMAIL
    assert conf.settings.PHISHING_CONTACT == settings.DEFAULT_FROM_EMAIL
