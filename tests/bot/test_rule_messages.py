import pytest

from bot.chat.written_rule import read_rule, rule_of_paper
from bot.messages.language import ENGLISH
from bot.messages.markup import utf16_length
from bot.messages.pages import PAGE
from bot.messages.rules import (
    LONGEST_PHRASE,
    Asked,
    RuleAct,
    RulePress,
    Trouble,
    read_less_press,
    read_rule_press,
    render_rules,
    tell_added,
)
from recommender.concordance import Field
from recommender.rules import MOST_RULES, Rule, RuleKind
from recommender.values import Paper
from storage.rules import KeptRule

MUTE = RuleKind.MUTE


def mutes(count: int, phrase: str = "word") -> list[KeptRule]:
    return [KeptRule(10**17 + number, Rule(MUTE, f"{phrase}{number}")) for number in range(count)]


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("  large   language\nmodels ", Rule(MUTE, "large language models")),
        ("author: Ada Lovelace", Rule(MUTE, "Ada Lovelace", Field.AUTHOR)),
        ("Org:ACME", Rule(MUTE, "ACME", Field.ORGANIZATION)),
        ("author\uff1a王", Rule(MUTE, "王", Field.AUTHOR)),
        ("authors: many", Rule(MUTE, "authors: many")),
        ("c++", Rule(MUTE, "c++")),
        ("x" * LONGEST_PHRASE, Rule(MUTE, "x" * LONGEST_PHRASE)),
    ],
)
def test_words_are_read_as_a_rule(written: str, rule: Rule) -> None:
    """Space is levelled, a prefix chooses the names, and all else is the phrase."""
    assert read_rule(MUTE, written) == rule


def test_whom_to_follow_is_an_author_unless_it_says_otherwise() -> None:
    assert read_rule(RuleKind.FOLLOW, "Ada") == Rule(RuleKind.FOLLOW, "Ada", Field.AUTHOR)
    assert read_rule(RuleKind.FOLLOW, "org:ACME") == Rule(RuleKind.FOLLOW, "ACME", Field.ORGANIZATION)


@pytest.mark.parametrize("written", ["", "  ", ".*", "author:", "org: !", "🔥"])
def test_a_phrase_holds_a_letter_or_digit(written: str) -> None:
    assert read_rule(MUTE, written) is Trouble.EMPTY


def test_a_long_phrase_is_none() -> None:
    assert read_rule(MUTE, "x" * (LONGEST_PHRASE + 1)) is Trouble.LONG


@pytest.mark.parametrize(
    ("what", "rule"),
    [
        ("t1", Rule(MUTE, "keels")),
        ("t2", None),
        ("author", Rule(MUTE, "org: Bot", Field.AUTHOR)),
        ("org", Rule(MUTE, "ACME", Field.ORGANIZATION)),
    ],
)
def test_a_rule_is_made_of_what_a_paper_has(what: str, rule: Rule | None) -> None:
    """Of its second term, its first author however named, its organization; of nothing that it lacks."""
    paper = Paper(title="A", authors=("org: Bot", "Bo"), organization="ACME")
    assert rule_of_paper(paper, ("boats", "keels"), what) == rule


@pytest.mark.parametrize("what", ["author", "org", "t0"])
def test_no_rule_is_made_of_nothing(what: str) -> None:
    assert rule_of_paper(Paper(title="A"), (), what) is None


@pytest.mark.parametrize(
    ("data", "press"),
    [
        ("rule:undo:12", RulePress(RuleAct.UNDO, 12)),
        ("rule:drop:12:3", RulePress(RuleAct.DROP, 12, 3)),
        ("rule:page:0:1", RulePress(RuleAct.PAGE, 0, 1)),
        ("rule:page:0:-1", None),
        ("rule:undo:" + "9" * 19, None),
        ("rule:undo:١", None),
        ("rule:undo:1\n", None),
        ("rule:less:1:t0", None),
    ],
)
def test_only_data_of_our_own_writing_are_read(data: str, press: RulePress | None) -> None:
    assert read_rule_press(data) == press


def test_less_of_a_paper_is_read_apart() -> None:
    assert read_less_press("rule:less:7:t2") == (7, "t2")
    assert read_less_press("rule:less:7:t3") is None


@pytest.mark.parametrize("kind", RuleKind)
@pytest.mark.parametrize("field", Field)
def test_each_kind_of_rule_says_what_it_does(kind: RuleKind, field: Field) -> None:
    """A phrase is shown as it stands, however much it looks like HTML."""
    told = tell_added(ENGLISH, KeptRule(1, Rule(kind, "<i>&", field)), 1).html
    assert "&lt;i&gt;&amp;" in told
    assert "1 paper of the last week is met by it." in told


def test_a_page_holds_eight_and_is_found_though_the_list_grew_shorter() -> None:
    """The last page of a list of nine has one; of a list of eight there is no second page."""
    assert render_rules(ENGLISH, mutes(PAGE + 1), page=2).html.count("“word") == 1
    assert render_rules(ENGLISH, mutes(PAGE), page=2).html.count("“word") == PAGE


def test_the_longest_list_fits_a_message_and_its_buttons_their_data() -> None:
    longest = mutes(MOST_RULES, "😀" * (LONGEST_PHRASE - 2))
    shown = render_rules(ENGLISH, longest, page=13, asked=Asked(MUTE, by_reply=True))
    assert utf16_length(shown.html) < 4096
    assert shown.keyboard
    data = [str(button.callback_data) for row in shown.keyboard.inline_keyboard for button in row]
    assert max(len(each.encode()) for each in data) <= 64
