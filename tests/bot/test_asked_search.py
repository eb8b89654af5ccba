from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.asked_search import LONGEST_SEARCH, Mistake, level, read_day, read_search
from storage.search import Query

CHAT = 7


@pytest.mark.parametrize(
    ("written", "query"),
    [
        ("video diffusion", Query("video diffusion")),
        ("  video \n diffusion ", Query("video diffusion")),
        ("author:Hinton", Query(author="Hinton")),
        ("author：Hinton liked：boats", Query("boats", author="Hinton", liked_in=CHAT)),
        ("AUTHOR: Hinton", Query(author="Hinton")),
        ('author:"Yann LeCun" jepa', Query("jepa", author="Yann LeCun")),
        ("author:“Yann LeCun” jepa", Query("jepa", author="Yann LeCun")),
        ('author:"Yann LeCun', Query(author="Yann LeCun")),
        ("author:Ada author:Bo", Query(author="Ada Bo")),
        ("boats after:2025", Query("boats", after=date(2025, 1, 1))),
        ("after:2025-03 boats", Query("boats", after=date(2025, 3, 1))),
        ("after:2024 after: 2025-03-09", Query(after=date(2025, 3, 9))),
        ("liked: boats", Query("boats", liked_in=CHAT)),
        ("boats Liked:", Query("boats", liked_in=CHAT)),
        ("liked:boats", Query("boats", liked_in=CHAT)),
        ("co-author:Ada", Query("co-author:Ada")),
        ("title:boats", Query("title:boats")),
    ],
)
def test_words_and_filters_are_told_apart(written: str, query: Query) -> None:
    assert read_search(written, CHAT) == query


@pytest.mark.parametrize(
    ("written", "mistake"),
    [
        ("", Mistake.EMPTY),
        (" \n ", Mistake.EMPTY),
        ("x" * (LONGEST_SEARCH + 1), Mistake.LONG),
        ("boats author:", Mistake.AUTHOR),
        ('author:""', Mistake.AUTHOR),
        ("after:", Mistake.AFTER),
        ("after:soon", Mistake.AFTER),
        ("after:2025-13", Mistake.AFTER),
        ("after:2025 after:never", Mistake.AFTER),
    ],
)
def test_what_cannot_be_searched_for_says_why(written: str, mistake: Mistake) -> None:
    assert read_search(written, CHAT) is mistake


@pytest.mark.parametrize("written", ["25", "2025-", "2025-00", "2025-02-30", "0000", "٢٠٢٥", "2025/03"])
def test_no_day_is_made_up(written: str) -> None:
    assert read_day(written) is None


@given(st.text(max_size=LONGEST_SEARCH))
def test_any_search_reads_the_same_from_the_line_that_shows_it(written: str) -> None:
    assert read_search(level(written), CHAT) == read_search(written, CHAT)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_any_day_is_read(day: date) -> None:
    assert read_day(day.isoformat()) == day
