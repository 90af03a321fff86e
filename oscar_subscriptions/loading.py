"""Load classes so that a shop can replace any of them.

Oscar's own ``get_class`` does not serve extensions: its fallback is hard-wired to ``oscar.apps``.
This loader looks first in the app that the shop registered under our label, then in this package.
A shop that replaces a view forks the app as it forks Oscar's::

    # myshop/subscriptions/apps.py
    class SubscriptionsConfig(apps.SubscriptionsConfig):
        name = "myshop.subscriptions"

    # myshop/subscriptions/members/views.py
    class PlanListView(views.PlanListView): ...
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.apps import apps
from oscar.core.loading import get_model

PACKAGE = "oscar_subscriptions"
CORE_LABEL = "oscar_subscriptions"
# Apps below this package, each of which a shop forks separately.
LABELS = {
    "payments": "oscar_subscriptions_payments",
    "dashboard": "oscar_subscriptions_dashboard",
}


class _Registered:
    """The models of one app, as the shop has registered them: ``registered.Term``.

    They are looked up when used, so that a module may be imported before Django is set up. To the
    type checker this is the app's own ``models`` module.
    """

    def __init__(self, app_label: str) -> None:
        self._app_label = app_label

    def __getattr__(self, name: str) -> type[Model]:
        return get_model(self._app_label, name)


if TYPE_CHECKING:
    from django.db.models import Model

    from oscar_subscriptions import models
    from oscar_subscriptions.payments import models as payments_models

    registered = models
    registered_payments = payments_models
else:
    registered = _Registered(CORE_LABEL)
    registered_payments = _Registered(LABELS["payments"])


class ClassNotFoundError(ImportError):
    """Neither the shop's app nor this package defines the requested class."""


def get_class(module_label: str, class_name: str) -> Any:
    """Return ``class_name`` from the shop's fork of ``module_label`` or from this package.

    Args:
        module_label: module path below the package, such as ``"members.views"`` or
            ``"payments.views"``.
        class_name: name of a class, or of any other public object, in that module.

    Raises:
        ClassNotFoundError: neither module defines the name.
        ImportError: a module exists but fails to import; never swallowed.
    """
    for module in _candidates(module_label):
        if hasattr(module, class_name):
            return getattr(module, class_name)
    raise ClassNotFoundError(f"No class {class_name!r} found for {module_label!r}")


def get_classes(module_label: str, class_names: list[str]) -> list[Any]:
    """Return several classes of one module; see :func:`get_class`."""
    return [get_class(module_label, name) for name in class_names]


def _candidates(module_label: str) -> list[ModuleType]:
    head, _, tail = module_label.partition(".")
    if head in LABELS and tail:
        label, own, rest = LABELS[head], f"{PACKAGE}.{head}", tail
    else:
        label, own, rest = CORE_LABEL, PACKAGE, module_label
    registered = apps.get_app_config(label).name
    names = [own] if registered == own else [registered, own]
    modules = (_import(f"{name}.{rest}") for name in names)
    return [module for module in modules if module is not None]


def _import(path: str) -> ModuleType | None:
    # Import the parents first, as find_spec would, to tell a missing module from one that fails.
    parent, _, _ = path.rpartition(".")
    try:
        import_module(parent)
    except ModuleNotFoundError as error:
        if error.name and (parent == error.name or parent.startswith(f"{error.name}.")):
            return None
        raise
    return import_module(path) if find_spec(path) else None
