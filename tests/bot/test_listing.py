from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.messages.digest import MAX_MESSAGE, Message
from bot.messages.language import ENGLISH
from bot.messages.library import enter_delivered, enter_paper, enter_saved, enter_trending, head_liked
from bot.messages.listing import Listing, read_turn, render_listing
from bot.messages.markup import text, utf16_length
from bot.messages.pages import PAGE, clamp, count_pages
from bot.messages.searching import head_found, read_searched
from bot.playground.markup import parse_html
from recommender.values import Paper
from storage.saved import Saved

LONG = Paper(
    title="𝔅oats " * 100,
    authors=("A" * 300, "B" * 300, "C" * 300),
    organization="O" * 300,
    published=date(2026, 11, 20),
    comments=10**6,
    upvotes=10**6,
)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def page(number: int, pages: int, entries: int = 2) -> Message:
    listed = [enter_paper(ENGLISH, n, Paper(title=f"Paper {n}")) for n in range(entries)]
    return render_listing(Listing(text("All"), listed, "list:liked", number, pages))


def labels(message: Message) -> list[list[str]]:
    assert message.keyboard
    return [[button.text for button in row] for row in message.keyboard.inline_keyboard]


def test_numbers_go_on_from_page_to_page() -> None:
    message = page(2, 3)
    assert parse_html(message.html)[0] == "All\n\n9. Paper 0\n\n10. Paper 1"
    assert labels(message) == [["9", "10"], ["‹", "2/3", "›"]]


def test_the_first_and_the_last_page_lead_nowhere_else() -> None:
    assert labels(page(1, 2))[-1] == ["1/2", "›"]
    assert labels(page(2, 2))[-1] == ["‹", "2/2"]
    assert labels(page(1, 1)) == [["1", "2"]]


def test_eight_numbers_stand_in_two_rows() -> None:
    assert [len(row) for row in labels(page(1, 1, PAGE))] == [4, 4]


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**6))
def test_any_page_becomes_one_that_is_there(asked: int, entries: int) -> None:
    assert 1 <= clamp(asked, entries) <= count_pages(entries)
    assert (clamp(asked, entries) - 1) * PAGE <= max(entries - 1, 0)


def test_the_longest_papers_make_one_message() -> None:
    kept = Saved(1, LONG, "n" * 1000, NOW)
    pages = (
        [enter_saved(ENGLISH, kept)] * PAGE,
        [enter_trending(ENGLISH, 1, LONG)] * PAGE,
        [enter_delivered(ENGLISH, 1, LONG, NOW.date())] * PAGE,
    )
    for entries in pages:
        said, _ = parse_html(render_listing(Listing(head_liked(ENGLISH, 9), entries)).html)
        assert utf16_length(said) <= MAX_MESSAGE


def test_a_note_of_several_lines_takes_one_in_a_list() -> None:
    entry = enter_saved(ENGLISH, Saved(1, Paper(title="Boats"), "a\n\nb", NOW))
    assert entry.said.html == "📝 a b"


def test_a_button_turns_to_its_page() -> None:
    assert read_turn("list:liked:3") == ("list:liked", 3)
    assert read_turn("search:12") == ("search", 12)
    for forged in (
        "list:liked",
        "list:liked:-1",
        "list::1",
        "list:liked:1:2",
        "search:",
        "list:liked:1234567",
    ):
        assert read_turn(forged) is None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=200))
def test_the_search_is_read_back_from_the_page_that_shows_it(search: str) -> None:
    said, _ = parse_html(head_found(ENGLISH, search, 3, more=False).html)
    assert read_searched(said) == search


def test_another_message_holds_no_search() -> None:
    assert not read_searched("Your papers\n🔎 boats")
    assert not read_searched("")
