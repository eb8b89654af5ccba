"""Bodies that are no list of papers: each is one clear reject, and none stops anything."""

from __future__ import annotations

import gzip
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sources.parsing import parse
from sources.values import LARGEST_DUMP, Parsed, Reject

if TYPE_CHECKING:
    from conftest import Written  # which pytest alone can import

PACKED = gzip.compress(b"Title\nAbstract.", mtime=0)  # with a time in it each run would name the tests anew
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
        (gzip.compress(PACKED, mtime=0), "the body is gzip data, not text"),
        (PACKED[:-5], "the body is gzip that breaks off in the middle"),
        (b"\x1f\x8b\x08 is no gzip", "the body is gzip that is broken"),
        (b"%PDF-1.7\n", "the body is a PDF file, not text"),
        (b"PK\x03\x04\x00", "the body is a zip archive, not text"),
        (b"<!DOCTYPE html>\n<title>503</title>", "the body is an HTML page, not a list of papers"),
        (b"\n <html><body>Not found</body></html>", "the body is an HTML page, not a list of papers"),
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
    reject = _only_reject(b"word " * 10_000_000)
    assert reject.line == 1
    assert len(reject.excerpt) <= 60


def test_a_packed_body_is_read_as_what_is_in_it(weeds: Written) -> None:
    """Gzip is told by its first bytes, whatever is in it."""
    for body in (f"{weeds.title}\n{weeds.abstract}\n".encode(), b'[{"title": "Weeds Win"}]', b"", b"\x89PNG"):
        assert parse(gzip.compress(body)) == parse(body)


def test_a_bomb_is_refused_in_words() -> None:
    """A small body that unpacks to more than any dump fills no memory."""
    bomb = gzip.compress(b"Weeds Win\n" * (LARGEST_DUMP // 10 + 1), compresslevel=1)
    assert _only_reject(bomb).reason == "the body is gzip that unpacks to more than 100 MB"


def test_a_body_that_is_too_large_is_refused_in_words() -> None:
    """However it came here."""
    assert _only_reject(bytes(LARGEST_DUMP + 1)).reason == "the body is larger than the 100 MB of a dump"


def test_a_title_that_never_ends_is_a_reject(weeds: Written) -> None:
    """The papers beside it are read."""
    endless = "On Bread and the\n" * 600
    parsed = parse(
        f"Upvote 3\n{endless}{weeds.abstract}\nUpvote 4\n{weeds.title}\n{weeds.abstract}\n".encode()
    )
    assert [paper.title for paper in parsed.papers] == [weeds.title]
    assert [reject.reason for reject in parsed.rejects] == ["its title has 9,600 characters"]


LICENCE = """Permission is granted, free of charge, to any person who obtains a copy of this kettle, to deal
in the kettle without restriction, and to permit persons to whom the kettle is furnished to do so.

The above notice shall be included in all copies or substantial portions of the kettle.

THE KETTLE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED
TO THE WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE. IN NO EVENT SHALL THE HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT OR OTHERWISE, OUT OF OR IN
CONNECTION WITH THE KETTLE OR THE USE OF THE KETTLE.
"""
LETTER = """From: Bo Kettle <bo@example.org>
To: Ada Fence <ada@example.org>
Subject: The garden party
Message-ID: <1@example.org>

Dear Ada,

thank you for the invitation to the garden party. The train to the village leaves at noon, and the bus to the
house is there in time for it, so that the two of us will be in the garden at three.

Is there a place for the dog in the kitchen? He is used to the company of cats, and to the noise of children.
The umbrella of your aunt is in the car, and the books for the library are in the trunk, in the box with the
ribbon. Please tell her that the ribbon is for the cat.

Yours, Bo
"""
LOG = "".join(f"2026-01-0{day} 06:00:00,120 INFO [kettle.boiler] boiled=3 spilled=0\n" for day in range(1, 9))
TABLE = "name;room;boiled_at\n" + "".join(f'"Kettle {n}";"Room {n}";2026-01-0{n}\n' for n in range(1, 9))
STYLE = ".kettle {\n  color: red;\n}\n\n#spout > .steam {\n  opacity: 0.5;\n  transition: all 1s;\n}\n"
SCRIPT = '#!/bin/sh\nset -e\n\n# Boil it.\nfor kettle in $(ls); do\n    boil "$kettle" || exit 1\ndone\n'
PARTS = "Old Kettle Parts\nspouts, boilers, handles, lids, whistles, feet, knobs.\n" * 20
NAMES = "".join(f"KETTLE_{n}, KettleBoiler{n}, kettleSpout{n}, boilKettle{n}\n" for n in range(40))


@pytest.mark.parametrize("text", [LICENCE, LETTER, LOG, TABLE, STYLE, SCRIPT, PARTS, NAMES])
def test_a_text_of_another_kind_gives_no_papers(text: str) -> None:
    """Licences, letters, logs, tables, styles, scripts and lists of names, in whatever lines."""
    for dressed in (text, text.replace("\n", "\n\n"), text.replace("\n", "\r\n")):
        assert "not a list of papers" in _only_reject(dressed.encode()).reason


def test_what_lies_about_on_a_machine_gives_hardly_any_papers() -> None:
    """A folder of dumps may hold anything: of the files of Python and this project one in fifty."""
    library = Path(sysconfig.get_path("stdlib"))
    installed = Path(sysconfig.get_path("purelib"))
    files = [
        *sorted(library.glob("*.py")),
        *sorted(installed.glob("*.dist-info/**/LICENSE*")),
        *sorted(installed.glob("*.dist-info/METADATA")),
        *sorted(REPOSITORY.glob("[a-z]*/**/*.py")),
        *sorted(REPOSITORY.glob("docs/**/*.md")),
    ]
    bodies = {path.read_bytes() for path in files if path.is_file()}
    believed = [body for body in bodies if parse(body).papers]
    assert len(believed) <= len(bodies) / 50


def test_research_in_other_tongues_is_believed() -> None:
    """Only English prose is asked for words of research."""
    title = "Unkraut gewinnt: Gärten ohne Gärtner"
    abstract = (
        "Wir untersuchen, wie Gärten wachsen, wenn niemand hinsieht. Über drei Jahre machte eine Kamera am "
        "Zaun stündlich ein Bild, und ein kleines Netz lernte, Unkraut von Blumen zu unterscheiden. Am Ende "
        "gewinnt das Unkraut, und das Netz weiß es früher als der Gärtner."
    )
    papers = parse(f"{title}\n{abstract}\n".encode() * 3).papers
    assert [(paper.title, paper.abstract) for paper in papers] == [(title, abstract)] * 3


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
