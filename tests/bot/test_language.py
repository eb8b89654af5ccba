"""The languages: what is said is in the catalogues, and what is in the catalogues is said."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.messages.language import CATALOGUES, ENGLISH, known_codes, name_of, speak
from bot.messages.markup import bold, text, utf16_length
from bot.playground.markup import parse_html

BOT = Path(__file__).parents[2] / "bot"
KEYWORDS = {"say": None, "html": None, "noop": None, "count": (1, 2)}
OTHERS = [code for code in known_codes() if code != "en"]
PLACEHOLDER = re.compile(r"{(\w*)}")


def said() -> Catalog:
    """Collect every message that the code says."""
    catalogue = Catalog()
    for file, line, message, _, _ in extract_from_dir(BOT, keywords=KEYWORDS):
        catalogue.add(message, locations=[(file, line)])
    return catalogue


def kept(code: str) -> Catalog:
    with (CATALOGUES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


def ids(catalogue: Iterable[Message]) -> set[str | tuple[str, ...]]:
    return {message.id for message in catalogue if message.id}


def forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string]


def sources(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, (list, tuple)) else [message.id]


def test_there_is_a_second_language() -> None:
    assert "zh" in OTHERS


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_is_translated_and_none_is_left_over(code: str) -> None:
    """`make texts` brings a catalogue up to date; then what is new waits for its translation."""
    catalogue = kept(code)
    assert ids(said()) - ids(catalogue) == set(), "missing: run `make texts` and translate"
    assert ids(catalogue) - ids(said()) == set(), "unused: run `make texts`"
    assert [m.id for m in catalogue if m.id and (m.fuzzy or not all(forms(m)))] == []


@pytest.mark.parametrize("code", OTHERS)
def test_translations_keep_placeholders_tags_and_commands(code: str) -> None:
    """A form may leave out the count, as where it stands for one thing; nothing else may differ."""
    for message in kept(code):
        if not message.id:
            continue
        names = {name for source in sources(message) for name in PLACEHOLDER.findall(source)}
        for form in forms(message):
            assert set(PLACEHOLDER.findall(form)) >= names - {"count"}, message.id
            assert set(PLACEHOLDER.findall(form)) <= names, message.id
            for pattern in (r"</?\w+[^>]*>", r"(?<![\w/])/[a-z]+"):
                originals = {tuple(sorted(re.findall(pattern, source))) for source in sources(message)}
                assert tuple(sorted(re.findall(pattern, form))) in originals, message.id


def test_every_message_is_a_template_that_can_be_filled() -> None:
    for message in ids(said()):
        for source in [message] if isinstance(message, str) else message:
            assert all(
                name is None or name.isidentifier() for _, name, _, _ in string.Formatter().parse(source)
            )


def test_a_language_is_found_by_what_clients_call_it() -> None:
    assert [speak(code).code for code in ("zh-hans", "zh_CN", "ZH", "en-GB", "xx", None, "", "../..")] == [
        "zh",
        "zh",
        "zh",
        "en",
        "en",
        "en",
        "en",
        "en",
    ]


def test_counts_take_the_form_of_their_number() -> None:
    said = [ENGLISH.count("{count} paper", "{count} papers", n) for n in (0, 1, 2, 1234)]
    assert said == ["0 papers", "1 paper", "2 papers", "1,234 papers"]


def test_dates_and_shares_are_written_as_each_language_does() -> None:
    day = date(2026, 11, 21)
    assert (ENGLISH.day(day), ENGLISH.date(day), ENGLISH.percent(0.725)) == (
        "Saturday, 21 November",
        "21 Nov 2026",
        "72%",
    )
    chinese = speak("zh")
    assert (chinese.day(day), chinese.date(day)) == ("11月21日周六", "2026年11月21日")
    assert (name_of("en"), name_of("zh")) == ("English", "简体中文")


def test_values_in_html_are_escaped_and_fragments_are_not() -> None:
    told = ENGLISH.html("<b>{name}</b> &amp; {bold}", name="<&>", bold=bold(text("x")))
    assert told.html == "<b>&lt;&amp;&gt;</b> &amp; <b>x</b>"
    assert told.length == utf16_length(parse_html(told.html)[0])


def test_a_value_with_braces_is_taken_as_it_stands() -> None:
    assert ENGLISH.say("{title}!", title="{curly} {0}") == "{curly} {0}!"
    assert ENGLISH.html("{title}!", title="{curly} {0}").html == "{curly} {0}!"
