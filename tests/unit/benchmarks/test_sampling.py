"""What many samples say together."""

import pytest

from benchmarks.sampling import interleave, paired_ratio, summarise


def test_a_summary_has_the_middle_the_smallest_and_the_noise():
    summary = summarise([4.0, 2.0, 3.0, 100.0, 3.0])
    assert (summary.median, summary.minimum, summary.count) == (3.0, 2.0, 5)
    assert summary.noise == pytest.approx(1 / 3)


def test_of_nothing_there_is_no_noise():
    assert summarise([0.0, 0.0]).noise == 0.0


def test_sides_are_asked_in_turn_forwards_and_backwards():
    asked = []
    sides = {name: lambda name=name: asked.append(name) or len(asked) for name in "ab"}
    samples = interleave(sides, 3)
    assert asked == ["a", "b", "b", "a", "a", "b"]
    assert samples == {"a": [1, 4, 5], "b": [2, 3, 6]}


def test_a_ratio_compares_what_was_sampled_in_the_same_round():
    # The machine became ten times slower: the ratio of each round did not.
    assert paired_ratio([2.0, 20.0, 2.0], [1.0, 10.0, 1.0]) == 2.0
