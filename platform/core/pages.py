"""Pages of long lists, with the total counted by the query that fetches the rows."""

from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, QuerySet, Window

Row = TypeVar("Row", bound=Model)

PER_PAGE = 50


def page_of(rows: "QuerySet[Row]", number: int, *, per_page: int = PER_PAGE) -> "Page[Row]":
    """Return page ``number`` of the rows in one query; a page past the end is the last one.

    Args:
        rows: Ordered rows.
        number: From 1.
        per_page: Rows on a page.
    """
    number = max(1, number)
    counted = rows.annotate(rows_in_all=Window(Count("*")))
    found = list(counted[(number - 1) * per_page : number * per_page])
    if not found and number > 1:
        last = -(-rows.count() // per_page)
        return page_of(rows, max(1, last), per_page=per_page)
    total: int = found[0].rows_in_all if found else 0
    return Page(found, number, Counted(total, per_page))


def page_of_many(
    rows: "QuerySet[Row]", number: int, *, per_page: int = PER_PAGE, most: int = 5_000
) -> "Page[Row]":
    """Return page ``number`` of a list that only ever grows.

    No more than the first ``most`` rows are counted and paged through, so that the first page
    takes as long at any length; it is two queries.

    Args:
        rows: Ordered rows.
        number: From 1; a page past the end is the last one.
        per_page: Rows on a page.
        most: A multiple of ``per_page``.
    """
    total = rows.order_by()[:most].count()
    number = min(max(1, number), max(1, -(-total // per_page)))
    found = list(rows[(number - 1) * per_page : number * per_page])
    return Page(found, number, Counted(total, per_page))


class Counted(Paginator[Any]):
    """A paginator that was told how many rows there are."""

    def __init__(self, total: int, per_page: int) -> None:
        super().__init__(range(total), per_page)


def page_number(value: str | None) -> int:
    """Return the page that a query string asks for; 1 where it makes no sense."""
    return int(value) if value and value.isdecimal() and len(value) < 6 else 1
