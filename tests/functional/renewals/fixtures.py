"""A member who chose automatic renewal with the first order, on 3 February 2017.

Fixtures for more than one folder: a conftest imports those that its tests ask for.
"""

from datetime import date
from typing import Any

import pytest

from tests.functional.renewals.renewing import ANNOUNCED, Renewing


@pytest.fixture
def offered(settings: Any) -> None:
    """The shop offers automatic renewal."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True


@pytest.fixture
def renewing(
    shop: Any, member: Any, client: Any, standin: Any, time_machine: Any, offered: None
) -> Renewing:
    """Before the first order, on 3 February 2017."""
    renewing = Renewing(shop, member, client, standin, time_machine)
    renewing.go_to(date(2017, 2, 3), 12)
    client.force_login(member)
    return renewing


@pytest.fixture
def bought(renewing: Renewing) -> Renewing:
    """The first year is paid, with automatic renewal."""
    renewing.buy()
    return renewing


@pytest.fixture
def elsewhere(bought: Renewing) -> Any:
    """Another subscription of the member, from June on, is to be renewed by the same card."""
    user, plan = bought.subscription.user, bought.shop.make_plan("Gold")
    term = bought.shop.grant(user, plan, starts_on=date(2017, 6, 1))
    bought.shop.make_renewal(term)
    return term.subscription


@pytest.fixture
def announced(bought: Renewing) -> Renewing:
    """And the member has been told of the renewal."""
    assert bought.run(ANNOUNCED) == []
    assert bought.mails() == ["renewal-announced"]
    return bought
