"""A shop that lives ten years of days, and a model that predicts what every member may do.

``model`` knows the calendar and the shelf of each member, written without a line of the extension.
``world`` holds both; ``members``, ``reversals`` and ``operators`` do the same things to the model
and to the shop; ``days`` lives through them and compares; ``invariants`` asks the database.
"""
