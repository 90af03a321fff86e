"""A typing mistake in what refunds and disputes are set to do is found before it matters."""

import pytest
from django.core import checks as django_checks

from oscar_subscriptions import conf
from oscar_subscriptions.payments.checks import policies


def found():
    messages = django_checks.run_checks(tags=["oscar_subscriptions"])
    assert all(message.hint for message in messages)
    return [(message.id, message.msg) for message in messages]


def test_every_policy_of_the_settings_is_checked():
    names = {name for name in dir(conf.Settings) if name.endswith("_POLICY")}
    names.remove("CREDIT_POLICY")  # a function's path; of a change of plan
    assert policies.ALLOWED.keys() == names


@pytest.mark.parametrize("name", policies.ALLOWED)
def test_e106_a_policy_that_is_none_is_refused(settings, name):
    setattr(settings, f"OSCAR_SUBSCRIPTIONS_{name}", "revok")
    [(code, message)] = found()
    assert code == "oscar_subscriptions.E106"
    assert f"OSCAR_SUBSCRIPTIONS_{name} is 'revok'" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in policies.ALLOWED.items() for value in values],
)
def test_policies_with_a_meaning_are_accepted(settings, name, value):
    setattr(settings, f"OSCAR_SUBSCRIPTIONS_{name}", value)
    assert found() == []
