"""What is said on the way in, and of files: whole, short enough for a phone, and true."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup

from bot.formats.collection import MOST_ENTRIES, Collection, Entry, Obstacle, Problem, Reject
from bot.formats.importing import Taken
from bot.messages.interests import Heard, say_heard, show_interests
from bot.messages.language import ENGLISH
from bot.messages.onboarding import Card, close_cards, show_card
from bot.messages.pages import PAGE
from bot.messages.transfer import report_import, say_obstacle
from recommender.first_history import state, state_paper
from recommender.interests import Interests
from recommender.values import Paper

MESSAGE = 4096
BUTTON_DATA = 64


def plain_length(html: str) -> int:
    return len(unescape(re.sub(r"<[^<>]*>", "", html)).encode("utf-16-le")) // 2


def labels(keyboard: InlineKeyboardMarkup | None) -> list[str]:
    return [button.text for row in keyboard.inline_keyboard for button in row] if keyboard else []


def fits(keyboard: InlineKeyboardMarkup | None) -> bool:
    rows = keyboard.inline_keyboard if keyboard else ()
    return all(len(str(button.callback_data).encode()) <= BUTTON_DATA for row in rows for button in row)


@given(
    st.lists(st.text(min_size=1, max_size=400), max_size=30, unique=True), st.integers(0, 9), st.booleans()
)
def test_any_interests_fit_on_a_page(phrases: list[str], page: int, in_setup: bool) -> None:
    stated = [*state(Interests(tuple(phrases[::2]), tuple(phrases[1::2]))), state_paper("A <title> & more")]
    html, keyboard = show_interests(ENGLISH, stated, page, in_setup=in_setup)
    assert plain_length(html) <= MESSAGE
    assert fits(keyboard)
    assert len([label for label in labels(keyboard) if label.startswith("✕")]) <= PAGE
    assert ("Go on »" in labels(keyboard)) is in_setup


def test_the_nearest_page_stands_for_one_that_is_gone() -> None:
    stated = state(Interests(tuple(f"subject {n}" for n in range(9))))
    assert show_interests(ENGLISH, stated, 7, in_setup=False) == show_interests(
        ENGLISH, stated, 2, in_setup=False
    )


def test_papers_are_told_from_phrases_and_wanted_from_unwanted() -> None:
    stated = [*state(Interests(("robots",), ("law",))), state_paper("On matters", "M.", wanted=False)]
    html, _ = show_interests(ENGLISH, stated, in_setup=False)
    assert "<b>More of</b>\n• robots\n\n<b>Less of</b>\n• law\n📄 On matters" in html


def test_many_links_are_named_by_the_first() -> None:
    said = say_heard(ENGLISH, Heard(liked=2, missing=tuple(f"2401.0000{n}" for n in range(9)), beyond=1)).html
    assert "👍 2 papers that I know are now likes." in said
    assert "2401.00004, …" in said
    assert "2401.00005" not in said
    assert "I can keep no more" in said


@given(st.text(min_size=1, max_size=1000), st.text(max_size=6000), st.booleans())
def test_any_paper_fits_on_a_card(title: str, abstract: str, is_group: bool) -> None:
    card = Card(10**17, Paper(title=title, abstract=abstract), 3, (12, 3) if is_group else None)
    html, keyboard = show_card(ENGLISH, card)
    assert plain_length(html) <= MESSAGE
    assert fits(keyboard)
    assert labels(keyboard)[:2] == (["👍 12", "👎 3"] if is_group else ["👍", "👎"])


def test_the_end_of_the_cards_goes_on_only_during_the_setup() -> None:
    assert labels(close_cards(ENGLISH, shown=5, in_setup=True)[1]) == ["Go on »"]
    assert close_cards(ENGLISH, shown=5, in_setup=False)[1] is None
    assert "no papers to show" in close_cards(ENGLISH, shown=0, in_setup=True)[0]


def test_every_obstacle_and_problem_can_be_said() -> None:
    """Also one that is added to the formats later."""
    rejects = tuple(Reject(problem.name, problem) for problem in Problem)
    for obstacle in Obstacle:
        assert say_obstacle(ENGLISH, obstacle)
    for reject in rejects:
        report, _ = report_import(ENGLISH, Collection(rejects=(reject,)), Taken(), in_setup=False)
        assert reject.where in report


def test_a_report_says_each_thing_that_changed_and_nothing_else() -> None:
    taken = Taken(known=4, liked=2, disliked=1, saved=1, guiding=3, stated=1, ruled=1, unknown=2, beyond=5)
    brought = Collection(tuple(Entry(title=f"Paper {n}") for n in range(9)))
    report, keyboard = report_import(ENGLISH, brought, taken, in_setup=True)
    assert report.split("\n") == [
        "<b>📎 I read 9 papers.</b>",
        "👍 2 papers that I know are now likes.",
        "👎 1 paper that I know is now a dislike.",
        "🔖 1 paper is now saved.",
        "🧭 3 papers that I do not know guide me by their texts.",
        "✍️ 1 interest in words was added.",
        "📏 1 rule was added.",
        "2 papers were saved elsewhere, and cannot be saved here as I do not know them yet.",
        "5 entries were left out, for I can keep no more interests or rules.",
    ]
    assert labels(keyboard) == ["Go on »"]


def test_a_report_of_a_broken_file_names_the_first_and_stays_short() -> None:
    rejects = tuple(Reject("<" * 60, Problem.BROKEN) for _ in range(MOST_ENTRIES))
    report, _ = report_import(ENGLISH, Collection(rejects=rejects), Taken(), in_setup=False)
    assert "2,000 entries could not be read:" in report
    assert report.endswith("…")
    assert plain_length(report) <= 1000
    assert "nothing has changed" in report
