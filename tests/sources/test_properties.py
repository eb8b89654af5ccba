"""What holds for all dumps, tried on many: invented papers in any mixture of layouts, and any bytes."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.promises import find_broken
from sources.parsing import parse

TITLE = "Weeds Win: Watching Gardens Without Gardeners"
NOUNS = ["Weeds", "Kettles", "Fences", "Spoons", "Bread", "Umbrellas", "Gardens", "Cats", "Sofas", "Rain"]
VERBS = ["Watching", "Heating", "Learning", "Counting", "Stirring", "Predicting", "Forgetting"]
SENTENCES = [
    "We study how {0} and {1} behave when nobody looks, and find that they do not.",
    "Recent work on {0} has ignored {1}, which we think is a mistake.",
    "Our method is simple: it counts the {0} and divides them by the {1}.",
    "Experiments with 40 households show that {0} are better than {1} by 3.2 points.",
    "This paper presents a model of {0} that needs no {1} and runs on a spoon.",
    "Code is available at https://example.org/{0}.",
]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
HEADERS = [
    "",
    "Subscribe",
    "Get trending papers in your email inbox once a day!\nSubscribe",
    "new\n\nSubscribe\n\nDaily Papers\n\nbyAK and the research community\n",
    "Trending Papers\nby AK and the research community\nPrevious\nNext\n",
]
FOOTERS = [
    "",
    "\nLoad more",
    "\nPrevious\n\nNext\n",
    "\nCompany\n© Hugging Face\nTOS\nPrivacy\nAbout\nCareers\n",
]
BUTTONS = ["", "Upvote 12\n", "Upvote\n7\nGitHub 1.2k\narXiv Page\n"]


@dataclass(frozen=True)
class Shown:
    """A paper as a page shows it."""

    title: str
    abstract: str
    author_count: int | None = None
    day: date | None = None
    comments: int | None = None

    def facts(self) -> str:
        if self.author_count is None or self.day is None:
            return ""
        comments = f" {self.comments}" if self.comments else ""
        day = f"{MONTHS[self.day.month - 1]} {self.day.day}, {self.day.year}"
        return f"  • {self.author_count} authors\n·\n{day}{comments}\n"


words = st.lists(st.sampled_from(NOUNS), min_size=2, max_size=2, unique=True)
titles = st.builds(
    lambda verb, nouns, shape: shape.format(verb, *nouns),
    st.sampled_from(VERBS),
    words,
    st.sampled_from(
        ["{1}Net: {0} {2} at Scale", "{0} {1} without {2}", "Is {0} {1} Enough?", "On {0} {1} and {2}"]
    ),
)
sentences = st.builds(
    lambda text, nouns: text.format(*(noun.lower() for noun in nouns)), st.sampled_from(SENTENCES), words
)
abstracts = st.lists(sentences, min_size=1, max_size=12).map(" ".join)
bare = st.builds(Shown, titles, abstracts)
known = st.builds(
    Shown,
    titles,
    abstracts,
    st.integers(1, 99),
    st.dates(date(2012, 1, 1), date(2025, 12, 31)),
    st.none() | st.integers(1, 99),
)
lists_of_papers = st.lists(bare | known, min_size=1, max_size=8)
patiently = settings(deadline=None)  # a busy machine is no failure


@st.composite
def pages(draw: st.DrawFn) -> tuple[list[Shown], str]:
    """Papers, and a page that shows them in some mixture of the layouts."""
    papers = draw(lists_of_papers)
    blank = st.sampled_from(["", "\n", "\n\n"]) if draw(st.booleans()) else st.just("")
    text = draw(st.sampled_from(HEADERS))
    for paper in papers:
        parts = [paper.title + "\n", paper.abstract + "\n", paper.facts(), draw(st.sampled_from(BUTTONS))]
        text += "".join(part + draw(blank) for part in parts)
    text += draw(st.sampled_from(FOOTERS))
    return papers, text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@patiently
@given(pages())
def test_a_mixture_of_layouts_gives_exactly_its_papers(page: tuple[list[Shown], str]) -> None:
    """All papers are found in order, whole, each with its own facts, and nothing is left over."""
    papers, text = page
    parsed = parse(text.encode())
    found = [Shown(p.title, p.abstract, p.author_count, p.published, p.comments) for p in parsed.papers]
    assert found == papers
    assert parsed.rejects == ()


@patiently
@given(pages(), st.integers(0, 10_000))
def test_a_cut_changes_no_paper_before_it(page: tuple[list[Shown], str], cut: int) -> None:
    """Of a truncated dump, only the last paper may differ."""
    papers, text = page
    found = [(paper.title, paper.abstract) for paper in parse(text[:cut].encode()).papers[:-1]]
    assert found == [(paper.title, paper.abstract) for paper in papers[: len(found)]]


@patiently
@given(st.binary(max_size=2_000))
def test_no_bytes_stop_the_parser(body: bytes) -> None:
    """Whatever comes in, papers and rejects come out, and the same ones again; packed, too."""
    parsed = parse(body)
    assert list(find_broken(parsed)) == []
    assert parse(body) == parsed
    assert parse(gzip.compress(body)) == parsed or body.startswith(b"\x1f\x8b")
    assert bool(parsed.papers or parsed.rejects) or body.strip() == b"[]"


@patiently
@given(st.text(max_size=2_000))
def test_no_text_stops_the_parser(text: str) -> None:
    """What is kept is clean: one line, printable or a mark of its own, and fit to be stored."""
    for beginning in ("", "<html>", "<feed><entry><title>", "{", f"{TITLE}\n"):
        assert list(find_broken(parse(f"{beginning}{text}".encode(errors="surrogatepass")))) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["paper", "papers", "title", "summary", "id", "authors", "name"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@patiently
@given(json_values)
def test_no_json_stops_the_parser(value: object) -> None:
    """Each entry is a paper or a reject, in this spelling of JSON as in Python's."""
    for body in (json.dumps(value), json.dumps([value]), json.dumps([repr(value)])):
        assert list(find_broken(parse(body.encode()))) == []


@patiently
@given(st.data())
def test_a_damaged_body_does_not_stop_the_parser(data: st.DataObject) -> None:
    """Bytes may be lost, doubled or changed anywhere."""
    _, text = data.draw(pages())
    body = bytearray(text.encode())
    for place in data.draw(st.lists(st.integers(0, max(0, len(body) - 1)), max_size=10)):
        body[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    assert list(find_broken(parse(bytes(body)))) == []
