"""XML from strangers: feeds of all kinds, cut, joined, hostile. Whole layouts have pairs in golden/."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.values import Parsed
from sources.xml_dump import parse_xml

GOLDEN = Path(__file__).parent / "golden"
QUERY = (GOLDEN / "arxiv_query.xml").read_text()
ENTRY = """<entry><id>http://arxiv.org/abs/2601.{:05}v1</id><title>Kite {}</title>
<summary>It flies.</summary><published>2026-01-12T17:59:43Z</published></entry>"""


def feed(*entries: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'


def entry(**texts: str) -> str:
    known = {"id": "http://arxiv.org/abs/2601.00001v1", "title": "Kites", "summary": "They fly."}
    return (
        "<entry>" + "".join(f"<{name}>{text}</{name}>" for name, text in (known | texts).items()) + "</entry>"
    )


def kites(count: int) -> list[str]:
    return [ENTRY.format(number, number) for number in range(count)]


def titles(parsed: Parsed) -> list[str]:
    return [paper.title for paper in parsed.papers]


def why(text: str) -> str:
    parsed = parse_xml(text)
    assert not parsed.papers
    (reject,) = parsed.rejects
    return reject.reason


# Real answers


def test_both_styles_of_arxiv_s_own_answers_are_read(shared: Path) -> None:
    """One names its namespaces at the top, the other at each element."""
    for name, papers in (("atom_2025-09_cs.AI.xml", 2), ("atom_2026-08_newstyle.xml", 1)):
        parsed = parse_xml((shared / "data" / "arxiv" / name).read_text())
        assert (len(parsed.papers), parsed.rejects) == (papers, ())
        assert all(
            p.arxiv_id and p.version and p.abstract and p.authors and p.published for p in parsed.papers
        )


def test_a_real_feed_that_was_cut_in_its_first_entry_says_so(shared: Path) -> None:
    name = "rss_2025-09-18_cs.AI_HEAD_ONLY.xml.txt"
    assert why((shared / "data" / "arxiv" / name).read_text()) == "the XML is cut off"


# Cut and joined


@given(st.integers(min_value=0, max_value=len(QUERY) - len("</feed>\n") - 1))
def test_wherever_a_feed_is_cut_its_whole_entries_are_kept_and_the_break_is_told(end: int) -> None:
    cut = QUERY[:end]
    parsed = parse_xml(cut)
    assert len(parsed.papers) == cut.count("</entry>")
    assert len(parsed.rejects) == bool(cut)


@given(st.lists(st.integers(min_value=0, max_value=3), min_size=1, max_size=5))
def test_feeds_one_after_the_other_are_all_read(lengths: list[int]) -> None:
    """As the pages of one answer are joined, with or without declarations."""
    body = "\n".join(feed(*kites(length)) for length in lengths)
    declared = "\n".join(f"<?xml version='1.0'?>{feed(*kites(length))}" for length in lengths)
    assert len(parse_xml(body).papers) == sum(lengths)
    assert parse_xml(declared).papers == parse_xml(body).papers
    assert parse_xml(body).rejects == ()


def test_a_feed_without_entries_is_no_reject() -> None:
    """On Saturdays arXiv announces nothing."""
    assert parse_xml(feed()) == Parsed()


def test_a_reject_tells_the_line_of_its_entry() -> None:
    (reject,) = parse_xml("\n\n" + feed(*kites(2)) + "\n\n" + feed(entry(title=""))).rejects
    assert (reject.line, reject.reason) == (7, "entry 3: it has no title")


def test_what_is_behind_a_feed_and_no_feed_is_told() -> None:
    parsed = parse_xml(feed(*kites(1)) + "\nsome words")
    assert (len(parsed.papers), parsed.rejects[0].reason) == (1, "the XML is broken: syntax error")


def test_the_declared_encoding_does_not_matter() -> None:
    """The body was decoded before, by what it is and not by what it says."""
    parsed = parse_xml(f"<?xml version='1.0' encoding='UTF-32'?>{feed(entry(title='Käthe'))}")
    assert titles(parsed) == ["Käthe"]


# What is told of a paper


@pytest.mark.parametrize(
    ("name", "arxiv_id", "version"),
    [
        ("http://arxiv.org/abs/2601.00001v12", "2601.00001", 12),
        ("https://www.arxiv.org/abs/2601.00001", "2601.00001", None),
        ("oai:arXiv.org:hep-th/9901001v3", "hep-th/9901001", 3),
        ("http://arxiv.org/abs/math.GT/0309136v1", "math/0309136", 1),
        ("http://arxiv.org/abs/2601.00001v0", "2601.00001", None),
        ("http://arxiv.org/abs/26x1v1", None, None),
        ("http://evil.example.org/abs/2601.00001v1", None, None),
        ("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", None, None),
    ],
)
def test_an_id_is_one_of_arxiv_s_or_none(name: str, arxiv_id: str | None, version: int | None) -> None:
    (paper,) = parse_xml(feed(entry(id=name))).papers
    assert (paper.arxiv_id, paper.version) == (arxiv_id, version)


@pytest.mark.parametrize(
    "notice",
    [
        "This paper has been withdrawn by the author(s)",
        "This submission has been withdrawn by arXiv administrators due to disputed authorship",
        "Withdrawn due to an error in Lemma 2",
        "Withdrawn",
        "The manuscript is withdrawn pending more kites",
        "We withdraw this submission since the wind was faulty",
    ],
)
def test_a_withdrawn_paper_is_told_from_its_notice(notice: str) -> None:
    """A notice in the abstract's place is no abstract; one in the comment leaves the abstract."""
    (instead,) = parse_xml(feed(entry(summary=notice))).papers
    (beside,) = parse_xml(feed(entry().replace("</entry>", _comment(f"7 pages. {notice}")))).papers
    assert (instead.withdrawn, instead.abstract) == (True, "")
    assert (beside.withdrawn, beside.abstract) == (True, "They fly.")


@pytest.mark.parametrize(
    "comment",
    [
        "A former version of this manuscript was withdrawn",
        "Replaces the withdrawn paper arXiv:2407.00001",
        "v3: the claim of section 2 is withdrawn",
        "Accepted at KITES 2026; withdrawn from the proceedings",
        "Withdrawn from KITES 2026",
        "This paper was withdrawn from KITES 2026",
    ],
)
def test_what_else_was_withdrawn_does_not_count(comment: str) -> None:
    (paper,) = parse_xml(feed(entry().replace("</entry>", _comment(comment)))).papers
    assert not paper.withdrawn


def test_an_abstract_about_withdrawal_is_one() -> None:
    (paper,) = parse_xml(feed(entry(summary="Withdrawal of kites is studied. They are withdrawn."))).papers
    assert (paper.withdrawn, paper.abstract[:10]) == (False, "Withdrawal")


def _comment(text: str) -> str:
    return f'<c:comment xmlns:c="http://arxiv.org/schemas/atom">{text}</c:comment></entry>'


def test_signs_that_nobody_sees_are_cleaned_from_all_texts() -> None:
    (paper,) = parse_xml(
        feed(entry(title="Ki\u202etes\x01\n fly\ud800", summary="They\x0b\u200b fly."))
    ).papers
    assert (paper.title, paper.abstract) == ("Kites fly", "They fly.")


def test_a_title_of_another_namespace_is_none_of_the_paper_s() -> None:
    other = '<m:title xmlns:m="http://search.yahoo.com/mrss/">A picture</m:title></entry>'
    assert titles(parse_xml(feed(entry(title="").replace("</entry>", other)))) == []


def test_a_title_that_is_a_book_is_refused() -> None:
    assert why(feed(entry(title="kite " * 2_000))) == "entry 1: its title has 9,999 characters"


# Hostile


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE feed [<!ENTITY a 'kite'>]>",
        "<!DOCTYPE feed [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE feed SYSTEM 'http://127.0.0.1/kites.dtd'>",
        "<!DOCTYPE feed [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]>",
    ],
)
def test_what_defines_or_fetches_entities_is_refused(declaration: str) -> None:
    """Nothing but the text itself is ever read, and nothing grows."""
    words = "the XML defines a document type or entities, which are not read"
    assert why(declaration + feed(entry(title="&a;"))) == words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<urlset/>", "the body is an XML document, but no feed"),
        ("<feed>" + "<a>" * 100_000, "the XML has tags in tags, more than 50 deep"),
        (
            "<feed>" + "<a/>" * 4_000_000,
            "the XML has 4,000,001 tags, which is more than a list of papers has",
        ),
        (f"<feed><a b='{'x' * 5_000_000}'/></feed>", "the XML has a tag of more than 2 MB"),
        (f"<feed><!--{'<' * 3_900_000}--></feed>", "the XML has a tag of more than 2 MB"),
        ("<feed>&nbsp;</feed>", "the XML is broken: undefined entity"),
        ("<feed/>" * 1_001, "only the first 1,000 feeds of the body are read"),
    ],
    ids=["no feed", "deep", "many tags", "long attribute", "long comment", "entity", "many feeds"],
)
def test_what_is_no_feed_of_papers_is_refused_in_words(body: str, words: str) -> None:
    assert why(body) == words


def test_a_body_that_breaks_all_the_time_is_given_up() -> None:
    """Each break would be a reason to read the rest again."""
    assert len(parse_xml("<?xml version='1.0'?>" * 1_000).rejects) == 20


@pytest.mark.parametrize(
    "body",
    [
        "<feed>" + "<a/>" * 300_000 + "</feed>",
        "<feed><entry>" + "<title/>" * 300_000 + "</entry></feed>",
        "<feed><a " + " ".join(f"b{n}='x'" for n in range(100_000)) + "/></feed>",
        "<feed><a " + " ".join(f"xmlns:b{n}='u{n}'" for n in range(50_000)) + "/></feed>",
        "<feed><entry><title>a</title><summary>" + "&lt;a " * 500_000 + "</summary></entry></feed>",
        "<?xml version='1.0'?>" * 100_000,
        "<feed><entry><?xml " * 100_000,
    ],
    ids=["tiny", "fields", "attributes", "namespaces", "markup", "declarations", "broken tags"],
)
def test_hard_bodies_take_memory_in_proportion(body: str) -> None:
    """A small multiple of the body, and what the longest tags take."""
    tracemalloc.start()
    try:
        parse_xml(body)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5 * len(body) + 40_000_000


@given(
    st.lists(
        st.sampled_from([*"<>/&;!?[]-='\" \nx:\0", "feed", "entry", "title", "<?xml", "<![CDATA[", "]]>"])
    )
)
def test_no_text_at_all_makes_it_fail(pieces: list[str]) -> None:
    """And what is behind a whole feed never spoils it."""
    text = "".join(pieces)
    assert parse_xml(text) == parse_xml(text)
    assert titles(parse_xml(feed(*kites(1)) + text))[:1] == ["Kite 0"]
