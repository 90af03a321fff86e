"""A shop can replace every class, and hears of its own mistakes."""

import importlib
import sys

import pytest
from django.apps import apps

from oscar_subscriptions.loading import ClassNotFoundError, get_class, get_classes


@pytest.fixture
def fork(tmp_path, monkeypatch):
    """``fork("terms.py", "…")`` – a shop's fork of our app, with that module in it."""
    root = tmp_path / "fakeshop" / "subscriptions"
    root.mkdir(parents=True)
    (tmp_path / "fakeshop" / "__init__.py").touch()
    (root / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        apps.get_app_config("oscar_subscriptions"), "name", "fakeshop.subscriptions"
    )

    def write(path, text):
        module = root / path
        module.parent.mkdir(exist_ok=True)
        module.write_text(text)
        importlib.invalidate_caches()

    yield write
    for name in [name for name in sys.modules if name.split(".")[0] == "fakeshop"]:
        del sys.modules[name]


def test_the_shops_class_comes_first_and_ours_second(fork):
    fork("terms.py", "class Span:\n    pass\n")
    assert get_class("terms", "Span").__module__ == "fakeshop.subscriptions.terms"
    assert get_class("terms", "HasSpan").__module__ == "oscar_subscriptions.terms"


def test_a_fork_without_the_module_or_its_package_gets_ours(fork):
    ours = get_class("members.views", "PlanListView")
    assert ours.__module__ == "oscar_subscriptions.members.views.plans"
    fork("members/__init__.py", "")
    assert get_class("members.views", "PlanListView") is ours


def test_a_shops_class_may_extend_ours(fork):
    fork(
        "terms.py",
        "from oscar_subscriptions import terms\nclass Span(terms.Span):\n    title = 'Shop'\n",
    )
    ours = importlib.import_module("oscar_subscriptions.terms")
    assert issubclass(get_class("terms", "Span"), ours.Span)


def test_an_import_error_inside_the_shops_module_is_not_swallowed(fork):
    fork("terms.py", "import a_package_that_nobody_has\n")
    with pytest.raises(ModuleNotFoundError, match="a_package_that_nobody_has"):
        get_class("terms", "Span")


def test_an_import_error_inside_the_shops_package_is_not_swallowed(fork):
    fork("members/__init__.py", "import a_package_that_nobody_has\n")
    with pytest.raises(ModuleNotFoundError, match="a_package_that_nobody_has"):
        get_class("members.views", "PlanListView")


def test_a_name_that_nobody_defines_is_an_error_that_names_it(fork):
    fork("terms.py", "")
    with pytest.raises(ClassNotFoundError, match="'Spam' found for 'terms'"):
        get_class("terms", "Spam")
    with pytest.raises(ClassNotFoundError):
        get_class("no_such_module", "Span")


def test_the_payments_app_is_forked_on_its_own(fork):
    fork("payments/__init__.py", "")
    fork("payments/reconciliation/__init__.py", "")
    fork("payments/reconciliation/verdict.py", "class Verdict:\n    pass\n")
    ours = importlib.import_module("oscar_subscriptions.payments.reconciliation.verdict")
    assert get_class("payments.reconciliation.verdict", "Verdict") is ours.Verdict


def test_several_classes_at_once():
    ours = importlib.import_module("oscar_subscriptions.terms")
    assert get_classes("terms", ["Span", "HasSpan"]) == [ours.Span, ours.HasSpan]
