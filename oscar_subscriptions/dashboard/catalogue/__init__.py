"""Oscar's catalogue dashboard in which plans are safe: a ready-made app for shops without a fork.

A shop that has forked it takes the classes of ``mixins`` instead.
"""
