"""HTML into text and entities: what Telegram reads, and the words in which it refuses."""

import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.errors import BadRequest
from bot.playground.formatting import formatted_message
from bot.playground.markup import parse_html


def read(source: str) -> tuple[str, list[tuple[Any, ...]]]:
    """Return the text, and each entity with the values of its own fields."""
    text, entities = parse_html(source)
    return text, [(one.kind, one.offset, one.length, *one.extra.values()) for one in entities]


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("B", "bold"),
    ],
)
def test_each_tag_gives_its_entity(tag: str, kind: str) -> None:
    """Every tag of the Bot API, in any case, becomes its kind of entity."""
    assert read(f"a<{tag}>bc</{tag}>d") == ("abcd", [(kind, 1, 2)])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<span class="tg-spoiler">x</span>', ("spoiler", 0, 1)),
        ("<blockquote expandable>x</blockquote>", ("expandable_blockquote", 0, 1)),
        ('<blockquote expandable="">x</blockquote>', ("expandable_blockquote", 0, 1)),
        ('<a href="https://arxiv.org">x</a>', ("text_link", 0, 1, "https://arxiv.org/")),
        ("<a href='http://A.B/x?q=1&amp;r=2'>x</a>", ("text_link", 0, 1, "http://a.b/x?q=1&r=2")),
        ("<a>a.bc</a>", ("text_link", 0, 4, "http://a.bc/")),
        (
            '<a href="tg://user?id=42">x</a>',
            ("text_mention", 0, 1, {"id": 42, "is_bot": False, "first_name": ""}),
        ),
        ('<tg-emoji emoji-id="5">👍</tg-emoji>', ("custom_emoji", 0, 2, "5")),
        ('<pre><code class="language-python">x</code></pre>', ("pre", 0, 1, "python")),
        ('<code class="language-python">x</code>', ("code", 0, 1)),
    ],
)
def test_arguments_of_tags_are_read(source: str, expected: tuple[Any, ...]) -> None:
    """Attributes give links, languages, custom emoji and the fold of a quote."""
    _, entities = read(source)
    assert entities == [expected]


def test_offsets_count_utf16_code_units() -> None:
    """An emoji outside of the basic plane counts two."""
    assert read("😀<b>é😀</b>")[1] == [("bold", 2, 3)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#65;&#x42;&#x1F600;", "AB😀"),
        ("&lt", "<"),
        ("&nbsp; &apos; & &#; &#0; &#12345678;", "&nbsp; &apos; & &#; &#0; &#12345678;"),
    ],
)
def test_character_references(source: str, text: str) -> None:
    """Four names and all numbers are decoded, everything else stays as it is written."""
    assert read(source) == (text, [])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("é <x>", 'Unsupported start tag "x" at byte offset 3'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">', 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        ("&#xD800;", "Text contains invalid Unicode characters after decoding HTML entities, check for "),
    ],
)
def test_mistakes_are_told_in_telegrams_words(source: str, words: str) -> None:
    """A mistake is refused with Telegram's own sentence and byte offset."""
    with pytest.raises(BadRequest) as refused:
        parse_html(source)
    assert refused.value.description.startswith(f"Bad Request: can't parse entities: {words}")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://a.bc/x", "http://", "a.bc:99999", "localhost"]
)
def test_a_link_that_is_none_becomes_text(address: str) -> None:
    """A bad address loses its link, not its text."""
    assert read(f'<a href="{address}">x</a>') == ("x", [])


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back(text: str) -> None:
    """Whatever is escaped as HTML is read back as it was, without entities."""
    assert read(html.escape(text, quote=False)) == (text, [])


@given(
    st.lists(
        st.tuples(st.text("ab😀 \n<&"), st.sampled_from(["b", "i", "u", "code", "blockquote"])), max_size=6
    )
)
def test_entities_lie_in_the_text(pieces: list[tuple[str, str]]) -> None:
    """No entity of a message begins or ends outside of its text, and they are sorted."""
    source = "x" + "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text, tag in pieces)
    formatted = formatted_message(source, "HTML")
    length = len(formatted.text.encode("utf-16-le")) // 2
    assert all(0 <= one.offset < one.end <= length for one in formatted.entities)
    assert [one.order for one in formatted.entities] == sorted(one.order for one in formatted.entities)
