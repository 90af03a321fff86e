"""Oscar's checkout with one order page for plans: a ready-made app for shops without a fork.

A shop that has forked Oscar's checkout app takes the classes of ``mixins`` instead.
"""
