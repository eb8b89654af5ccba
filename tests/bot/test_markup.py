from hypothesis import given
from hypothesis import strategies as st

from bot.messages.markup import bold, cut, folded_quote, italic, joined, link, share, text, utf16_length
from bot.playground.markup import parse_html

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]))


@given(TEXT)
def test_any_text_survives_telegram_s_parser(plain: str) -> None:
    """What Telegram reads out of our HTML is what we put in, with the length that we counted."""
    fragment = bold(text("x" + plain + "x"))
    assert parse_html(fragment.html)[0] == "x" + plain + "x"
    assert fragment.length == utf16_length("x" + plain + "x")


def test_markup_within_text_is_no_markup() -> None:
    nasty = "a <b>bold</b> & <script> _x_ *y* “q” 'z' &lt; \u202b\u0634"
    assert parse_html(italic(text(nasty)).html)[0] == nasty


def test_a_link_keeps_its_address() -> None:
    plain, (entity,) = parse_html(link(text("a<b"), "https://example.org/?q=1&r=%222%22").html)
    assert plain == "a<b"
    assert entity.extra["url"] == "https://example.org/?q=1&r=%222%22"


@given(TEXT, st.integers(0, 300))
def test_a_cut_text_fits_and_is_a_beginning(plain: str, limit: int) -> None:
    shown = cut(plain, limit)
    assert utf16_length(shown) <= limit
    assert plain.startswith(shown.removesuffix("…"))


def test_a_cut_falls_after_a_sentence() -> None:
    plain = "We study paper boys. They ride bicycles through the rain. Nobody thanks them for that."
    assert cut(plain, 70) == "We study paper boys. They ride bicycles through the rain."


def test_a_cut_falls_after_a_word_where_no_sentence_ends_late_enough() -> None:
    assert cut("One. " + "word " * 50, 60) == "One. " + " ".join(["word"] * 10) + "…"


def test_a_cut_never_halves_a_character() -> None:
    assert cut("🧪🧪🧪", 4) == "🧪…"


def test_a_decimal_point_ends_no_sentence() -> None:
    assert cut("It reaches 93.5 percent on the benchmark of everything there is", 40).endswith("…")


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=10), st.integers(0, 5000))
def test_room_is_shared_without_waste(lengths: list[int], room: int) -> None:
    """Nobody gets more than they need, nor all more than there is; none is left while someone lacks."""
    granted = share(lengths, room)
    assert all(got <= need for got, need in zip(granted, lengths, strict=True))
    assert sum(granted) <= room
    lacking = [got for got, need in zip(granted, lengths, strict=True) if got < need]
    if lacking:
        assert room - sum(granted) < len(lengths)
        assert min(lacking) + 1 >= max(granted)


def test_joining_leaves_out_what_is_empty() -> None:
    assert joined([text("a"), text(""), folded_quote(text("b"))], " · ").length == 5
