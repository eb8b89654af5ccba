import json
from typing import Any

import pytest

from bot.formats.collection import (
    MOST_ENTRIES,
    MOST_INTERESTS,
    Collection,
    Entry,
    Obstacle,
    Problem,
    Reject,
    UnreadableCollectionError,
)
from bot.formats.reading import read_collection


def read(document: Any) -> Collection:
    return read_collection(json.dumps(document).encode(), "paperboy.json")


def ours(**parts: Any) -> dict[str, Any]:
    return {"format": "paperboy", "version": 1, **parts}


def test_fields_of_a_wrong_type_count_as_missing() -> None:
    """Whoever wrote the file by hand loses what cannot be read, and no more."""
    paper = {
        "title": "A",
        "abstract": 7.5,
        "authors": "Ada",
        "year": True,
        "vote": [],
        "saved": "yes",
        "at": 3,
    }
    assert read(ours(papers=[paper])).entries == (Entry(title="A"),)


def test_pieces_that_are_nothing_are_rejects() -> None:
    """Papers, interests and rules that cannot be read are told of, each by its name or place."""
    collection = read(
        ours(
            papers=[3, {}],
            interests=["robots", {"phrase": "nets"}, {"phrase": " "}],
            rules=[{"kind": "praise", "field": "any", "phrase": "nets"}],
        )
    )
    assert collection.interests == (("nets", True),)
    assert collection.rejects == (
        Reject("#1", Problem.NOT_A_PAPER),
        Reject("#2", Problem.NO_TITLE),
        Reject("#1", Problem.NOT_A_WISH),
        Reject("#3", Problem.NOT_A_WISH),
        Reject("nets", Problem.NOT_A_WISH),
    )


def test_a_later_version_is_refused() -> None:
    """What a later Paperboy wrote is not half understood but refused, with what to do."""
    with pytest.raises(UnreadableCollectionError) as refusal:
        read(ours(version=2))
    assert refusal.value.obstacle is Obstacle.NEWER


def test_reads_only_so_many() -> None:
    """Beyond the limits a single reject tells of all that was left out."""
    papers = [{"title": f"Paper {n}"} for n in range(MOST_ENTRIES + 5)]
    interests = [{"phrase": f"subject {n}"} for n in range(MOST_INTERESTS + 5)]
    collection = read(ours(papers=papers, interests=interests))
    assert len(collection.entries) == MOST_ENTRIES
    assert len(collection.interests) == MOST_INTERESTS
    assert collection.rejects == (
        Reject(f"Paper {MOST_ENTRIES}", Problem.BEYOND_LIMIT),
        Reject(f"subject {MOST_INTERESTS}", Problem.BEYOND_LIMIT),
    )


def test_long_texts_are_cut() -> None:
    """No field is longer than a paper's may be."""
    paper = {
        "title": "t" * 9_999,
        "abstract": "a" * 99_999,
        "note": "n" * 9_999,
        "authors": ["A" * 999] * 999,
    }
    (entry,) = read(ours(papers=[paper])).entries
    assert (len(entry.title), len(entry.abstract), len(entry.note or "")) == (1_000, 10_000, 4_000)
    assert (len(entry.authors), len(entry.authors[0])) == (500, 200)


def test_notes_hold_what_a_database_takes() -> None:
    """Line breaks stay in a note; what neither a database nor UTF-8 can hold goes."""
    (entry,) = read(ours(papers=[{"title": "A", "note": "one\x00\n\ud800two"}])).entries
    assert entry.note == "one\ntwo"


def test_reads_csl() -> None:
    """CSL JSON is read as Zotero writes it; what is no item is a reject."""
    item = {
        "id": "vaswani",
        "title": "Attention <i>is</i> all",
        "author": [{"family": "Vaswani", "given": "Ashish"}, {"literal": "Meta AI"}, 7],
        "issued": {"date-parts": [["2017", 6]]},
        "DOI": "10.1145/1",
        "note": "arXiv:1706.03762 [cs]",
    }
    assert read([item, 7]) == Collection(
        (
            Entry(
                title="Attention is all",
                authors=("Ashish Vaswani", "Meta AI"),
                year=2017,
                arxiv_id="1706.03762",
                doi="10.1145/1",
            ),
        ),
        rejects=(Reject("#2", Problem.NOT_A_PAPER),),
    )


def test_a_reference_to_no_character_costs_nothing_else() -> None:
    """Its number may have more digits than Python reads."""
    items = [{"title": f"A &#{'9' * 5_000}; &amp; B"}, {"title": "C"}]
    assert [entry.title for entry in read(items).entries] == ["A \ufffd & B", "C"]
