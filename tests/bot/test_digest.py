from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.buttons import Act, DigestPress, Standing, digest_buttons, menu_buttons, read_press
from bot.messages.digest import MAX_MESSAGE, Shown, render_digest, render_notice
from bot.messages.language import ENGLISH
from bot.messages.markup import utf16_length
from bot.messages.papers import paper_link
from bot.playground.markup import parse_html
from recommender.rules import Rule, RuleKind
from recommender.values import Interest, Paper, Pick, Reason, Slot
from storage.ledger import Digest, Kind, Lack, State
from storage.states import Layout

EXPLORED = "🧭 Something different, to learn your taste"

LETTERS = st.characters(exclude_categories=["Cs", "Cc"])
PAPERS = st.builds(
    Paper,
    title=st.text(LETTERS, min_size=1, max_size=2000),
    abstract=st.text(LETTERS, max_size=5000),
    arxiv_id=st.none() | st.just("2511.00001"),
    authors=st.lists(st.text(LETTERS, min_size=1, max_size=300), max_size=5).map(tuple),
    published_text=st.none() | st.text(LETTERS, max_size=100),
    comments=st.none() | st.integers(0, 10**9),
)


def digest(
    *picks: Pick,
    kind: Kind = Kind.ASKED,
    lack: Lack | None = None,
    layout: Layout = Layout.LIST,
    lead_id: int | None = None,
) -> Digest:
    return Digest(
        id=12,
        chat_id=7,
        kind=kind,
        local_day=date(2026, 11, 21) if kind is Kind.DAILY else None,
        state=State.SENDING,
        picks=picks,
        lack=lack,
        message_id=None,
        attempts=1,
        planned_at=datetime(2026, 11, 21, 7, tzinfo=UTC),
        why=None,
        layout=layout,
        lead_id=lead_id,
    )


def shown(*papers: Paper) -> str:
    picks = [Pick(n, 0.5, Slot.TRENDING) for n in range(len(papers))]
    return parse_html(render_digest(ENGLISH, digest(*picks), Shown(dict(enumerate(papers)))).html)[0]


@settings(max_examples=60)
@given(st.lists(PAPERS, min_size=1, max_size=10))
def test_any_papers_make_one_message_that_telegram_takes(papers: list[Paper]) -> None:
    """It parses, fits, and every title begins to show."""
    said = shown(*papers)
    assert utf16_length(said) <= MAX_MESSAGE
    assert all(paper.title[:50].strip() in said for paper in papers)


def test_ten_picks_of_the_longest_texts_fit() -> None:
    """Titles, names and reasons as long as any dump has them: all ten are there, each with its reason."""
    long = Paper(
        title="Title " * 200,
        abstract="Long. " * 900,
        authors=("Name " * 60, "Other " * 60),
        published_text="Some day " * 30,
        organization="House " * 50,
        comments=10**9,
    )
    reason = Reason(99, ("term " * 30, "word " * 30, "pair " * 30))
    picks = [Pick(n, 0.5, Slot.TASTE, reason) for n in range(9)]
    picks.append(Pick(9, 0.5, Slot.EXPLORE, reason, propensity=0.1))
    message = render_digest(ENGLISH, digest(*picks), Shown(dict.fromkeys([*range(10), 99], long)))
    said = parse_html(message.html)[0]
    assert utf16_length(said) <= MAX_MESSAGE
    assert said.count("Because you liked") == 10


def test_ten_long_abstracts_fill_the_message_and_end_at_sentences() -> None:
    sentence = "This abstract goes on and on about paper boys. "
    papers = [Paper(title=f"Paper {n}", abstract=sentence * 90) for n in range(10)]
    said = shown(*papers)
    assert MAX_MESSAGE * 0.8 < utf16_length(said) <= MAX_MESSAGE
    assert said.count("paper boys.") > 50


def test_short_abstracts_stand_whole_beside_a_long_one() -> None:
    said = shown(Paper(title="A", abstract="Short & sweet."), Paper(title="B", abstract="Long one. " * 900))
    assert "Short & sweet." in said
    assert utf16_length(said) > MAX_MESSAGE - 200


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        (Paper(title="T", published=date(2023, 3, 9), author_count=4), "9 Mar 2023 · 4 authors"),
        (Paper(title="T", published_text="Jun 26", author_count=1), "Jun 26 · 1 author"),
        (Paper(title="T", authors=("Ada Lovelace", "Bo Diddley")), "Ada Lovelace, Bo Diddley"),
        (Paper(title="T", authors=("A", "B", "C", "D")), "A and 3 others"),
        (Paper(title="T", authors=("A", "B"), author_count=2, comments=1), "A, B · 1 comment"),
        (Paper(title="T", upvotes=55), "🔥 Trending: 55 upvotes"),
        (Paper(title="T"), "🔥 From the trending list"),
    ],
)
def test_what_is_known_is_said(paper: Paper, words: str) -> None:
    assert words in shown(paper)


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert shown(Paper(title="T")).splitlines()[2:4] == ["1. T", "🔥 From the trending list"]


def test_the_reason_names_the_liked_paper_and_the_shared_terms() -> None:
    pick = Pick(1, 0.9, Slot.TASTE, Reason(2, ("honey", "waggle dance")))
    papers = {1: Paper(title="Bees"), 2: Paper(title="More <bees>")}
    said = parse_html(render_digest(ENGLISH, digest(pick), Shown(papers)).html)[0]
    assert "💡 Because you liked “More <bees>”: honey, waggle dance" in said


def test_an_explored_pick_says_so_and_still_names_its_like() -> None:
    papers = {1: Paper(title="Bees"), 2: Paper(title="More bees"), 3: Paper(title="Boats", upvotes=9)}
    kin = Pick(1, 0.9, Slot.EXPLORE, Reason(2, ("honey",)), propensity=0.01)
    strange = Pick(3, 0.1, Slot.EXPLORE, propensity=0.01)
    said = parse_html(render_digest(ENGLISH, digest(kin, strange), Shown(papers, knows_taste=True)).html)[0]
    assert f"1. Bees\n{EXPLORED}\n💡 Because you liked “More bees”: honey" in said
    assert said.endswith(f"2. Boats\n{EXPLORED}")


@pytest.mark.parametrize(
    ("lack", "words"), [(None, "Nothing new"), (Lack.NEW, "Nothing new"), (Lack.STRONG, "Nothing strong")]
)
def test_an_empty_digest_says_what_was_lacking(lack: Lack | None, words: str) -> None:
    """One from before such reasons were kept says what it always said."""
    assert words in render_digest(ENGLISH, digest(kind=Kind.DAILY, lack=lack), Shown({})).html


def test_a_right_to_left_title_is_kept_to_itself() -> None:
    said = shown(Paper(title="שלום עולם"))
    assert "\u2068שלום עולם\u2069" in said


def test_a_paper_without_an_id_links_to_a_search_for_its_title() -> None:
    assert paper_link(Paper(title="A & B? ü")).endswith("searchtype=title&query=A+%26+B%3F+%C3%BC")
    assert paper_link(Paper(title="A", arxiv_id="2511.00001")) == "https://arxiv.org/abs/2511.00001"


def test_a_group_s_buttons_count_and_a_private_chat_s_show_one_s_own() -> None:
    one = digest(Pick(1, 0.5, Slot.TASTE))
    group = digest_buttons(one, {1: Standing(ups=2, downs=0, counted=True)}).inline_keyboard[0]
    assert [button.text for button in group] == ["👍 1 · 2", "👎 1", "🔖", "💡"]
    mine = digest_buttons(one, {1: Standing(ups=0, downs=1, mine=False, saved=True)}).inline_keyboard[0]
    assert [button.text for button in mine] == ["👍 1", "✅ 👎 1", "✅ 🔖", "⋯"]


@given(st.text())
def test_only_our_own_data_are_a_press(data: str) -> None:
    assert read_press(data) is None
    assert read_press(f"vote:1:{data}:up") is None or data.isdecimal()
    assert read_press(f"vote:1:0:{data}") is None or data in {*Act}


def test_the_buttons_data_fit_and_are_read_back() -> None:
    huge = digest(*[Pick(n, 0.5, Slot.TASTE) for n in range(10)])
    buttons = [button for row in digest_buttons(huge, {}).inline_keyboard for button in row]
    assert all(len(str(button.callback_data).encode()) <= 64 for button in buttons)
    presses = [read_press(str(button.callback_data)) for button in buttons]
    acts = (Act.UP, Act.DOWN, Act.SAVE, Act.MENU)
    assert presses == [DigestPress(12, position, act) for position in range(10) for act in acts]


def test_the_menu_of_a_pick_leads_back() -> None:
    picks = [Pick(n, 0.5, Slot.TASTE) for n in (7, 8)]
    buttons = [button for row in menu_buttons(ENGLISH, digest(*picks), 1).inline_keyboard for button in row]
    assert read_press(str(buttons[-1].callback_data)) == DigestPress(12, 1, Act.BACK)
    assert [button.callback_data for button in buttons[:-1]] == [
        "paper:8:why",
        "paper:8:open",
        "paper:8:more",
        "paper:8:less",
    ]


def test_a_source_s_summary_comes_before_the_abstract() -> None:
    said = shown(Paper(title="T", summary="In short: bees.", abstract="At length: bees."))
    assert said.index("In short: bees.") < said.index("At length: bees.")


def test_cards_carry_the_heading_once_and_no_numbers() -> None:
    picks = [Pick(1, 0.5, Slot.TASTE), Pick(2, 0.5, Slot.TASTE)]
    papers = Shown({1: Paper(title="Bees"), 2: Paper(title="Boats")})
    cards = [
        digest(picks[0], layout=Layout.CARDS, kind=Kind.DAILY),
        digest(picks[1], layout=Layout.CARDS, kind=Kind.DAILY, lead_id=12),
    ]
    first, second = (parse_html(render_digest(ENGLISH, card, papers).html)[0] for card in cards)
    assert first.splitlines()[0] == "☀️ Saturday, 21 November"
    assert second.splitlines()[0] == "Boats"
    assert digest_buttons(cards[1], {}).inline_keyboard[0][0].text == "👍"


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (Interest(-5, "a dance of the bee"), "💡 Because you are interested in “a dance of the bee”"),
        (Interest(-5, "bee keeping"), "💡 Of your interests, closest to “bee keeping”"),
        (Interest(-5, "蜜蜂舞蹈"), "💡 Of your interests, closest to “蜜蜂舞蹈”"),
        (Interest(-5, "On bees", text="On bees. They dance."), "💡 Because you brought “On bees”: honey"),
    ],
)
def test_a_reason_may_be_a_stated_interest(stated: Interest, words: str) -> None:
    """That the paper is about it is claimed only where all its words stand in the paper."""
    pick = Pick(1, 0.9, Slot.TASTE, Reason(-5, ("honey",)))
    told = Shown({1: Paper(title="Bees", abstract="They dance.")}, {-5: stated})
    assert words in parse_html(render_digest(ENGLISH, digest(pick), told).html)[0]


@pytest.mark.parametrize(
    ("phrase", "title", "is_claimed"),
    [
        ("robots that grasp", "Robotic grasping", True),
        ("optimization", "How to optimize", True),
        ("self-supervised biology", "Self supervised biological models", True),
        ("multimodal agents", "Multiple agents", False),
        ("transformers", "Transfer of skills", False),
        ("superconductivity", "Supervised learning", False),
        ("articles", "The art of war", False),
    ],
)
def test_another_form_of_a_word_is_that_word_and_one_that_begins_alike_is_not(
    phrase: str, title: str, *, is_claimed: bool
) -> None:
    pick = Pick(1, 0.9, Slot.TASTE, Reason(-5, ()))
    told = Shown({1: Paper(title=title)}, {-5: Interest(-5, phrase)})
    claimed = "Because you are interested in" in render_digest(ENGLISH, digest(pick), told).html
    assert claimed is is_claimed


def test_a_reason_that_was_taken_back_is_none() -> None:
    pick = Pick(1, 0.9, Slot.TASTE, Reason(-5, ("honey",)))
    assert "💡" not in render_digest(ENGLISH, digest(pick), Shown({1: Paper(title="Bees")})).html


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(RuleKind.FOLLOW, "Ada <L>"), "✍️ By Ada <L>, whom you follow"),
        (Rule(RuleKind.BOOST, "bees"), "📌 You boosted “bees”"),
    ],
)
def test_a_rule_that_lifted_a_pick_is_named(rule: Rule, words: str) -> None:
    pick = Pick(1, 0.9, Slot.TRENDING, rule=rule)
    assert words in parse_html(render_digest(ENGLISH, digest(pick), Shown({1: Paper(title="B")})).html)[0]


def test_who_has_liked_something_is_not_told_to() -> None:
    pick = Pick(1, 0.5, Slot.TRENDING)
    papers = {1: Paper(title="Bees")}
    new, known = (render_digest(ENGLISH, digest(pick), Shown(papers, knows_taste=it)) for it in (False, True))
    assert "Give a 👍" in new.html
    assert "Give a 👍" not in known.html


def test_a_notice_stands_as_it_was_written() -> None:
    assert (
        parse_html(render_notice("Down <tonight> & back & well.").html)[0] == "Down <tonight> & back & well."
    )
