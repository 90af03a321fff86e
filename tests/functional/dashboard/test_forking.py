"""A shop replaces one of the dashboard's classes by forking that app alone."""

import importlib
import sys

from django.apps import apps

from oscar_subscriptions.loading import get_class


def test_the_shops_class_comes_first_and_ours_second(tmp_path, monkeypatch):
    fork = tmp_path / "fakeshop" / "desk"
    (fork / "plans").mkdir(parents=True)
    for package in (fork.parent, fork, fork / "plans"):
        (package / "__init__.py").touch()
    (fork / "plans" / "views.py").write_text("class PlanUpdateView: ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    config = apps.get_app_config("oscar_subscriptions_dashboard")
    monkeypatch.setattr(config, "name", "fakeshop.desk")
    try:
        theirs = get_class("dashboard.plans.views", "PlanUpdateView")
        assert theirs.__module__ == "fakeshop.desk.plans.views"
        ours = get_class("dashboard.plans.views", "PlanCreateView")
        assert ours.__module__ == "oscar_subscriptions.dashboard.plans.views"
        form = get_class("dashboard.plans.forms", "PlanForm")
        assert form.__module__ == "oscar_subscriptions.dashboard.plans.forms"
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "fakeshop"]:
            del sys.modules[name]
