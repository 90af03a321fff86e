"""Lists of any length have pages, and nothing is counted further than a limit."""

import pytest
from django.core.paginator import EmptyPage
from django.db.models import OuterRef
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard import pagination
from oscar_subscriptions.dashboard.pagination import BoundedCount, BoundedPaginator

Checkpoint = get_model("oscar_subscriptions", "Checkpoint")


@pytest.fixture
def rows(db):
    """A queryset of five rows, the last first."""
    for number in range(5):
        Checkpoint.objects.create(name=f"{number}", at=f"2017-01-0{number + 1}T12:00Z")
    return Checkpoint.objects.order_by("-name")


def names(page):
    return "".join(row.name for row in page)


def test_a_list_within_the_limit_has_all_its_pages_in_order(rows):
    pages = BoundedPaginator(rows, 2, limit=5)
    assert (pages.count, pages.num_pages, pages.has_more) == (5, 3, False)
    assert [names(pages.page(number)) for number in pages.page_range] == ["43", "21", "0"]
    with pytest.raises(EmptyPage):
        pages.page(4)


def test_a_longer_list_has_pages_up_to_the_limit_and_says_so(rows):
    pages = BoundedPaginator(rows, 2, limit=3)
    assert (pages.count, pages.num_pages, pages.has_more) == (3, 2, True)
    assert [names(pages.page(number)) for number in pages.page_range] == ["43", "2"]


def test_rows_are_found_once_for_the_count_and_the_page(rows, django_assert_num_queries):
    with django_assert_num_queries(2) as queries:
        pages = BoundedPaginator(rows, 2, limit=3)
        assert names(pages.page(1)) == "43" and pages.has_more
    assert "LIMIT 4" in queries[0]["sql"]


def test_an_empty_list_has_one_empty_page(db):
    pages = BoundedPaginator(Checkpoint.objects.order_by("name"), 2)
    assert (pages.count, pages.num_pages, names(pages.page(1))) == (0, 1, "")


def test_the_limit_is_written_as_its_reader_does(rows, settings):
    pages = BoundedPaginator(rows, 2)
    assert pages.limit_in_words == "10,000"


@pytest.mark.parametrize(
    ("limit", "count", "words"), [(5, 5, "5"), (4, 5, "more than 4"), (2, 3, "more than 2")]
)
def test_what_belongs_to_a_row_is_counted_up_to_the_limit(rows, limit, count, words):
    later = Checkpoint.objects.filter(at__gte=OuterRef("at"))
    first = Checkpoint.objects.annotate(later=BoundedCount(later, limit)).get(name="0")
    last = Checkpoint.objects.annotate(later=BoundedCount(later, limit)).get(name="4")
    assert (first.later, last.later) == (count, 1)
    assert pagination.in_words(first.later, limit) == words
