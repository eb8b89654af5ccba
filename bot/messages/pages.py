"""Pages of long lists: how many there are, the nearest to the one asked for, and what turns them. Pure."""

from __future__ import annotations

from collections.abc import Callable

from telegram import InlineKeyboardButton

PAGE = 8  # entries, each with a button of its own


def count_pages(entries: int) -> int:
    """Count the pages that so many entries take; an empty list has one as well."""
    return max(1, -(-entries // PAGE))


def clamp(page: int, entries: int) -> int:
    """Find the page nearest to one that may not be there any more; the first is 1."""
    return min(max(page, 1), count_pages(entries))


def pager(page: int, pages: int, data: Callable[[int], str]) -> list[InlineKeyboardButton]:
    """Build the row that turns pages; the number in its middle shows the page afresh. One page needs none."""
    turns = {"‹": page - 1, f"{page}/{pages}": page, "›": page + 1}
    return [
        InlineKeyboardButton(label, callback_data=data(to))
        for label, to in turns.items()
        if pages > 1 and 1 <= to <= pages
    ]
