"""Rows of a shop in which nothing is due, written in bulk, the same at each run.

``insert`` writes one statement for each model; ``shop`` what every shop has; ``members`` people,
vendors and services; ``papers`` orders, terms and what belongs to them. ``main`` puts it together.
"""
