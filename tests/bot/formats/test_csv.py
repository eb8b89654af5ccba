import csv
from datetime import UTC, datetime

import pytest

from bot.formats.collection import Collection, Entry, Problem, Reject
from bot.formats.csv_writing import write_csv
from bot.formats.reading import read_collection

ZOTERO_HEADER = (
    '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISBN","ISSN","DOI","Url",'
    '"Abstract Note","Date","Date Added","Date Modified","Access Date","Extra","Notes","Manual Tags",'
    '"Automatic Tags"\n'
)
ZOTERO_ROW = (
    '"ABCD1234","preprint","2017","Vaswani, Ashish; Shazeer, Noam","Attention, please","","","",'
    '"10.48550/arXiv.1706.03762","http://arxiv.org/abs/1706.03762","We say ""hi"".\nTwice.","2017-06-00",'
    '"2023-01-05 10:11:12","2023-01-06 00:00:00","","arXiv:1706.03762 [cs]",'
    '"<p>Read &amp; cite</p><p>it</p>",'
    '"mine; yours","Computer Science - Machine Learning"\n'
)


def test_reads_zoteros_table() -> None:
    """All that Zotero's CSV tells of a paper is read, behind a byte order mark too."""
    collection = read_collection(("\ufeff" + ZOTERO_HEADER + ZOTERO_ROW).encode(), "My Library.csv")
    assert collection == Collection(
        (
            Entry(
                title="Attention, please",
                abstract='We say "hi". Twice.',
                authors=("Ashish Vaswani", "Noam Shazeer"),
                year=2017,
                arxiv_id="1706.03762",
                url="http://arxiv.org/abs/1706.03762",
                keywords=("mine", "yours", "Computer Science - Machine Learning"),
                note="Read & cite\nit",
                at=datetime(2023, 1, 5, 10, 11, 12, tzinfo=UTC),
            ),
        )
    )


@pytest.mark.parametrize("separator", [";", "\t"])
def test_reads_what_spreadsheets_make_of_it(separator: str) -> None:
    """A table saved again by a spreadsheet is read with semicolons or tabs, in UTF-16 too."""
    body = f"title{separator}doi\nÜber uns{separator}10.1145/1\n".encode("utf-16")
    assert read_collection(body, "x.csv").entries == (Entry(title="Über uns", doi="10.1145/1"),)


def test_reads_what_windows_wrote() -> None:
    """A file that is no UTF-8 is read as Windows wrote it in the West."""
    assert read_collection("Title\nRené\n".encode("cp1252"), "x.csv").entries == (Entry(title="René"),)


def test_rows_without_title_are_rejects_and_empty_lines_nothing() -> None:
    """A row is named by its key, else by its place; short rows have empty cells."""
    collection = read_collection(b"Key,Title,Date\nK1,,2020\n\n,,\nK2,Here\n", "x.csv")
    assert collection.entries == (Entry(title="Here"),)
    assert collection.rejects == (Reject("K1", Problem.NO_TITLE), Reject("#2", Problem.NO_TITLE))


def test_a_cell_beyond_all_measure_ends_the_table() -> None:
    """What comes before a cell that no program reads is kept, and a reject tells of the rest."""
    collection = read_collection(b'Title\nHere\n"' + b"x" * 200_000 + b'"\nThere\n', "x.csv")
    assert collection == Collection((Entry(title="Here"),), rejects=(Reject("#2", Problem.BROKEN),))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "'="])
def test_no_cell_is_a_formula(start: str) -> None:
    """A cell that a spreadsheet would compute begins with an apostrophe, in every column of text."""
    formula = f"{start}1+1"
    entry = Entry(title=formula, abstract=formula, authors=(formula,), note=formula, keywords=(formula,))
    body = write_csv(Collection((entry,))).decode("utf-8-sig")
    _, cells = csv.reader(body.splitlines(keepends=True))
    assert [cell for cell in cells if "1+1" in cell] == [f"'{formula}"] * 5


def test_says_what_the_reader_thought() -> None:
    """Votes, saved papers and their times come back: a paper voted down is not taken for a like."""
    at = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    entries = (Entry(title="a", up=True, at=at), Entry(title="b", up=False), Entry(title="c", saved=True))
    assert read_collection(write_csv(Collection(entries)), "paperboy.csv").entries == entries
