"""What is measured, and the goal of each figure; a module for each group of them.

A *story* measures some figures of its group. If one raises, its error is a figure that misses its
goal, and the others go on.
"""
