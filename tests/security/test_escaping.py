"""What strangers wrote is shown as it stands: it is no markup, and no link that we did not make."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.buttons import Standing
from bot.messages.card import Card, render_card
from bot.messages.digest import MAX_MESSAGE, Message, render_notice
from bot.messages.groups import tell_channel_set_up
from bot.messages.interests import show_interests
from bot.messages.language import ENGLISH
from bot.messages.library import enter_paper, enter_saved
from bot.messages.likeness import enter_similar, head_similar
from bot.messages.listing import Listing, render_listing
from bot.messages.markup import text, utf16_length
from bot.messages.noting import ask_note
from bot.messages.rules import render_rules, tell_added
from bot.messages.searching import head_found, write_nothing_found
from bot.playground.markup import parse_html
from recommender.concordance import Field
from recommender.rules import Rule, RuleKind
from recommender.values import Interest, Paper
from sources.cleaning import clean
from sources.parsing import parse
from storage.rules import KeptRule
from storage.saved import Saved

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NASTY = st.sampled_from(
    ["<b>", "</a>", "<", ">", "&", "&lt;", "&#x202e;", '"', "'", "_", "*", "`", "[x](tg://user?id=1)", "\\",
     "{0}", "%s", "\u0634", "\u202e", "\u2069", "🧪", "<tg-spoiler>", "<a href='tg:1'>x</a>"]
)  # fmt: skip
WRITTEN = st.lists(NASTY | st.text(max_size=3), min_size=1, max_size=3).map("".join).map(clean).filter(bool)


def told(html: str) -> str:
    """Read what Telegram would show, or fail where it would refuse; every link is ours."""
    plain, entities = parse_html(html)
    links = [entity.extra["url"] for entity in entities if entity.kind == "text_link"]
    assert all(link.startswith(("https://arxiv.org/", "https://example.org/")) for link in links)
    return plain


@given(WRITTEN, WRITTEN, WRITTEN, WRITTEN, WRITTEN)
def test_a_paper_is_shown_as_it_stands(title: str, author: str, place: str, summary: str, note: str) -> None:
    paper = Paper(
        title=title,
        abstract=summary,
        authors=(author,),
        organization=place,
        summary=summary,
        published_text=author,
        code_url="https://example.org/?a=<b>&c=\"d'",
    )
    kept = Saved(1, paper, note, NOW)
    entries = [
        enter_paper(ENGLISH, 1, paper),
        enter_saved(ENGLISH, kept),
        enter_similar(ENGLISH, 1, paper, [place]),
    ]
    shown = told(render_card(ENGLISH, Card(1, paper, Standing(), note)).html)
    assert all(each in shown for each in (title, author, place, summary, note))
    listed = told(render_listing(Listing(head_similar(ENGLISH, paper), entries)).html)
    assert listed.count(title) >= 4


@given(WRITTEN)
def test_what_a_reader_wrote_is_shown_as_it_stands(written: str) -> None:
    kept = KeptRule(1, Rule(RuleKind.MUTE, written, Field.ANY))
    for html in (
        render_rules(ENGLISH, [kept], 1, None).html,
        tell_added(ENGLISH, kept, 3).html,
        show_interests(ENGLISH, [Interest(-1, written)], in_setup=False)[0],
        head_found(ENGLISH, written, 3, more=False).html,
        write_nothing_found(ENGLISH, written).html,
        ask_note(ENGLISH, Paper(title=written), shared=False).html,
        render_notice(written).html,
        tell_channel_set_up(ENGLISH, written).html,
    ):
        assert written in told(html)


@settings(max_examples=30)
@given(st.lists(WRITTEN, min_size=1, max_size=20).map(" ".join), st.integers(1, 60))
def test_a_text_of_any_length_is_cut_between_its_entities(piece: str, times: int) -> None:
    long = f"{piece} " * times
    paper = Paper(title=long, abstract=long * 9, authors=(long,), organization=long, summary=long)
    for message in (
        render_card(ENGLISH, Card(1, paper, Standing(), long[:1000])),
        render_listing(Listing(text("x"), [enter_paper(ENGLISH, 1, paper)] * 8)),
    ):
        assert isinstance(message, Message)
        assert 0 < utf16_length(told(message.html)) <= MAX_MESSAGE


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "tg://user?id=1", "data:text/html,x", "file:///etc"]
)
def test_a_link_of_a_dump_leads_to_the_web_or_nowhere(address: str) -> None:
    told = {"title": "A paper of some length", "summary": "Said. " * 30}
    body = json.dumps([{"paper": told | {"githubRepo": address, "projectPage": address}}])
    (paper,) = parse(body.encode()).papers
    assert (paper.code_url, paper.project_url) == (None, None)


def test_marks_that_turn_text_round_are_gone_from_titles() -> None:
    assert clean("Safe \u202egnp.exe \u2066title\u2069\u200b") == "Safe gnp.exe title"
