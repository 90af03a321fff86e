"""The checks of the settings, by a shop that has made that mistake."""

import pytest
from oscar.apps.partner.strategy import Selector

from oscar_subscriptions.checks import installation
from tests.checking import ids

EMAIL = "oscar.apps.customer.auth_backends.EmailBackend"
OURS = "oscar_subscriptions.backends.SellerBackend"


def test_the_sandbox_has_made_no_mistake():
    assert ids() == []


def test_e001_without_the_backend_members_can_t_sell(settings):
    settings.AUTHENTICATION_BACKENDS = [EMAIL]
    assert ids() == ["E001"]


def test_w001_the_backend_stands_first(settings):
    settings.AUTHENTICATION_BACKENDS = [EMAIL, OURS]
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
    ("rows", "found"),
    [(1, []), ("500", []), (0, ["E007"]), (-1, ["E007"]), ("many", ["E007"]), (None, ["E007"])],
)
def test_e007_a_task_is_given_at_least_one_row(settings, rows, found):
    settings.OSCAR_SUBSCRIPTIONS_ROWS_PER_TASK = rows
    assert ids() == found


def test_w004_oscar_before_us_hides_our_templates(monkeypatch):
    configs = list(installation.apps.get_app_configs())
    first = [config for config in configs if config.name == "oscar"]
    rest = [config for config in configs if config.name != "oscar"]
    monkeypatch.setattr(installation.apps, "get_app_configs", lambda: first + rest)
    assert [message.id for message in installation.check_templates(None)] == [
        "oscar_subscriptions.W004"
    ]


def test_w005_the_strategy_does_not_ask_the_terms(monkeypatch):
    from oscar.core import loading

    get_class = loading.get_class

    def stock(module, name, *args):
        return Selector if name == "Selector" else get_class(module, name, *args)

    monkeypatch.setattr(loading, "get_class", stock)
    assert ids() == ["W005"]
