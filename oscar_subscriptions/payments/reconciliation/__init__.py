"""Ask the provider about an attempt, compare the answer with the shop's rows, and apply it.

``provider_state.fetch`` asks; ``reconcile`` alone applies the answer. ``verdict`` judges it, and
``settlement`` writes what it says about money.
``matching`` finds the attempts that an event is about; ``event_backlog`` and ``sweep`` are the
daily run's part.
"""
