"""The extension as an app: its pages have addresses, its steps an order, a fork its templates."""

from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.urls import resolve, reverse

from oscar_subscriptions.daily_run import runner, steps
from oscar_subscriptions.renewals import announcements, charges
from tests.projects.forked.subscriptions.apps import SubscriptionsConfig


@pytest.fixture
def config():
    return apps.get_app_config("oscar_subscriptions")


def test_every_view_that_a_fork_can_replace_has_an_address(config):
    views = {view for name, view in vars(config).items() if name.endswith("_view")}
    assert {pattern.callback.view_class for pattern in config.get_urls()} == views


def test_a_view_that_a_shop_put_into_the_app_is_the_one_that_answers(config, monkeypatch):
    class PlanListView(config.plan_list_view):
        pass

    monkeypatch.setattr(config, "plan_list_view", PlanListView)
    [pattern] = [pattern for pattern in config.get_urls() if pattern.name == "plan-list"]
    assert pattern.callback.view_class is PlanListView


@pytest.mark.parametrize("code", ["ada-martin", "ada_martin.2", "élodie-müller", "エイダ"])
def test_a_sellers_page_is_found_by_a_code_of_any_letters(config, code):
    found = resolve(unquote(reverse("subscriptions:seller", args=[code])))
    assert (found.func.view_class, found.kwargs) == (config.seller_view, {"code": code})


def test_renewals_are_announced_then_charged_and_then_the_e_mails_are_sent():
    ours = (announcements.announce_renewals, charges.charge_renewals, steps.send_outbox)
    positions = [runner._STEPS.index(step) for step in ours]
    assert positions == sorted(positions)


def test_an_app_that_is_made_ready_twice_adds_no_step_twice(config):
    before = list(runner._STEPS)
    config.ready()
    assert before == runner._STEPS


def test_a_fork_finds_the_templates_and_texts_of_this_package():
    name = "tests.projects.forked.subscriptions"
    fork = SubscriptionsConfig(name, import_module(name))
    assert (fork.name, fork.label) == (name, "oscar_subscriptions")
    for folder in ("templates/oscar/subscriptions", "locale/fr"):
        assert (Path(fork.path) / folder).is_dir(), folder
