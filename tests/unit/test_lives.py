"""The table of lives, in three timezones: what members are told of their days is true."""

from datetime import time

import pytest
from django.db import transaction
from django.utils import timezone

from tests import lives, living

# Each at the end of the day at which the date in UTC is another one; in Los Angeles it is the
# evening, in Auckland and Paris the first minute.
ZONES = {
    "Europe/Paris": time(0, 0),
    "Pacific/Auckland": time(0, 0),
    "America/Los_Angeles": time(23, 59),
}


pytestmark = pytest.mark.usefixtures("no_mails")


@pytest.mark.parametrize(
    "zone",
    [
        # Quick tests play random lives, in ``test_lives_machine``.
        pytest.param("Pacific/Auckland", marks=pytest.mark.slow),
        pytest.param("Europe/Paris", marks=pytest.mark.slow),
        pytest.param("America/Los_Angeles", marks=pytest.mark.slow),
    ],
)
def test_lives(shop, settings, time_machine, zone):
    settings.TIME_ZONE = zone
    player = living.Player(shop, time_machine, zone, ZONES[zone])
    # Somebody looks from the other side of the date line; that must not matter.
    with timezone.override("Pacific/Kiritimati"):
        wrong = [
            f"{title}: {problem}"
            for title, life in lives.LIVES.items()
            for problem in _played(player, life)
        ]
    assert not wrong, "\n" + "\n".join(wrong)


def _played(player, life):
    """Play one life, and forget it, so that each begins in the same shop."""
    with transaction.atomic():
        found = list(player.play(life))
        transaction.set_rollback(True)
    return found


def test_there_are_enough_lives():
    assert len(lives.LIVES) >= 40


def test_player_notices_what_is_wrong(shop, time_machine):
    """The table proves something only if a wrong line of it is found."""
    player = living.Player(shop, time_machine, "Europe/Paris", time(0, 0))
    wrong = list(
        player.play(
            """
            2017-02-03 buy      -> 2017-02-03..2018-02-02
            2018-02-03 lapsed      2017-02-03..2018-02-03
            2018-02-03 active      2017-02-03..2018-02-04
            2018-02-03 seller no
            2018-02-03 limit 1
            2018-02-04 extend 5 -> 2018-02-04..2018-02-08
            """
        )
    )
    assert len(wrong) == 10, wrong
