"""What Paperboy writes it reads again, with all that LaTeX, CSV and spreadsheets stumble over."""

from datetime import UTC, date, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from bot.formats.bibtex_writing import write_bibtex
from bot.formats.collection import Collection, Entry
from bot.formats.csv_writing import write_csv
from bot.formats.json_writing import write_json
from bot.formats.latex import decode_latex, encode_latex
from bot.formats.reading import read_collection
from recommender.concordance import Field
from recommender.rules import Rule, RuleKind
from sources.cleaning import clean

_letters = st.sampled_from("aAbzZ09 éüłßñ论文😀ñ&%$#_{}~^\\`'\"-–—=,;:@()<>[]|/.!?*+\n")
_words = st.sampled_from(
    ["$x_1$", "\\alpha", "\\'e", "---", "``", " and ", "@article{", "$", "others", "\\textbackslash"]
)
_raw = st.lists(_letters | _words | st.characters(codec="utf-8"), max_size=40).map("".join)
_lines = _raw.map(clean)
_titles = _lines.filter(bool)
_names = st.lists(_titles, max_size=4).map(tuple)
_notes = st.none() | st.lists(_lines, min_size=1, max_size=3).map("\n".join).map(str.strip).filter(bool)
_days = st.dates(min_value=date(1500, 1, 1), max_value=date(2099, 12, 31))
_zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3, minutes=-30))])
_entries = st.builds(
    Entry,
    title=_titles,
    abstract=_lines,
    authors=_names,
    published=st.none() | _days,
    arxiv_id=st.none() | st.sampled_from(["2401.01234", "0704.0001", "hep-th/9901001"]),
    doi=st.none() | st.sampled_from(["10.1145/34421_88", "10.1000/a(b)c"]),
    url=st.none() | st.sampled_from(["https://example.org/~a_b?c=%20&d=1#e", "http://a.b/--x"]),
    keywords=_names,
    up=st.none() | st.booleans(),
    saved=st.booleans(),
    note=_notes,
    at=st.none() | st.datetimes(timezones=_zones),
) | st.builds(Entry, title=_titles, year=st.integers(1500, 2099))
_rules = st.builds(Rule, st.sampled_from(RuleKind), _titles, st.sampled_from(Field))
_collections = st.builds(
    Collection,
    st.lists(_entries, max_size=4).map(tuple),
    st.lists(st.tuples(_titles, st.booleans()), max_size=3).map(tuple),
    st.lists(_rules, max_size=3).map(tuple),
)


@given(_collections)
def test_json_is_read_back_as_it_was(collection: Collection) -> None:
    """All that a collection holds comes back from Paperboy's own format, and nothing else."""
    assert read_collection(write_json(collection), "paperboy.json") == collection


@given(st.lists(_entries, min_size=1, max_size=4).map(tuple))
def test_bibtex_keeps_papers_intact(entries: tuple[Entry, ...]) -> None:
    """Titles, abstracts, names, days, identifiers and addresses come back from BibTeX letter by letter."""
    liked = [entry for entry in entries if entry.up is not False]
    body = write_bibtex(Collection(entries))
    read = read_collection(body, "paperboy.bib") if liked else Collection()
    assert not read.rejects
    assert [_told_in_bibtex(entry) for entry in read.entries] == [_told_in_bibtex(entry) for entry in liked]


@given(st.lists(_entries, max_size=4).map(tuple))
def test_csv_keeps_papers_intact(entries: tuple[Entry, ...]) -> None:
    """Titles, abstracts, votes, notes and identifiers come back from CSV letter by letter."""
    read = read_collection(write_csv(Collection(entries)), "paperboy.csv")
    assert not read.rejects
    assert [_told_in_csv(entry) for entry in read.entries] == [_told_in_csv(entry) for entry in entries]


@given(_raw)
def test_latex_is_decoded_as_it_was_encoded(text: str) -> None:
    """Any text comes back from LaTeX, and its braces are balanced for BibTeX."""
    encoded = encode_latex(text)
    assert decode_latex(encoded) == text
    assert encoded.count("{") == encoded.count("}")


def _told_in_bibtex(entry: Entry) -> tuple[object, ...]:
    names = (entry.authors, entry.published, entry.year)
    return (entry.title, entry.abstract, *names, entry.arxiv_id, entry.doi, entry.url, entry.note)


def _told_in_csv(entry: Entry) -> tuple[object, ...]:
    opinion = (entry.up, entry.saved, entry.note, entry.at)
    return (entry.title, entry.abstract, entry.published, entry.year, entry.arxiv_id, entry.doi, *opinion)
