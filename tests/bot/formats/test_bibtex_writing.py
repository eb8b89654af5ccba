from datetime import date

from bot.formats.bibtex_reading import read_bibtex
from bot.formats.bibtex_writing import write_bibtex
from bot.formats.collection import Collection, Entry


def write(*entries: Entry) -> str:
    return write_bibtex(Collection(entries)).decode()


def keys_of(*entries: Entry) -> list[str]:
    return [line[6:-1] for line in write(*entries).splitlines() if line.startswith("@misc{")]


def test_writes_what_bibliographies_ask_for() -> None:
    """An entry has its fields under the names that BibTeX, BibLaTeX and arXiv use."""
    entry = Entry(
        title="Costs & Benefits",
        authors=("Ada Lovelace", "Meta, Inc."),
        published=date(2024, 5, 6),
        arxiv_id="2405.01234",
        note="read\nagain",
    )
    assert write(entry) == (
        "@misc{lovelace2024costs,\n"
        "  title = {{Costs \\& Benefits}},\n"
        "  author = {Ada Lovelace and {Meta, Inc.}},\n"
        "  year = {2024},\n"
        "  date = {2024-05-06},\n"
        "  eprint = {2405.01234},\n"
        "  archiveprefix = {arXiv},\n"
        "  annote = {read\\\\{}again},\n"
        "}\n"
    )


def test_keys_are_plain_and_never_clash() -> None:
    """Keys are made of plain letters and digits; equal ones are numbered, in order."""
    paper = Entry(title="The Śmart Ωmega of Nets", authors=("Karl Müller",), year=2020)
    assert keys_of(paper, paper, Entry(title="论文"), Entry(title="!")) == [
        "muller2020smart",
        "muller2020smart-2",
        "paper",
        "paper-2",
    ]


def test_leaves_out_what_was_voted_down() -> None:
    """Papers voted down are no part of a bibliography, for it would be read as a list of likes."""
    assert "Bad" not in write(Entry(title="Bad", up=False), Entry(title="Good", up=True))


def test_a_note_is_no_entry() -> None:
    """A line of a note that begins like an entry is read back as a note, mathematics around it or not."""
    entry = Entry(title="A", note="$a\n@misc{b$, title = {B}}")
    assert read_bibtex(write(entry)).entries == (entry,)


def test_nothing_is_written_as_nothing() -> None:
    """An empty collection is an empty file."""
    assert write() == ""
