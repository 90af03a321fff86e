"""What becomes of an announced renewal: for each state and event the next state, what is done and
which mail is written. Data, printed in the documentation; ``outcomes`` carries it out.

A state and an event that are not in the table together do not occur: an event after the end, or an
answer that is read twice, changes nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from oscar_subscriptions.abstract_models.renewals import (
    ANNOUNCED,
    CHARGING,
    DONE,
    DROPPED,
    FAILED,
    REPLACED,
    WAITING,
)

# Events.
BEGUN = "a charge is begun"
LEFT_TO_MEMBER = "no charge is begun: the member is paying by hand"
PAID = "the order is paid"
REFUSED = "the charge is refused, another day is left"
LAST_REFUSED = "the charge is refused, no day is left"
NO_DAY_LEFT = "no day is left for another charge"
GIVEN_UP = "the charge was given up before a bank was asked"
CHANGED = "price or conditions have changed"
TOO_LATE = "and it is too late to announce them"
OBSOLETE = "switched off, renewed in another way, or not announced in time"
IMPOSSIBLE = "the subscription, the account or the order is over"

# Actions.
END_CONSENT = "automatic renewal ends"
RECORD = "the refusal is recorded"

# Mails. The switch itself writes the second one, see ``agreements.auto_renewal.switch_off``.
REFUSED_MAIL, STOPPED_MAIL = "renewal-failed", "renewal-stopped"


class Then(NamedTuple):
    """What an event leads to: the next state, actions, and the kind of mail ("": none)."""

    state: str
    actions: tuple[str, ...] = ()
    mail: str = ""


TABLE: dict[tuple[str, str], Then] = {
    (ANNOUNCED, BEGUN): Then(CHARGING),
    (ANNOUNCED, LEFT_TO_MEMBER): Then(WAITING),
    (ANNOUNCED, CHANGED): Then(REPLACED),
    (REPLACED, TOO_LATE): Then(REPLACED, (END_CONSENT,), STOPPED_MAIL),
    (ANNOUNCED, OBSOLETE): Then(DROPPED),
    (ANNOUNCED, IMPOSSIBLE): Then(DROPPED, (END_CONSENT,), STOPPED_MAIL),
    (ANNOUNCED, NO_DAY_LEFT): Then(FAILED, (END_CONSENT,), STOPPED_MAIL),
    (CHARGING, PAID): Then(DONE),
    (CHARGING, REFUSED): Then(WAITING, (RECORD,), REFUSED_MAIL),
    (CHARGING, LAST_REFUSED): Then(FAILED, (RECORD, END_CONSENT), STOPPED_MAIL),
    (CHARGING, GIVEN_UP): Then(WAITING),
    (CHARGING, OBSOLETE): Then(DROPPED),
    (CHARGING, IMPOSSIBLE): Then(DROPPED, (END_CONSENT,), STOPPED_MAIL),
    (WAITING, BEGUN): Then(CHARGING),
    (WAITING, LEFT_TO_MEMBER): Then(WAITING),
    (WAITING, PAID): Then(DONE),
    (WAITING, OBSOLETE): Then(DROPPED),
    (WAITING, IMPOSSIBLE): Then(DROPPED, (END_CONSENT,), STOPPED_MAIL),
    (WAITING, NO_DAY_LEFT): Then(FAILED, (END_CONSENT,), STOPPED_MAIL),
}
