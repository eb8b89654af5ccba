"""What Telegram makes of a text before it keeps it."""

import json
from typing import Any

import pytest

from bot.playground.errors import BadRequest
from bot.playground.formatting import formatted_caption, formatted_message


def entities(source: str, parse_mode: str = "HTML") -> list[tuple[str, int, int]]:
    """Return kind, offset and length of each entity of a message."""
    return [(one.kind, one.offset, one.length) for one in formatted_message(source, parse_mode).entities]


def given(source: str, *listed: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Return the same of a message whose entities are given."""
    formatted = formatted_message(source, entities=json.dumps(listed))
    return [(one.kind, one.offset, one.length) for one in formatted.entities]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("<b></b>", "text must be non-empty"),
        ("\u200b\u2800", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("é" * 17000, "text is too long"),
    ],
)
def test_texts_that_telegram_refuses(source: str, words: str) -> None:
    """Empty and over-long texts are refused in Telegram's words."""
    with pytest.raises(BadRequest, match=f"^Bad Request: {words}$"):
        formatted_message(source, "HTML")


def test_length_is_counted_after_parsing() -> None:
    """4096 characters fit however many bytes their markup and their UTF-16 take."""
    assert formatted_message(f"<b>{'&lt;' * 4095}😀</b>", "HTML").text == "<" * 4095 + "😀"


def test_captions_are_shorter_and_may_be_empty() -> None:
    """A caption has 1024 characters at most."""
    assert formatted_caption("").text == ""
    with pytest.raises(BadRequest, match="message caption is too long"):
        formatted_caption("x" * 1025)


@pytest.mark.parametrize("parse_mode", ["MarkdownV2", "Wiki"])
def test_other_parse_modes_are_refused(parse_mode: str) -> None:
    """Nothing is read by a mode that the playground does not know."""
    with pytest.raises(BadRequest, match="parse_mode"):
        formatted_message("*x*", parse_mode)


def test_blanks_around_a_message_are_trimmed() -> None:
    """Blanks go at the end, and at the beginning up to the first entity; entities move along."""
    formatted = formatted_message(" \n a <b>b </b>\n ", "HTML")
    assert formatted.text == "a b"
    assert entities(" \n a <b>b </b>\n ") == [("bold", 2, 1)]
    assert formatted_message("<b> x</b>", "HTML").text == " x"


def test_control_characters_are_blanked_or_removed() -> None:
    """Tabs become blanks, returns and turning marks go, and entities keep their place."""
    assert formatted_message("a\tb\r\nc").text == "a b\nc"
    assert entities("a\r\u202e<b>b</b>") == [("bold", 1, 1)]


def test_bold_is_cut_where_a_link_begins_and_ends() -> None:
    """Telegram returns the bold around a link in pieces."""
    assert entities('<b>ab <a href="a.bc">cd</a> ef</b>') == [
        ("bold", 0, 3),
        ("text_link", 3, 2),
        ("bold", 3, 2),
        ("bold", 5, 3),
    ]


def test_code_holds_nothing_else() -> None:
    """Bold around code and links inside of code are dropped."""
    assert entities("<b><code>a</code></b>") == [("code", 0, 1)]
    assert entities("<code>https://a.com</code>") == [("code", 0, 13)]


def test_quotes_hold_links_and_are_not_nested() -> None:
    """A quote may hold a link whole; a quote in a quote is dropped."""
    assert entities('<blockquote>a <a href="b.cd">b</a></blockquote>') == [
        ("blockquote", 0, 3),
        ("text_link", 2, 1),
    ]
    nested = "<blockquote>a <blockquote>b</blockquote></blockquote>"
    assert entities(nested) == [("blockquote", 0, 3)]


def test_touching_entities_of_a_kind_are_joined() -> None:
    """Two bold pieces beside each other are one."""
    assert entities("<b>a</b><b>b</b> <i>c</i>") == [("bold", 0, 2), ("italic", 3, 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://arxiv.org/abs/1234.", ("url", 4, 26)),
        ("see arxiv.org/abs", ("url", 4, 13)),
        ("(https://a.com/x)", ("url", 1, 15)),
        ("mail ada@example.com!", ("email", 5, 15)),
        ("/today@paper_bot now", ("bot_command", 0, 16)),
        ("ask @ada_l", ("mention", 4, 6)),
        ("#ml2 rocks", ("hashtag", 0, 4)),
        ("buy $ABC", ("cashtag", 4, 4)),
        ("😀 /today", ("bot_command", 3, 6)),
    ],
)
def test_addresses_and_signs_are_found(text: str, expected: tuple[str, int, int]) -> None:
    """What needs no markup becomes an entity by itself."""
    assert entities(text, "") == [expected]


@pytest.mark.parametrize("text", ["1/2 and a/b", "#123", "a@b", "e.g. this", "v1.2.3", "$5", "https:// x"])
def test_what_only_looks_like_a_sign_is_left_alone(text: str) -> None:
    """Fractions, numbers and abbreviations stay plain text."""
    assert entities(text, "") == []


def test_entities_may_be_given_in_place_of_a_parse_mode() -> None:
    """Given entities are kept, sorted, with their links in Telegram's form."""
    link = {"type": "text_link", "offset": 2, "length": 1, "url": "https://a.bc"}
    assert given("a b", link, {"type": "bold", "offset": 0, "length": 1}) == [
        ("bold", 0, 1),
        ("text_link", 2, 1),
    ]
    assert given("a b", {"type": "text_link", "offset": 0, "length": 1, "url": "no link"}) == []
    assert given("a b", {"type": "url", "offset": 0, "length": 1}) == []
    assert given("a b", {"type": "custom_emoji", "offset": 0, "length": 1}) == []


def test_links_across_the_edge_of_a_quote_are_dropped() -> None:
    """A quote may hold a link, not share a part of it."""
    link = {"type": "text_link", "offset": 0, "length": 2, "url": "https://a.bc"}
    assert given("abc", link, {"type": "blockquote", "offset": 1, "length": 2}) == [("blockquote", 1, 2)]


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        ({"type": "bold", "length": 1}, "can't parse MessageEntity: Can't find field \"offset\""),
        ({"type": "bold", "offset": -1, "length": 1}, "receive an entity with incorrect offset -1"),
        (
            {"type": "bold", "offset": 9, "length": 1},
            "entity begins after the end of the text at UTF-16 offset 9",
        ),
        (
            {"type": "bold", "offset": 0, "length": 9},
            "entity beginning at UTF-16 offset 0 ends after the end of the",
        ),
        (
            {"type": "bold", "offset": 1, "length": 1},
            "entity at UTF-16 offset 1 begins or ends in a middle of a",
        ),
    ],
)
def test_given_entities_must_lie_in_the_text(entity: dict[str, Any], words: str) -> None:
    """An entity outside of the text, or in the middle of a character, is refused."""
    with pytest.raises(BadRequest) as refused:
        given("😀x", entity)
    assert refused.value.description.startswith(f"Bad Request: {words}")
