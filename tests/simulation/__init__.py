"""A shop that lives ten years of days, and a model that predicts what every member may do.

``model`` knows the calendar and the shelf of each member, written without a line of the extension;
``shop`` does the same things to the model and to the shop; ``invariants`` asks the database.
"""
