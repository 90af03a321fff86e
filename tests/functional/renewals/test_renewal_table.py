"""The table of renewals is whole, and printed in the documentation as it is."""

from pathlib import Path

import pytest

from oscar_subscriptions.abstract_models import renewals as states
from oscar_subscriptions.agreements import auto_renewal_mails
from oscar_subscriptions.renewals import mails, table
from tests.functional.renewals.renewing import PlannedRenewal

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "automatic-renewal.rst"
BEGIN, END = ".. The table begins.\n\n", "\n.. The table ends.\n"
TEXTS = {value for value in vars(table).values() if isinstance(value, str)}


def printed():
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: 15 40 15 20 10", ""]
    rows = [("State", "What happens", "Next state", "What is done", "E-mail")]
    for (state, event), then in table.TABLE.items():
        rows.append((state, event, then.state, ", ".join(then.actions) or "–", then.mail or "–"))
    for row in rows:
        lines += [f"   {'*' if not n else ' '} - {cell}" for n, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


def test_the_table_is_printed_in_the_documentation():
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    shown, after = rest.split(END)
    if shown != printed():
        PAGE.write_text(before + BEGIN + printed() + END + after)
        pytest.fail("the table has changed, and was printed anew into the documentation")


def test_every_open_state_has_a_way_out_and_ended_ones_none():
    leaving = {state for (state, _event), then in table.TABLE.items() if then.state != state}
    assert leaving == set(states.OPEN)
    named = {state for state, _label in PlannedRenewal.STATUS_CHOICES}
    reached = {then.state for then in table.TABLE.values()}
    assert reached | {states.ANNOUNCED} == named


def test_every_event_and_action_and_mail_of_the_table_is_used():
    used = {event for _state, event in table.TABLE}
    used |= {action for then in table.TABLE.values() for action in then.actions}
    # Texts with more than one word: states and kinds of mail have one, the docstring many lines.
    assert {text for text in TEXTS if " " in text and "\n" not in text} == used
    assert (table.REFUSED_MAIL, table.STOPPED_MAIL) == (mails.FAILED, auto_renewal_mails.STOPPED)


def test_whose_automatic_renewal_ends_is_told():
    for (state, _event), then in table.TABLE.items():
        assert (table.END_CONSENT in then.actions) == (then.mail == table.STOPPED_MAIL), state
