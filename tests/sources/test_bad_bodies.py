"""Bodies that are no list of papers: each is one clear reject, and none stops anything."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sources.parsing import parse
from sources.values import Parsed, Reject

if TYPE_CHECKING:
    from conftest import Written


REPOSITORY = Path(__file__).parents[2]


def _only_reject(body: bytes) -> Reject:
    parsed = parse(body)
    assert parsed.papers == ()
    assert len(parsed.rejects) == 1
    return parsed.rejects[0]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is empty"),
        (b" \n\t\r\n", "the body is empty"),
        (b"\xef\xbb\xbf", "the body is empty"),
        ("\u200b\n\u200b".encode(), "the body is empty"),
        (b"\x00", "the body is binary data, not text"),
        (bytes(range(256)) * 10, "the body is binary data, not text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "the body is a PNG image, not text"),
        (gzip.compress(b"Title\nAbstract.", mtime=0), "the body is gzip data, not text"),
        (b"%PDF-1.7\n", "the body is a PDF file, not text"),
        (b"PK\x03\x04\x00", "the body is a zip archive, not text"),
        (b"<!DOCTYPE html>\n<title>503</title>", "the body is an HTML page, not a list of papers"),
        (b"\n <html><body>Not found</body></html>", "the body is an HTML page, not a list of papers"),
        (b"<?xml version='1.0'?><feed/>", "the body is an XML document, not a list of papers"),
        (b"502 Bad Gateway\nnginx", "an error page, not a list of papers"),
        (
            b"Service Unavailable\n\nWe are sorry. Please try again later.",
            "an error page, not a list of papers",
        ),
        (b"HTTP/1.1 404 Not Found\n\nThere is no such page here.", "an error page, not a list of papers"),
        (b"hello", "a title without an abstract"),
        (b"This is just prose.\nIt lists nothing at all, as you can see.", "an abstract without a title"),
        (b"Dear Bob,\n\nthanks for the kettle. It boils well.", "plain prose, not a list of papers"),
        (b"Previous\nNext\n", "the page holds no text of a paper"),
    ],
)
def test_a_body_that_is_no_list_says_what_it_is(body: bytes, reason: str) -> None:
    """One reject, in words, and no paper."""
    assert _only_reject(body).reason == reason


def test_a_stray_zero_byte_loses_no_paper(weeds: Written) -> None:
    """Only a body full of control bytes is binary."""
    body = f"{weeds.title}\n{weeds.abstract}\n".encode()
    assert parse(body + b"\x00").papers == parse(body).papers


def test_bytes_that_are_no_utf_8_are_read_as_western(weeds: Written) -> None:
    """Encodings may be mixed in one body: each byte counts for itself."""
    body = (
        b"Caf\xe9 Robots\n"
        + weeds.abstract.encode()
        + b"\nPoincar\xc3\xa9 Robots\n"
        + weeds.abstract.encode()
    )
    assert [paper.title for paper in parse(body).papers] == ["Café Robots", "Poincaré Robots"]


def test_a_character_cut_at_the_end_is_left_out(weeds: Written) -> None:
    """A cut body ends where its last whole character does."""
    body = f"{weeds.title}\n{weeds.abstract} Voilà".encode()[:-1]
    assert parse(body).papers[0].abstract == f"{weeds.abstract} Voil"


def test_an_endless_line_is_one_reject() -> None:
    """Its excerpt is short, and it costs no time."""
    reject = _only_reject(b"word " * 1_000_000)
    assert reject.line == 1
    assert len(reject.excerpt) <= 60


@pytest.mark.parametrize(
    "file",
    [
        "README.md",
        "pyproject.toml",
        "Makefile",
        "constraints.txt",
        ".env.example",
        "docs/playground.md",
        "bot/app.py",
    ],
)
def test_a_file_of_another_kind_gives_no_papers(file: str) -> None:
    """Markdown, settings and code have lines like titles and abstracts, and are one reject all the same."""
    assert "not a list of papers" in _only_reject((REPOSITORY / file).read_bytes()).reason


def test_a_page_of_headings_gives_one_reject() -> None:
    """Where most lines pair up to nothing and no mark of a list is there, none of it is believed."""
    table = "".join(f"some.path.{n} seen {n} times\n" for n in range(40))
    prose = "This column was seen on many days, and nobody remembers what it was good for. It stays."
    assert "not a list of papers" in _only_reject(f"{table}{prose}\n{table}".encode()).reason


def test_rejects_are_counted_beyond_a_thousand() -> None:
    """A body that is no dump does not fill the report."""
    parsed = parse(b"Daily Papers\nSubscribe\n" + b"A Heading of Its Own\n" * 5_000)
    assert len(parsed.rejects) == 1_001
    assert parsed.rejects[-1].reason == "4,000 more pieces that are no papers"


def test_endless_scraps_are_refused_as_a_whole() -> None:
    """Lines that are far too short for any paper are not even looked at."""
    assert "too short for titles" in _only_reject(b"ab\n" * 100_000).reason


def test_an_excerpt_is_printable(weeds: Written) -> None:
    """What a log shows of a hostile line cannot move its cursor."""
    parsed = parse(f"{weeds.title}\n{weeds.abstract}\nOn\x1b[2J \u202eCats\n".encode())
    assert parsed.rejects == (Reject("a title without an abstract", 3, "On[2J Cats"),)


@pytest.mark.parametrize(
    "piece",
    [
        "(" * 50_000,
        "[" * 50_000,
        '{"a":' * 50_000,
        "-" * 50_000,
        "• " * 50_000,
        "Subscribe" * 20_000,
        "1, " * 50_000,
    ],
)
def test_no_pattern_backtracks(piece: str) -> None:
    """Repetition takes linear time; the suite's time limit stands guard."""
    assert isinstance(parse(piece.encode()), Parsed)
    assert isinstance(
        parse("\n".join(piece[i : i + 300] for i in range(0, len(piece), 300)).encode()), Parsed
    )
