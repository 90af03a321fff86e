"""Checks of the settings that the README asks for: present, and in the right order."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from oscar_subscriptions import conf
from oscar_subscriptions.checks.database import TAG, AppConfigs

BACKEND = "oscar_subscriptions.backends.SellerBackend"


@register(TAG)
def check_backend(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """E001, W001: the authentication backend is there, and first."""
    from oscar_subscriptions.backends import SellerBackend

    backends: list[object] = [
        import_string(path) for path in django_settings.AUTHENTICATION_BACKENDS
    ]
    ours = [isinstance(b, type) and issubclass(b, SellerBackend) for b in backends]
    if not any(ours):
        return [
            Error(
                "Members can't sell: the authentication backend is missing.",
                hint=f"Add {BACKEND!r} as the first of AUTHENTICATION_BACKENDS.",
                id="oscar_subscriptions.E001",
            )
        ]
    if not ours[0]:
        return [
            Warning(
                "The authentication backend is not the first one: whether a member may sell is "
                "asked of permissions and groups before the terms.",
                hint=f"Move {BACKEND!r} to the beginning of AUTHENTICATION_BACKENDS.",
                id="oscar_subscriptions.W001",
            )
        ]
    return []


@register(TAG)
def check_rows_per_task(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """E007: it is known how many rows a Celery task is given."""
    try:
        if conf.settings.ROWS_PER_TASK >= 1:
            return []
    except (TypeError, ValueError):  # no number
        pass
    return [
        Error(
            "The run can't be shared out: ROWS_PER_TASK is no whole number from 1 up.",
            hint="Give OSCAR_SUBSCRIPTIONS_ROWS_PER_TASK a number such as 50000.",
            id="oscar_subscriptions.E007",
        )
    ]


@register(TAG)
def check_gateway(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """E002: the gateway that collects the money can be imported."""
    path = conf.settings.GATEWAY
    try:
        import_string(path)
    except (ImportError, RuntimeError) as error:
        return [
            Error(
                f"Plans can't be paid: the gateway {path!r} can't be loaded ({error}).",
                hint="Install the extra [stripe] and oscar_subscriptions.payments, or name your "
                "own gateway in OSCAR_SUBSCRIPTIONS_GATEWAY.",
                id="oscar_subscriptions.E002",
            )
        ]
    return []


@register(TAG)
def check_credit_policy(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """E006: the function that credits a change of plan can be imported; else order pages fail."""
    path = conf.settings.CREDIT_POLICY
    try:
        is_function = callable(import_string(path))
    except ImportError:
        is_function = False
    if is_function:
        return []
    return [
        Error(
            f"Plans can't be changed: the credit policy {path!r} can't be loaded as a function.",
            hint="Name a function in OSCAR_SUBSCRIPTIONS_CREDIT_POLICY, or leave the setting out.",
            id="oscar_subscriptions.E006",
        )
    ]


@register(TAG)
def check_reminder_days(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """E004: every reminder is sent at least one day before the last day."""
    try:
        if all(days >= 1 for days in conf.settings.REMINDER_DAYS):
            return []
    except (TypeError, ValueError):  # not numbers
        pass
    return [
        Error(
            "Members would not be reminded: REMINDER_DAYS are not whole days before the last day.",
            hint="Give OSCAR_SUBSCRIPTIONS_REMINDER_DAYS numbers from 1 up, such as (30, 7, 1). "
            "The last day itself has an e-mail of its own.",
            id="oscar_subscriptions.E004",
        )
    ]


@register(TAG)
def check_managers(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """W006: the shop names managers, who are mailed about payments that give no subscription."""
    if django_settings.MANAGERS:
        return []
    return [
        Warning(
            "Nobody would be told of a payment that needs attention.",
            hint="Name the shop's staff in MANAGERS.",
            id="oscar_subscriptions.W006",
        )
    ]


@register(TAG)
def check_templates(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """W004: our templates are found before Oscar's."""
    names = [config.name for config in apps.get_app_configs()]
    registered = apps.get_app_config("oscar_subscriptions").name
    if "oscar" in names and names.index(registered) > names.index("oscar"):
        return [
            Warning(
                "Oscar's templates hide those of the extension: product page and basket of a plan "
                "show no dates.",
                hint="Put oscar_subscriptions before oscar.config.Shop in INSTALLED_APPS.",
                id="oscar_subscriptions.W004",
            )
        ]
    return []


@register(TAG)
def check_strategy(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """W005: the shop's strategy asks the terms who is a seller."""
    from oscar.core.loading import get_class

    from oscar_subscriptions.strategy import SubscriptionsStrategyMixin

    if isinstance(
        get_class("partner.strategy", "Selector")().strategy(), SubscriptionsStrategyMixin
    ):
        return []
    return [
        Warning(
            "A lapsed seller's services look available until the checkout refuses them.",
            hint="Put oscar_subscriptions.strategy.SubscriptionsStrategyMixin first among the "
            "bases of your strategy.",
            id="oscar_subscriptions.W005",
        )
    ]
