"""The server's clock, and the few settings that are not about deliveries."""

from .values import only, take

SETTINGS = ("livemode", "async_delay", "balance_is_empty")


def show(app, values):
    """``now`` and how far it is ahead of the real time, in seconds."""
    take(values)
    return {"now": app.store.now(), "offset": app.store.setting("clock_offset", 0)}


def move(app, values):
    """``advance`` the clock by seconds, and do what is due then; ``reset`` goes back to real time.

    Sessions expire, bank debits settle, idempotency keys are forgotten, retries come. Webhooks are
    still signed with the real time, since the shop's clock was not moved.
    """
    advance, reset = take(values, advance=0, reset=False)
    with app.store.transaction():
        offset = 0 if reset else app.store.setting("clock_offset", 0)
        app.store.set("clock_offset", offset + advance)
    app.tick()
    app.deliverer.wake()
    return show(app, {})


def settings(app, values):
    """``livemode``: true or false for new objects, whatever the key says; null: as the key says.
    ``async_delay``: seconds until a bank debit is settled (5); null: only by control.
    ``balance_is_empty``: whether the shop's balance covers no refund."""
    only(values, SETTINGS)
    for name, value in values.items():
        app.store.set(name, value)
    return {name: app.store.setting(name) for name in SETTINGS}
