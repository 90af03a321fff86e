"""The extension in other shops than the sandbox; each in a process of its own."""

import os
import subprocess
import sys

import pytest


def run(project, *command):
    arguments = [sys.executable, *command]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": project}
    done = subprocess.run(arguments, capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


FORKED = "tests.projects.forked.settings"
STOCK = "tests.projects.stock.settings"

PROBE = """
import django
django.setup()
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.template.loader import get_template
from oscar.core.loading import get_model

config = apps.get_app_config("oscar_subscriptions")
print(config.plan_list_view.__module__, config.guide_view.__module__)
print(get_model("oscar_subscriptions", "Plan").__module__)
print(get_model("oscar_subscriptions", "Plan")._meta.get_field("badge").name)
print(get_model("oscar_subscriptions", "Term").__module__)
get_template("oscar/subscriptions/plan_list.html")
load_command_class(get_commands()["subscriptions_run"], "subscriptions_run")
"""


@pytest.fixture(autouse=True)
def paths(monkeypatch, pytestconfig):
    root = pytestconfig.rootpath
    monkeypatch.setenv("PYTHONPATH", f"{root}:{root / 'sandbox'}")
    monkeypatch.chdir(root)


def test_shop_that_forked_the_app_overrides_one_class_and_keeps_the_rest():
    views, plan, badge, term = run(FORKED, "-c", PROBE).split("\n")[:4]
    fork = "tests.projects.forked.subscriptions"
    assert views == f"{fork}.members.views oscar_subscriptions.members.views.plans"
    assert (plan, badge, term) == (f"{fork}.models", "badge", "oscar_subscriptions.models")


def test_shop_that_forked_the_app_has_no_problem_that_the_checks_would_see():
    assert "no issues" in run(FORKED, "-m", "django", "check", "--tag", "oscar_subscriptions")


def test_shop_without_our_basket_and_checkout_is_told_so():
    output = run(STOCK, "-m", "django", "check", "--tag", "oscar_subscriptions")
    for number in ("W002", "W003", "W005"):
        assert f"oscar_subscriptions.{number}" in output


@pytest.mark.slow
def test_fulfilment_alone_holds_in_a_shop_with_neither_guard():
    output = run(
        STOCK, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--ds={STOCK}",
        "tests/unit/fulfilment/test_refusals.py", "tests/unit/fulfilment/test_ledger.py",
    )  # fmt: skip
    assert " passed" in output and "skipped" not in output
