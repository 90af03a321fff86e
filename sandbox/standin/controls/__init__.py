"""Test controls under ``/_standin/``: JSON in, JSON out.

They exist to make life difficult for the shop: late, doubled, lost and disordered webhooks, an API
that fails or whose answer is lost, time that passes, members and banks that change their minds.
The table below lists them all; the parameters are in the functions' docstrings.
"""

from ..errors import ApiError
from ..routing import matched
from . import clock, deliveries, faults, money, objects

CONTROLS = {
    ("GET", "delivery"): deliveries.show,
    ("POST", "delivery"): deliveries.steer,
    ("GET", "deliveries"): deliveries.listed,
    ("POST", "release"): deliveries.release,
    ("POST", "flush"): deliveries.flush,
    ("POST", "redeliver"): deliveries.redeliver,
    ("GET", "faults"): faults.show,
    ("POST", "faults"): faults.add,
    ("DELETE", "faults"): faults.clear,
    ("GET", "clock"): clock.show,
    ("POST", "clock"): clock.move,
    ("POST", "settings"): clock.settings,
    ("POST", "sessions/{}/pay"): money.pay,
    ("POST", "sessions/{}/settle"): money.settle,
    ("POST", "sessions/{}/expire"): money.expire,
    ("POST", "payment_methods/{}"): money.change_method,
    ("POST", "charges/{}/refund"): money.refund,
    ("POST", "charges/{}/dispute"): money.dispute,
    ("POST", "refunds/{}"): money.change_refund,
    ("POST", "disputes/{}"): money.change_dispute,
    ("GET", "events"): objects.events,
    ("POST", "emit"): objects.emit,
    ("POST", "amend"): objects.amend,
    ("POST", "reset"): objects.reset,
}


def answer(app, method, path, values):
    """Carry out one control; ``values`` are its parameters. Raises ``ApiError``."""
    found = matched(CONTROLS, method, path.removeprefix("/_standin/"))
    if found is None:
        raise ApiError(404, f"No such control: {method} {path}")
    control, ids = found
    return control(app, values, *ids)
