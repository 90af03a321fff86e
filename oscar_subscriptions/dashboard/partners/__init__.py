"""Oscar's partner dashboard with vendors and sellers protected, for shops without a fork of it.

A shop that has forked it takes the class of ``mixins`` instead.
"""
