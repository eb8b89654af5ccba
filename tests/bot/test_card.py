from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.buttons import Standing
from bot.messages.card import MAX_NOTE, Card, render_card
from bot.messages.digest import MAX_MESSAGE
from bot.messages.language import ENGLISH
from bot.messages.markup import utf16_length
from bot.messages.paper_buttons import PaperAct, PaperPress, mute_buttons, read_paper_press
from bot.playground.markup import parse_html
from recommender.values import Paper

LETTERS = st.characters(exclude_categories=["Cs", "Cc"])
PAPERS = st.builds(
    Paper,
    title=st.text(LETTERS, min_size=1, max_size=2000),
    abstract=st.text(LETTERS, max_size=5000),
    authors=st.lists(st.text(LETTERS, min_size=1, max_size=300), max_size=5).map(tuple),
    summary=st.none() | st.text(LETTERS, max_size=3000),
    upvotes=st.none() | st.integers(0, 10**9),
    code_url=st.none() | st.just("https://example.org/?a=1&b=<2>"),
    project_url=st.none() | st.just('https://example.org/"'),
)
PLAIN = Paper(title="On <boats>", abstract="They float & sink.", summary="Boats float.", upvotes=3)


def labels(standing: Standing) -> list[str]:
    keyboard = render_card(ENGLISH, Card(5, PLAIN, standing)).keyboard
    assert keyboard
    return [button.text for row in keyboard.inline_keyboard for button in row]


@settings(max_examples=60)
@given(PAPERS, st.none() | st.text(LETTERS, min_size=1, max_size=MAX_NOTE))
def test_any_card_is_one_message_that_telegram_takes(paper: Paper, note: str | None) -> None:
    said, _ = parse_html(render_card(ENGLISH, Card(5, paper, Standing(saved=True), note)).html)
    assert utf16_length(said) <= MAX_MESSAGE


def test_the_longest_card_is_one_message_and_shows_all_but_the_end_of_its_abstract() -> None:
    paper = Paper(
        title="𝔅oats " * 100,
        abstract="They float. " * 1000,
        authors=("A" * 300, "B" * 300),
        organization="O" * 300,
        summary="S" * 3000,
        code_url="https://example.org",
        project_url="https://example.org",
    )
    said, _ = parse_html(render_card(ENGLISH, Card(5, paper, Standing(saved=True), "n" * MAX_NOTE)).html)
    assert MAX_MESSAGE - 20 <= utf16_length(said) <= MAX_MESSAGE
    assert said.endswith("n" * MAX_NOTE)


def test_the_summary_stands_before_the_abstract_and_the_note_last() -> None:
    said, _ = parse_html(render_card(ENGLISH, Card(5, PLAIN, Standing(saved=True), "mine")).html)
    assert said.split("\n") == ["On <boats>", "🔥 3 upvotes", "Boats float.", "They float & sink.", "📝 mine"]


def test_code_and_project_are_linked() -> None:
    paper = Paper(title="Boats", code_url="https://example.org/c", project_url="https://example.org/p")
    html = render_card(ENGLISH, Card(5, paper, Standing())).html
    assert (
        '<a href="https://example.org/c">Code</a> · <a href="https://example.org/p">Project page</a>' in html
    )


def test_a_withdrawn_paper_is_marked_below_its_title() -> None:
    paper = replace(PLAIN, withdrawn=True)
    said, _ = parse_html(render_card(ENGLISH, Card(5, paper, Standing())).html)
    assert said.split("\n")[:2] == ["On <boats>", "⚠️ Withdrawn by its authors."]
    assert "Withdrawn" not in render_card(ENGLISH, Card(5, PLAIN, Standing())).html


def test_the_buttons_show_how_things_stand() -> None:
    assert labels(Standing())[:3] == ["👍", "👎", "🔖"]
    assert labels(Standing(mine=True, saved=True))[:3] == ["✅ 👍", "👎", "✅ 🔖"]
    assert labels(Standing(ups=2, downs=1, counted=True))[:2] == ["👍 · 2", "👎 · 1"]


def test_only_a_saved_paper_offers_a_note() -> None:
    assert "📝 Note" not in labels(Standing())
    assert "📝 Note" in labels(Standing(saved=True))


@given(st.integers(0, 10**18 - 1), st.sampled_from(PaperAct))
def test_what_a_button_carries_is_read_back_and_fits(paper_id: int, act: PaperAct) -> None:
    data = f"paper:{paper_id}:{act}"
    assert read_paper_press(data) == PaperPress(paper_id, act)
    assert len(data) <= 64


@given(st.text(max_size=64))
def test_forged_data_never_raise(data: str) -> None:
    for forged in (data, f"paper:{data}", f"paper:1:{data}", f"paper:{data}:up"):
        assert read_paper_press(forged) is None or forged.startswith("paper:")


def test_muting_offers_terms_then_first_author_then_organization() -> None:
    paper = Paper(title="Boats", authors=("Ada", "Bo"), organization="Harbour " * 20)
    keyboard = mute_buttons(ENGLISH, 10**17, paper, ["rudder", "keel"])
    assert keyboard
    buttons = [row[0] for row in keyboard.inline_keyboard]
    assert [str(button.callback_data).rpartition(":")[2] for button in buttons] == [
        "t0",
        "t1",
        "author",
        "org",
    ]
    assert all(len(str(button.callback_data)) <= 64 for button in buttons)
    assert [button.text for button in buttons[:3]] == ["🔇 “rudder”", "🔇 “keel”", "🔇 by Ada"]


def test_nothing_to_mute_offers_no_buttons() -> None:
    assert mute_buttons(ENGLISH, 1, Paper(title="Boats"), []) is None
