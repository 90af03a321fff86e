"""Oscar's partner dashboard that keeps vendors and sellers: ready-made for shops without a fork.

A shop that has forked it takes the class of ``mixins`` instead.
"""
