"""HTML pages: the list that a page holds as data, else the text that it shows. Whole pages are in golden/."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.html_dump import find_list, parse_html
from sources.html_text import read_visible
from sources.parsing import parse
from sources.values import Parsed

if TYPE_CHECKING:
    from conftest import Written  # which pytest alone can import

GOLDEN = Path(__file__).parent / "golden"
NO_LIST = "the body is an HTML page, not a list of papers"
ENTRY = {"paper": {"id": "2509.90001", "title": 'Weeds & "Win"', "summary": "It's <b>weeds</b>."}}
DATA = {"periodType": "day", "dateString": "2025-10-01", "dailyPapers": [ENTRY]}


def _page(
    data: Any = DATA, element: str = '<div class="x" data-props="{}" data-target="DailyPapers">'
) -> str:
    return f"<!doctype html><html><body>{element.format(html.escape(json.dumps(data)))}"


def _titles(page: str) -> list[str]:
    return [paper.title for paper in parse_html(page).papers]


@pytest.mark.parametrize(
    "element",
    [
        '<div data-target="DailyPapers" data-props="{}"></div>',
        "<div data-target=DailyPapers data-props='{}'>",
        '<DIV\n DATA-PROPS\n=\n"{}"',
        '<main id=x data-props=" {} ">',
    ],
)
def test_the_list_is_found_in_any_spelling_of_its_element(element: str) -> None:
    """Order and quotes of attributes, case, space and what is not closed mean nothing."""
    shown = find_list(_page(element=element))
    assert shown is not None
    assert shown.whole
    (paper,) = shown.parsed.papers
    assert (paper.title, paper.abstract, paper.arxiv_id) == (
        'Weeds & "Win"',
        "It's <b>weeds</b>.",
        "2509.90001",
    )


def test_all_that_the_api_tells_a_page_tells() -> None:
    """Entries are those of the API."""
    entries = [ENTRY | {"numComments": 3, "thumbnail": "https://example.org/weeds.png"}]
    read = parse(json.dumps(entries).encode(), day=date(2025, 10, 1))
    assert parse_html(_page(DATA | {"dailyPapers": entries})) == read


@pytest.mark.parametrize(
    ("told", "featured"),
    [
        ({"periodType": "day", "dateString": "2025-10-01"}, date(2025, 10, 1)),
        ({"dateString": "2025-10-01T00:00:00.000Z"}, date(2025, 10, 1)),
        ({"periodType": "week", "dateString": "2025-W40"}, None),
        ({"periodType": "month", "dateString": "2025-10-01"}, None),
        ({"periodType": "day", "dateString": "soon"}, None),
        ({"periodType": "day", "dateString": 7}, None),
        ({}, None),
    ],
)
def test_only_the_page_of_a_day_tells_on_which_day_its_papers_were_listed(
    told: dict[str, Any], featured: date | None
) -> None:
    """A week's or a trending page has papers of many days."""
    assert parse_html(_page(told | {"dailyPapers": [ENTRY]})).papers[0].featured == featured


def test_data_of_other_elements_is_no_list() -> None:
    """Menus have titles too."""
    menu = {"items": [{"title": "Models", "summary": "Not a paper."}], "papers": [{"title": "Papers"}]}
    assert _titles(_page(menu)) == []
    assert _titles(_page(menu) + _page()) == ['Weeds & "Win"']


def test_a_page_of_a_day_with_nothing_is_no_failure() -> None:
    """Its list is there, and empty."""
    assert parse_html(_page(DATA | {"dailyPapers": []})) == Parsed()


def test_a_cut_page_keeps_its_whole_entries() -> None:
    """And says that it is cut; a source may ask again."""
    page = _page({"periodType": "day", "dailyPapers": [ENTRY, ENTRY, ENTRY]})
    parsed = parse_html(page[:-150])
    assert len(parsed.papers) == 2
    assert parsed.rejects[-1].reason.startswith("broken JSON")
    shown = find_list(page[:-150])
    assert shown is not None
    assert not shown.whole


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("a<p>b<p>c", "a\n\nb\n\nc"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("a<br>b<br/><br />c", "a\nb\n\nc"),
        ("a\n  b\t<b>c</b>d", "a b cd"),
        ("<pre>a\n  b</pre>c\nd", "a\n  b\n\nc d"),
        ("a &lt;b&gt; &amp; &eacute;&#233;&#xe9;", "a <b> & ééé"),
        ("<p title='a > b' class=\"c'\">d", "d"),
        ("<script>if (a<b) '</p>'</script>a", "a"),
        ("<SCRIPT src=x>a</SCRIPT\n>b", "b"),
        ("<style>a", ""),
        ("<svg/>a<svg><text>b</text></svg>c", "ac"),
        ("<nav>a</nav><template>b</template><title>c</title><noscript>d</noscript>e", "e"),
        ("<nav>a<p>b", "a\n\nb"),
        ("a<!-- b --><!-- <p> -->c<!-->d", "acd"),
        ("a<!-- b", "a"),
        ("<?xml version='1.0'?><!doctype html>a", "a"),
        ("1 < 2 <3 and <", "1 < 2 <3 and <"),
        ("a<b", "a"),
        ("<table><tr><td>a<td>b</table>", "a\nb"),
        ("&#" + "9" * 10_000 + ";", "\ufffd"),
        ("&#x" + "f" * 10_000 + ";", "\ufffd"),
    ],
)
def test_the_visible_text_is_what_a_browser_copies(page: str, text: str) -> None:
    """Blocks break lines, paragraphs stand apart, and what is not shown is left out."""
    assert read_visible(page).strip(" ") == text


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.txt")), ids=lambda path: path.stem)
def test_a_text_dump_that_a_browser_saved_is_read_as_before(path: Path) -> None:
    """Browsers put plain text into one element."""
    text = path.read_text()
    page = f"<html><head></head><body><pre>{html.escape(text)}</pre></body></html>"
    before, saved = parse(text.encode()), parse(page.encode())
    assert saved.papers in (before.papers, ())  # an error page has short texts without facts, too
    assert saved.papers or all(len(p.abstract) < 300 and not p.author_count for p in before.papers)
    if saved.papers:
        assert saved.rejects == tuple(replace(reject, line=None) for reject in before.rejects)


def test_the_year_of_a_saved_page_is_that_of_its_fetch(weeds: Written) -> None:
    """As in a text dump, a page leaves its own year out."""
    page = f"<h3>{weeds.title}</h3><p>{weeds.abstract}</p><div>4 authors</div><div>·</div><div>Oct 2</div>"
    assert parse_html(page, date(2025, 10, 5)).papers[0].published == date(2025, 10, 2)


@pytest.mark.parametrize(
    "page",
    [
        "<html>\r\n<head><title>502</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>",
        "<html><h1>Service Unavailable</h1><p>We are sorry. Please try again in a few minutes.",
        "<!doctype html><title>x</title><h1>404</h1><p>Sorry, we can't find the page you are looking for.",
        "<html><h1>Sign in</h1><form><label>Name<input></label><button>Go</button></form>",
        "<html></html>",
    ],
)
def test_an_error_page_is_one_reject_in_words(page: str) -> None:
    """Its heading above a paragraph is no paper."""
    parsed = parse(page.encode())
    assert (parsed.papers, [reject.reason for reject in parsed.rejects]) == ((), [NO_LIST])


def test_headings_above_short_paragraphs_are_no_papers(weeds: Written) -> None:
    """Help pages have them; abstracts are longer, or the page tells authors and days."""
    short = weeds.abstract[:150]
    help_page = f"<h2>{weeds.title}</h2><p>{short}</p>" * 4
    facts = "<div>4 authors</div><div>·</div><div>Oct 2, 2025</div>"
    assert [reject.reason for reject in parse_html(help_page).rejects] == [NO_LIST]
    assert len(parse_html(help_page.replace("</p>", f"</p>{facts}")).papers) == 4
    assert len(parse_html(help_page.replace(short, 3 * weeds.abstract)).papers) == 4


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<",
            "<p>",
            "<nav>",
            "</nav>",
            "<svg><",
            "<!--",
            "<script>",
            "<a ",
            '<a "',
            "<a '\"",
            "<pre>\n",
            "&#9",
        ),
        *("&amp", "data-props=", ' data-props="aper" ', ' data-props=\'{"dailyPapers":[', '{"paper":{', "</"),
    ],
)
def test_no_piece_of_markup_takes_more_than_linear_time(piece: str) -> None:
    """However often it comes and however it is left open; the suite's time limit stands guard."""
    assert isinstance(parse_html("<html>" + piece * (1_000_000 // len(piece))), Parsed)


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "<!--", "-->", "<script>", "</script>", "<a b='", '"', "'", ">", "<pre>", "&#", "x"]
        )
        | st.just(' data-props="{&quot;dailyPapers&quot;:[')
        | st.text(max_size=5),
        max_size=30,
    ).map("".join)
)
def test_no_markup_stops_the_parser(page: str) -> None:
    """Papers or rejects come out, whatever is left open or quoted wrong, and the same ones again."""
    parsed = parse_html(page)
    assert parsed.papers or parsed.rejects or "dailyPapers" in page
    assert parse_html(page) == parsed
