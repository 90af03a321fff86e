"""Oscar's catalogue dashboard with plans protected: a ready-made app for shops without a fork.

A shop that has forked it takes the classes of ``mixins`` instead.
"""
