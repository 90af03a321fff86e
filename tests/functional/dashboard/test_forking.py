"""A shop replaces one of the dashboard's classes by forking that app alone."""

import importlib
import sys

import pytest
from django.apps import apps
from django.urls import reverse

from oscar_subscriptions.loading import get_class
from tests.functional.pages import text

FORM = """
from oscar_subscriptions.dashboard.plans import forms

class PlanForm(forms.PlanForm):
    class Meta(forms.PlanForm.Meta):
        labels = {"grace_days": "Days to think it over"}
"""


@pytest.fixture
def fork(tmp_path, monkeypatch):
    """The folder of a shop's fork of the dashboard's plans, without modules."""
    folder = tmp_path / "fakeshop" / "desk" / "plans"
    folder.mkdir(parents=True)
    for package in (folder, folder.parent, folder.parent.parent):
        (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    config = apps.get_app_config("oscar_subscriptions_dashboard")
    monkeypatch.setattr(config, "name", "fakeshop.desk")
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == "fakeshop"]:
        del sys.modules[name]


def test_the_shops_class_comes_first_and_ours_second(fork):
    (fork / "views.py").write_text("class PlanUpdateView: ...\n")
    theirs = get_class("dashboard.plans.views", "PlanUpdateView")
    assert theirs.__module__ == "fakeshop.desk.plans.views"
    ours = get_class("dashboard.plans.views", "PlanCreateView")
    assert ours.__module__ == "oscar_subscriptions.dashboard.plans.views"
    form = get_class("dashboard.plans.forms", "PlanForm")
    assert form.__module__ == "oscar_subscriptions.dashboard.plans.forms"


def test_pages_of_a_plan_show_the_form_of_the_shop(fork, desk, shop):
    (fork / "forms.py").write_text(FORM)
    edit = reverse("subscriptions-dashboard:plan-update", kwargs={"pk": shop.plan.pk})
    for url in (reverse("subscriptions-dashboard:plan-create"), edit):
        assert "Days to think it over" in text(desk.get(url))
