"""Oscar's basket with the plan rules: a ready-made app for shops without a fork of their own.

A shop that has forked Oscar's basket app takes the classes of ``mixins`` instead.
"""
