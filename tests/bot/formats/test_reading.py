import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formats.collection import (
    LARGEST_FILE,
    MOST_ENTRIES,
    Collection,
    Entry,
    Obstacle,
    Problem,
    Reject,
    UnreadableCollectionError,
)
from bot.formats.reading import read_collection

RDF = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
DONE_WITHIN = 8  # seconds; what goes back over itself takes hours


def read_or_refuse(body: bytes, name: str) -> Collection | None:
    try:
        return read_collection(body, name)
    except UnreadableCollectionError:
        return None


def fill(unit: str, before: str = "", after: str = "") -> bytes:
    return (before + unit * ((LARGEST_FILE - len(before) - len(after)) // len(unit)) + after).encode()


@pytest.mark.parametrize(
    ("body", "obstacle"),
    [
        (b"@" * (LARGEST_FILE + 1), Obstacle.TOO_LARGE),
        (b"", Obstacle.EMPTY),
        (b"\xef\xbb\xbf \n", Obstacle.EMPTY),
        (b"%PDF-1.7\n\x00\xff\xfe", Obstacle.UNKNOWN),
        (b"PK\x03\x04", Obstacle.UNKNOWN),
        (b"Dear Paperboy, I like robots.", Obstacle.UNKNOWN),
        (b'{"a": 1}', Obstacle.UNKNOWN),
        (b'{"a": ', Obstacle.UNKNOWN),
        (b"[]", Obstacle.UNKNOWN),
        (b"name,doi\na,b\n", Obstacle.UNKNOWN),
    ],
)
def test_says_why_a_file_cannot_be_read(body: bytes, obstacle: Obstacle) -> None:
    """A file that is none of ours is refused in words that tell what to do next."""
    with pytest.raises(UnreadableCollectionError, match=r"\.$") as refusal:
        read_collection(body, "library.bib")
    assert refusal.value.obstacle is obstacle


@pytest.mark.parametrize("name", ["library.bib", "library.csv", "library.json", "library", ""])
def test_believes_the_content_before_the_name(name: str) -> None:
    """A file is read by what stands in it, be it named otherwise."""
    for body in (b"\n@misc{k, title = {A}}", b"Title\nA\n", b'[{"id": "k", "title": "A"}]'):
        assert read_collection(body, name) == Collection((Entry(title="A"),))


def test_asks_the_name_where_the_content_leaves_it_open() -> None:
    """Words before a bibliography may look like a table; its name tells that it is none."""
    body = b"Author, Title\n@misc{k,\n title = {A}}\n"
    assert read_collection(body, "My.BIB").entries == (Entry(title="A"),)
    assert read_collection(body, "my.csv").entries == ()


def test_reads_only_so_many_entries() -> None:
    """Of a larger library the first entries are read, and one reject tells of the rest."""
    library = "\n".join(f"@misc{{k{n}, title = {{T{n}}}}}" for n in range(MOST_ENTRIES + 9))
    collection = read_collection(library.encode(), "large.bib")
    assert len(collection.entries) == MOST_ENTRIES
    assert collection.rejects == (Reject(f"k{MOST_ENTRIES}", Problem.BEYOND_LIMIT),)


@pytest.mark.parametrize(
    "filling",
    [
        ("{",),
        ("@",),
        ("[",),
        ("@a{",),
        ("@a{\n",),
        ("@comment{\n",),
        ("@ \t",),
        ("{", "@a{b,title={"),
        ("{}", "@a{b,title={", "}}"),
        ("a # ", "@a{b,title="),
        ("c=d,", "@a{b,"),
        ("$x ", "@a{b,title={", "}}"),
        ("a and ", "@a{b,title={x},author={", "}}"),
        ('"', "title\n"),
        (",", "title,"),
        ("9", '{"format":"paperboy","version":'),
        ('{"a":',),
        ("<a>", RDF),
        ("<a/>", RDF, "</rdf:RDF>"),
        ("<?xml ",),
        (" ", "x", "x"),
    ],
    ids=repr,
)
def test_no_file_takes_long(filling: tuple[str, ...]) -> None:
    """Five megabytes of whatever makes parsers go back over what they read are done within seconds."""
    body = fill(*filling)
    began = time.process_time()
    read_or_refuse(body, "hostile.bib")
    assert time.process_time() - began < DONE_WITHIN


_SIGNS = st.sampled_from([*'={}"#,;\\$\n []<>&', "\x00", "\ufeff", "é"])
_OPENINGS = st.sampled_from(
    [
        "@article{k,",
        "@string{",
        "@comment{",
        "title = {",
        "Title;",
        " and ",
        RDF,
        "<z:itemType>",
        "<!ENTITY a 'b'>",
    ]
)
_JSON_OPENINGS = st.sampled_from(['{"format": "paperboy", "version": 1', '"papers": [', '"title": ', "1e999"])
_PIECES = _SIGNS | _OPENINGS | _JSON_OPENINGS


@given(st.binary(max_size=300) | st.lists(_PIECES, max_size=60).map(lambda pieces: "".join(pieces).encode()))
def test_any_file_is_read_or_refused(body: bytes) -> None:
    """No bytes raise anything but the refusal, whatever the file is called."""
    for name in ("a.bib", "a.csv"):
        read_or_refuse(body, name)


_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["title", "phrase", "id"]), inner)
    ),
    max_leaves=9,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["papers", "interests", "rules", "title", "author", "issued", "date-parts", "authors"]
        ),
        _ANY_JSON | st.lists(_ANY_JSON, max_size=4),
    )
)
def test_any_json_is_read_or_refused(document: dict[str, object]) -> None:
    """No value of JSON, wherever it stands, raises anything but the refusal."""
    for shape in ({**document, "format": "paperboy", "version": 1}, [{"id": "k", "title": "T"} | document]):
        read_or_refuse(json.dumps(shape).encode(), "a.json")
