"""A member with automatic renewal, written by hand, from 3 February 2017 to 3 February 2018.

No provider is asked: the walks with the stand-in are in ``tests/functional/renewals``.
"""

import pytest

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.mail import sending
from oscar_subscriptions.renewals import announcements
from tests.functional.renewals.renewing import ANNOUNCED, PlannedRenewal


@pytest.fixture
def ada(shop):
    return shop.make_user("ada", first_name="Ada", last_name="Martin")


@pytest.fixture
def term(shop, ada, settings, time_machine):
    """Granted, so that no payment is behind it."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    return shop.grant(ada)


@pytest.fixture
def consent(shop, term):
    """Automatic renewal was chosen on the page of the subscription; nothing is planned yet."""
    return auto_renewal.switch_on(
        term.subscription,
        text="Renew it.",
        terms_of_sale=shop.terms_of_sale,
        total=shop.strategy().fetch_for_product(shop.plan.product).price,
    )


@pytest.fixture
def planned(consent, time_machine):
    """The renewal is announced in time, and the e-mail has left."""
    time_machine.move_to(f"{ANNOUNCED} 03:00+01:00", tick=False)
    assert announcements.announce(consent, ANNOUNCED)
    sending.send_due()
    return PlannedRenewal.objects.get()
