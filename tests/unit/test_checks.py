"""Each system check, by a shop that has made that mistake."""

import pytest
from django.apps import apps
from django.core import checks as django_checks
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection
from oscar.apps.basket import forms as basket_forms
from oscar.apps.basket import views as basket_views
from oscar.apps.basket.abstract_models import AbstractBasket
from oscar.apps.checkout import views as checkout_views
from oscar.apps.dashboard.catalogue import views as catalogue_views
from oscar.apps.dashboard.partners import views as partners_views
from oscar.apps.partner.strategy import Selector

from oscar_subscriptions import receipts
from oscar_subscriptions.checks import installation

EMAIL = "oscar.apps.customer.auth_backends.EmailBackend"
OURS = "oscar_subscriptions.backends.SellerBackend"
# In two pieces: a key of this form is none, but tools that look for keys can't know that.
LIVE_KEY = "sk_" + "live_" + "0" * 24
TEST_KEY = "sk_" + "test_" + "1" * 24


def found():
    messages = django_checks.run_checks(tags=["oscar_subscriptions"])
    assert all(message.hint for message in messages)
    return messages


def ids():
    return [message.id.removeprefix("oscar_subscriptions.") for message in found()]


def messages():
    return [message.msg for message in found()]


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


@pytest.mark.parametrize("path", ["shop.nothing.credit", "shop.settings.DEBUG", "credit"])
def test_e006_a_credit_policy_that_can_t_be_loaded(settings, path):
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = path
    assert ids() == ["E006"]


@pytest.mark.parametrize("days", [(30, 0), (-1,), ("a week",), 7, (None,)])
def test_e004_reminders_on_days_that_do_not_come_before_the_last(settings, days):
    settings.OSCAR_SUBSCRIPTIONS_REMINDER_DAYS = days
    assert ids() == ["E004"]


@pytest.mark.parametrize("days", [(), [1], ("14", 2)])
def test_e004_accepts_any_days_before_the_last_and_none(settings, days):
    settings.OSCAR_SUBSCRIPTIONS_REMINDER_DAYS = days
    assert ids() == []


@pytest.mark.parametrize(
    ("stock_class", "warning"),
    [
        (basket_forms.AddToBasketForm, "W002"),
        (basket_forms.SimpleAddToBasketForm, "W002"),
        (basket_forms.BasketLineForm, "W002"),
        (basket_forms.SavedLineForm, "W002"),
        (basket_views.BasketAddView, "W002"),
        (checkout_views.IndexView, "W003"),
        (checkout_views.PaymentDetailsView, "W003"),
        (checkout_views.ThankYouView, "W003"),
        (Selector, "W005"),
    ],
)
def test_w002_w003_w005_a_guard_is_missing_in_one_class(monkeypatch, stock_class, warning):
    from oscar.core import loading

    get_class = loading.get_class

    def stock(module, name, *args):
        return stock_class if name == stock_class.__name__ else get_class(module, name, *args)

    monkeypatch.setattr(loading, "get_class", stock)
    assert ids() == [warning]
    if warning != "W005":
        assert f"no guard in {stock_class.__name__}." in messages()[0]


def test_w002_the_basket_itself_has_no_guard(monkeypatch):
    from oscar.core import loading

    get_model = loading.get_model

    def stock(app, name):
        return AbstractBasket if name == "Basket" else get_model(app, name)

    monkeypatch.setattr(loading, "get_model", stock)
    assert ids() == ["W002"]


@pytest.mark.parametrize(
    ("label", "attribute", "stock_view"),
    [
        ("catalogue", "product_list_view", catalogue_views.ProductListView),
        (
            "catalogue",
            "product_bulk_action_confirm_view",
            catalogue_views.ProductBulkActionConfirmView,
        ),
        ("catalogue", "product_delete_view", catalogue_views.ProductDeleteView),
        ("partners", "delete_view", partners_views.PartnerDeleteView),
    ],
)
def test_w007_a_page_of_oscars_dashboard_has_no_guard(monkeypatch, label, attribute, stock_view):
    monkeypatch.setattr(apps.get_app_config(f"{label}_dashboard"), attribute, stock_view)
    assert ids() == ["W007"]
    assert f"no guard in {stock_view.__name__}." in messages()[0]


def test_w007_the_page_of_a_product_has_no_guard_nor_its_stock_records(monkeypatch):
    config = apps.get_app_config("catalogue_dashboard")
    stock_view = catalogue_views.ProductCreateUpdateView
    monkeypatch.setattr(config, "product_createupdate_view", stock_view)
    assert "no guard in ProductCreateUpdateView, StockRecordFormSet." in messages()[0]


def test_a_shop_without_oscars_dashboard_needs_no_guard_there(monkeypatch):
    for label in ("catalogue", "partners"):
        monkeypatch.delitem(apps.app_configs, f"{label}_dashboard")
    assert ids() == []


def test_w004_oscar_before_us_hides_our_templates(monkeypatch):
    configs = list(installation.apps.get_app_configs())
    first = [config for config in configs if config.name == "oscar"]
    rest = [config for config in configs if config.name != "oscar"]
    monkeypatch.setattr(installation.apps, "get_app_configs", lambda: first + rest)
    assert [message.id for message in installation.check_templates(None)] == [
        "oscar_subscriptions.W004"
    ]


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


@pytest.mark.parametrize("live", ["STRIPE_SECRET_KEY", "STRIPE_LIVE_SECRET_KEY"])
def test_fault_27_e102_the_header_works_for_every_endpoint_also_of_the_other_mode(settings, live):
    settings.DEBUG = True
    assert ids() == []
    setattr(settings, live, LIVE_KEY)
    assert ids() == ["E102"]


def test_e103_webhooks_use_another_key_than_payments(settings):
    settings.STRIPE_SECRET_KEY = TEST_KEY
    assert ids() == ["E103"]
    settings.STRIPE_TEST_SECRET_KEY = TEST_KEY
    assert ids() == []
    del settings.STRIPE_TEST_SECRET_KEY
    assert ids() == []


def test_fault_40_e003_a_database_on_which_the_promises_are_not_tested(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "mysql")
    assert ids() == ["E003"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, ["W008"]),
        ({"transaction_mode": "DEFERRED", "timeout": 20}, ["W008"]),
        ({"transaction_mode": "IMMEDIATE"}, ["W008"]),
        ({"transaction_mode": "IMMEDIATE", "timeout": 5}, ["W008"]),
        ({"transaction_mode": "immediate", "timeout": 10}, []),
        ({"transaction_mode": "EXCLUSIVE", "timeout": 20}, []),
    ],
)
def test_fault_40_w008_sqlite_that_can_t_wait_for_its_turn(monkeypatch, options, found):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    assert ids() == found


def test_postgresql_needs_no_options(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})
    assert ids() == []


class OwnBackend(EmailBackend):
    """A shop's own."""


@pytest.mark.parametrize(
    "backend", ["django.core.mail.backends.smtp.EmailBackend", f"{__name__}.OwnBackend"]
)
def test_fault_38_w009_a_mail_server_that_hangs(settings, backend):
    settings.EMAIL_BACKEND = backend
    assert ids() == ["W009"]
    settings.EMAIL_TIMEOUT = 10
    assert ids() == []


@pytest.mark.parametrize(
    ("minutes", "found"), [(29, ["W101"]), (30, []), (1440, []), (1441, ["W101"])]
)
def test_w101_a_hosted_page_lives_as_long_as_stripe_allows(settings, minutes, found):
    settings.OSCAR_SUBSCRIPTIONS_SESSION_MINUTES = minutes
    assert ids() == found


def offered(settings, **values):
    for name, value in ({"AUTO_RENEWAL": True} | values).items():
        setattr(settings, f"OSCAR_SUBSCRIPTIONS_{name}", value)


def test_automatic_renewal_with_the_defaults_is_no_mistake(settings):
    offered(settings)
    assert ids() == []


@pytest.mark.parametrize("is_offered", [True, False])
def test_e004_a_gateway_that_can_t_renew(settings, is_offered):
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "oscar_subscriptions.gateway.Gateway"
    offered(settings, AUTO_RENEWAL=is_offered)
    assert ids() == (["E005"] if is_offered else [])


@pytest.mark.parametrize(("days", "wrong"), [(29, True), (30, False), (90, False), (91, True)])
def test_w012_announced_one_to_three_months_before(settings, days, wrong):
    offered(settings, RENEWAL_NOTICE_DAYS=days)
    assert ids() == (["W012"] if wrong else [])


@pytest.mark.parametrize(
    ("days", "wrong"),
    [((0,), False), ((0, 7), False), ((), True), ((1, 3), True), ((0, 3, 2), True), ((0, 8), True)],
)
def test_w013_charged_within_the_term(settings, days, wrong):
    offered(settings, RENEWAL_RETRY_DAYS=days)
    assert ids() == (["W013"] if wrong else [])
