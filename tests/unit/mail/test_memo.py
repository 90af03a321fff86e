"""What one piece of work shares is asked once within it, and anew outside of it."""

import threading

import pytest

from oscar_subscriptions.mail import memo


@pytest.fixture
def ask():
    """A question that is answered by how often it was asked."""
    asked = []

    def ask():
        asked.append(None)
        return len(asked)

    return ask


def test_outside_of_a_piece_of_work_each_question_is_asked_anew(ask):
    assert [memo.once("price", ask), memo.once("price", ask)] == [1, 2]


def test_within_it_each_question_is_asked_once(ask):
    with memo.shared():
        assert [memo.once(about, ask) for about in ("a", "b", "a", "b")] == [1, 2, 1, 2]
    assert memo.once("a", ask) == 3


def test_even_an_answer_that_is_nothing_is_remembered(ask):
    with memo.shared():
        assert [memo.once("a", lambda: None), memo.once("a", ask)] == [None, None]


def test_the_next_piece_of_work_begins_without_the_answers_of_the_last(ask):
    for expected in (1, 2):
        with memo.shared():
            assert memo.once("price", ask) == expected


def test_a_piece_of_work_that_fails_leaves_nothing_behind(ask):
    with pytest.raises(RuntimeError), memo.shared():
        memo.once("price", ask)
        raise RuntimeError
    assert memo.once("price", ask) == 2


def test_another_thread_shares_nothing(ask):
    with memo.shared():
        memo.once("price", ask)
        other = threading.Thread(target=memo.once, args=("price", ask))
        other.start()
        other.join()
        assert memo.once("price", ask) == 1
    assert ask() == 3
