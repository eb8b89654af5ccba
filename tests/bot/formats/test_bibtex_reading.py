from datetime import date

import pytest

from bot.formats.bibtex_reading import read_bibtex
from bot.formats.collection import Collection, Entry, Problem, Reject


def read_one(fields: str) -> Entry:
    (entry,) = read_bibtex(f"@article{{key, title = {{A title}}, {fields}}}").entries
    return entry


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {2401.01234v3}, archivePrefix = {arXiv}",
        "eprint = {2401.01234}, eprinttype = {arxiv}",
        "eprint = 2401.01234",
        "eprint = {arXiv:2401.01234}",
        "doi = {10.48550/arXiv.2401.01234}",
        "doi = {https://doi.org/10.48550/ARXIV.2401.01234}",
        "url = {http://arxiv.org/abs/2401.01234v2}",
        "url = {https://arxiv.org/pdf/2401.01234.pdf}",
        "journal = {arXiv preprint arXiv:2401.01234}",
        "journal = {CoRR}, volume = {abs/2401.01234}",
        "note = {arXiv: 2401.01234 [cs]}",
    ],
)
def test_finds_the_arxiv_id_wherever_programs_put_it(fields: str) -> None:
    """An arXiv identifier is found in each of the fields that hold it in the wild, its version left out."""
    assert read_one(fields).arxiv_id == "2401.01234"


def test_knows_the_identifiers_of_before_2007() -> None:
    """An old identifier is read without the subject class that is no part of it."""
    assert read_one("eprint = {math.GT/0309136}, archiveprefix = {arXiv}").arxiv_id == "math/0309136"


def test_takes_no_other_archive_for_arxiv() -> None:
    """An eprint of PubMed's is no arXiv identifier, whatever it looks like."""
    assert read_one("eprint = {2401.01234}, eprinttype = {pubmed}").arxiv_id is None


def test_takes_no_longer_number_for_an_identifier() -> None:
    """Digits that go on are no arXiv identifier."""
    assert read_one("url = {https://arxiv.org/abs/2401.012345}").arxiv_id is None


def test_keeps_dois_of_publishers_and_not_arxivs_own() -> None:
    """A publisher's DOI stays; arXiv's own is told as the identifier alone."""
    assert read_one(r"doi = {10.1145/34421\_88}").doi == "10.1145/34421_88"
    assert read_one("doi = {10.48550/arXiv.2401.01234}").doi is None


def test_decodes_accents_and_drops_braces() -> None:
    """Titles and names come out as people write them."""
    (entry,) = read_bibtex(
        r'@article{k, title = "{GPU}s for {\"O}l -- {{\`a} la} {\L}\'od\'{z} \& \emph{Erd{\H o}s}",'
        r" author = {M{\"u}ller, Karl-Heinz and Ren\'e Descartes}}"
    ).entries
    assert entry.title == "GPUs for Öl – à la Łódź & Erdős"
    assert entry.authors == ("Karl-Heinz Müller", "René Descartes")


def test_leaves_mathematics_as_it_is_written() -> None:
    """Formulas stay LaTeX, as in arXiv's own titles, also where a line breaks in them."""
    (entry,) = read_bibtex("@misc{k, title = {$\\alpha_{1}$-nets of\n  $x +\n  y$}}").entries
    assert entry.title == r"$\alpha_{1}$-nets of $x + y$"


def test_reads_names_in_all_orders() -> None:
    """Family names come last, suffixes after them; braced names stay whole, and ``others`` is nobody."""
    people = "author = {Lovelace, Ada and King, Jr., Martin Luther and {Meta, Inc. and Friends} and others}"
    assert read_one(people).authors == ("Ada Lovelace", "Martin Luther King Jr.", "Meta, Inc. and Friends")


def test_puts_strings_in() -> None:
    """Strings are put in for their names, also where ``#`` ties them to others; unknown ones stay words."""
    text = '@string{ai = "Artificial " # {Intelligence}}\n@string(OLD = {Old})\n'
    (entry,) = read_bibtex(text + "@misc{k, title = old # { } # AI # { } # year}").entries
    assert entry.title == "Old Artificial Intelligence year"


def test_strings_made_of_strings_stay_small() -> None:
    """Strings that double two hundred times cost no memory."""
    doubling = "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 200))
    text = "@string{s0 = {a word }}\n" + doubling + "@misc{k, title = s199}"
    (entry,) = read_bibtex(text).entries
    assert len(entry.title) <= 1_000


def test_tells_the_day_or_else_the_year() -> None:
    """A full date is a day; a year alone stays a year; nonsense is neither."""
    assert read_one("date = {2024-02-29}, year = 2023").published == date(2024, 2, 29)
    assert read_one("year = {2023}, month = feb").year == 2023
    assert read_one("date = {2024-02-31}").known_year == 2024
    assert read_one("year = {forthcoming}").known_year is None


@pytest.mark.parametrize(
    "broken",
    [
        "@article{broken, title = {Never closed\n",
        "@article{broken, title = {A}, author = {B}\n",
        '@article{broken, title = "Never closed, year = 2020}\n',
        "@article{broken, title {A}}\n",
        "@article{broken, title = {A}, = 2020}\n",
    ],
)
def test_a_broken_entry_costs_itself_alone(broken: str) -> None:
    """An entry that is not well written becomes a reject under its key, and the next is read."""
    collection = read_bibtex(f"@misc{{a, title = {{First}}}}\n{broken}@misc{{b, title = {{Second}}}}\n")
    assert [entry.title for entry in collection.entries] == ["First", "Second"]
    assert collection.rejects == (Reject("broken", Problem.BROKEN),)


@pytest.mark.parametrize("value", ["1, " + "a = 1, " * 300, "a" + " # a" * 200])
def test_an_entry_beyond_all_measure_is_broken(value: str) -> None:
    """Hundreds of fields, or of strings tied together, are no entry that a program wrote."""
    assert read_bibtex(f"@misc{{k, title = {value}}}") == Collection(rejects=(Reject("k", Problem.BROKEN),))


def test_of_two_fields_the_first_counts() -> None:
    """A field that stands twice is read where it stands first, as BibTeX does."""
    (entry,) = read_bibtex("@misc{k, title = {First}, Title = {Second}}").entries
    assert entry.title == "First"


def test_passes_over_what_is_no_entry() -> None:
    """Comments, preambles and words between entries are no papers and no rejects."""
    text = (
        '@comment{x @misc{no, title = {No}}}\n@preamble{"\\foo"}\nwords me@home.org\n@misc{k, title = {Yes}}'
    )
    collection = read_bibtex(text)
    assert [entry.title for entry in collection.entries] == ["Yes"]
    assert not collection.rejects


def test_entries_may_stand_on_one_line_and_in_parentheses() -> None:
    """Neither line breaks nor braces around an entry are needed."""
    collection = read_bibtex("@misc(a, title = {A (1)}) @misc{b, title={B}} @misc { c , TITLE = {C} , }")
    assert [entry.title for entry in collection.entries] == ["A (1)", "B", "C"]


def test_an_entry_without_title_is_a_reject() -> None:
    """What has no title is told of, by its key, or by its place where it has none."""
    collection = read_bibtex("@misc{k, year = 2020}\n@misc{, title = {{}}}")
    assert collection.rejects == (Reject("k", Problem.NO_TITLE), Reject("#2", Problem.NO_TITLE))
