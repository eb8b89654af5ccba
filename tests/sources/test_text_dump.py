"""What a text dump may look like, one oddity at a time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from sources.parsing import parse

if TYPE_CHECKING:
    from conftest import Written  # which pytest alone can import


def _titles(text: str) -> list[str]:
    return [paper.title for paper in parse(text.encode()).papers]


def test_a_missing_abstract_shifts_nothing(weeds: Written, kettles: Written) -> None:
    """The title without an abstract is a reject with its line; the papers around it are whole."""
    parsed = parse(
        f"{weeds.title}\n{weeds.abstract}\nOn the Sleep of Cats\n{kettles.title}\n{kettles.abstract}".encode()
    )
    assert [(paper.title, paper.abstract) for paper in parsed.papers] == [weeds, kettles]
    assert [(reject.line, reject.excerpt) for reject in parsed.rejects] == [(3, "On the Sleep of Cats")]


def test_facts_of_a_title_without_an_abstract_go_to_no_other_paper(weeds: Written, kettles: Written) -> None:
    """A date is shown only where the page shows it."""
    facts = "• 4 authors\n·\nMay 2, 2020"
    text = f"{weeds.title}\n\n{weeds.abstract}\n\nOn Cats\n\n{facts}\n\n{kettles.title}\n\n{kettles.abstract}"
    papers = parse(text.encode()).papers
    assert [(paper.author_count, paper.published) for paper in papers] == [(None, None), (None, None)]


def test_a_sentence_behind_furniture_is_a_title(weeds: Written, kettles: Written) -> None:
    """Furniture ends an abstract, so what follows is no second paragraph of it."""
    text = f"{weeds.title}\n{weeds.abstract}\n• 4 authors\nWeeds grow and that is it.\n{kettles.abstract}"
    assert _titles(text) == [weeds.title, "Weeds grow and that is it."]


def test_words_broken_at_their_hyphen_are_joined() -> None:
    """But not where the hyphen only stands for what follows."""
    rows = [
        "We study pre-",
        "and post-harvest losses of state-of-the-",
        "art bread, which is known to be lost in",
        "large amounts before anyone eats it.",
    ]
    abstract = (
        "We study pre- and post-harvest losses of state-of-the-art bread, which is known to be lost in large"
    )
    paper = parse("\n".join(["On Losing Bread", *rows]).encode()).papers[0]
    assert paper.abstract == f"{abstract} amounts before anyone eats it."


def test_a_paper_that_stands_twice_stays_twice(weeds: Written) -> None:
    """Parsing never deduplicates."""
    assert _titles(f"{weeds.title}\n{weeds.abstract}\n" * 2) == [weeds.title] * 2


@pytest.mark.parametrize("cut", [20, 45, 100, 140])
def test_a_cut_abstract_still_is_one(weeds: Written, kettles: Written, cut: int) -> None:
    """A dump that ends in the middle of an abstract loses no paper."""
    text = f"{weeds.title}\n{weeds.abstract}\n{kettles.title}\n{kettles.abstract[:cut]}"
    parsed = parse(text.encode())
    assert [paper.title for paper in parsed.papers] == [weeds.title, kettles.title]
    assert parsed.papers[1].abstract == kettles.abstract[:cut].strip()


@pytest.mark.parametrize(
    "title",
    [
        "Weeds win.",
        "Is Bread a Graph?",
        "Can We Sleep? Yes! We Can.",
        "May 6, 2020: A Day in Weather",
        "What is new in kettles",
        "3 2 1: Counting",
        "New Models for Old Datasets",
        "Subscriber Churn in Gardens",
        "By Hand or by Foot",
        "Upvotes Considered Harmful",
        "i-RevNet for Spoons",
        "<SOG_k>: One Token for All",
        "[Re] Weeds Win",
        '"Weeds" Win',
        "4 Authors Walk into a Bar",
        "Daily Papers and Where to Find Them",
        "360° of Bread",
        "sudo make me a sandwich",
        "$\\pi_0$: A Policy for Spoons",
    ],
)
def test_an_odd_title_stays_whole(weeds: Written, kettles: Written, title: str) -> None:
    """What only resembles furniture is text."""
    for text in (
        f"{title}\n{weeds.abstract}\n{kettles.title}\n{kettles.abstract}",
        f"{kettles.title}\n{kettles.abstract}\n{title}\n{weeds.abstract}",
        f"{kettles.title}\n\n{kettles.abstract}\n\n{title}\n\n{weeds.abstract}",
    ):
        assert title in _titles(text)
        assert len(_titles(text)) == 2


@pytest.mark.parametrize(
    "furniture",
    [
        "Previous",
        "Previous/Next",
        "Load more",
        "View all ›",
        "Upvote 12",
        "Upvote\n12",
        "GitHub 1.2k",
        "GitHub\n1.2k",
        "arXiv Page",
        "- 4 authors",
        "1 author",
        "• 12 authors · Mar 29, 2023 · 3 comments",
        "12 authors | Mar 29, 2023 | 3 comments",
        "Some Lab · 4 authors · Published on Oct 7, 2025",
        "Some Lab\n·\n4 authors",
        "Submitted by\novenbird",
        "Submitted by ovenbird",
        "#1 Paper of the day",
        "2 days ago",
        "new\nGet trending papers in your email inbox once a day!\nSubscribe",
        "Daily Papers\nby AK and the research community\nNov 13",
        "© Hugging Face",
        "Company © Hugging Face TOS Privacy About Careers Website Models Datasets Spaces Pricing Docs",
        "CompanyTOSPrivacyAboutCareersWebsiteModelsDatasetsSpacesPricingDocs",
    ],
)
def test_furniture_is_in_no_title_and_no_abstract(weeds: Written, kettles: Written, furniture: str) -> None:
    """Buttons, facts, headers and footers may stand anywhere between papers."""
    text = f"{weeds.title}\n{weeds.abstract}\n{furniture}\n{kettles.title}\n{kettles.abstract}\n{furniture}\n"
    parsed = parse(text.encode())
    assert [(paper.title, paper.abstract) for paper in parsed.papers] == [weeds, kettles]
    assert parsed.rejects == ()


@pytest.mark.parametrize(
    ("spelled", "text", "day", "comments"),
    [
        ("Mar 29, 2023", "Mar 29, 2023", date(2023, 3, 29), None),
        ("Sep 12, 2023 1", "Sep 12, 2023", date(2023, 9, 12), 1),
        ("Oct 23 2", "Oct 23", date(2025, 10, 23), 2),
        ("Oct 23\n2", "Oct 23", date(2025, 10, 23), 2),
        ("September 1, 2024", "September 1, 2024", date(2024, 9, 1), None),
        ("Published on Oct 7, 2024", "Oct 7, 2024", date(2024, 10, 7), None),
        ("2024-10-07", "2024-10-07", date(2024, 10, 7), None),
        ("Feb 29", "Feb 29", None, None),
        ("Feb 31, 2024", "Feb 31, 2024", None, None),
    ],
)
def test_a_day_is_read_as_the_page_spells_it(
    weeds: Written, spelled: str, text: str, day: date | None, comments: int | None
) -> None:
    """The text stays also where no such day exists, and the comments are no part of it."""
    other = "On Rain\nIt rains, and we show it.\nJan 1, 2024"
    body = f"{weeds.title}\n{weeds.abstract}\n• 4 authors\n·\n{spelled}\n{other}"
    paper = parse(body.encode()).papers[0]
    assert (paper.published_text, paper.published, paper.comments) == (text, day, comments)


def test_a_year_left_out_is_that_of_the_fetch(weeds: Written) -> None:
    """A fetch knows the day better than the page."""
    body = f"Daily Papers\nNov 13\n{weeds.title}\n{weeds.abstract}\nMar 2\n".encode()
    paper = parse(body, fetched=date(2024, 11, 14)).papers[0]
    assert (paper.featured, paper.published) == (date(2024, 11, 13), date(2024, 3, 2))


def test_a_year_left_out_is_unknown_where_the_page_spells_none(weeds: Written) -> None:
    """Years in an abstract are no dates."""
    body = f"Daily Papers\nNov 13\n{weeds.title}\n{weeds.abstract} It was 2019.\nMar 2\n".encode()
    paper = parse(body).papers[0]
    assert (paper.featured, paper.published, paper.published_text) == (None, None, "Mar 2")


def test_upvotes_before_a_title_are_those_of_its_paper(weeds: Written, kettles: Written) -> None:
    """A list that shows counts first does so throughout."""
    text = f"12\n{weeds.title}\n{weeds.abstract}\n1.2k\n{kettles.title}\n{kettles.abstract}\n"
    assert [paper.upvotes for paper in parse(text.encode()).papers] == [12, 1200]


def test_invisible_characters_are_cleaned(weeds: Written) -> None:
    """Control characters and direction marks can neither hide nor turn text around."""
    body = f"Weeds\x07 \u202eWin\u2069\u00ad\n{weeds.abstract}\x00\n".encode()
    assert parse(body).papers[0].title == "Weeds Win"
    assert parse(body).papers[0].abstract == weeds.abstract


def test_emoji_stay_whole(weeds: Written) -> None:
    """A zero-width joiner holds an emoji together."""
    assert _titles(f"A 👩\u200d🔬 Looks at Weeds\n{weeds.abstract}\n") == ["A 👩\u200d🔬 Looks at Weeds"]


def test_the_same_header_counts_on_each_of_several_pages(weeds: Written, kettles: Written) -> None:
    """What stands on a line with it is not all that is remembered of it."""
    header = "Subscribe Previous\nNov 13, 2025\n"
    body = f"{header}{weeds.title}\n{weeds.abstract}\n{header}{kettles.title}\n{kettles.abstract}\n"
    papers = parse(body.encode()).papers
    assert [(paper.featured, paper.published) for paper in papers] == [(date(2025, 11, 13), None)] * 2


@pytest.mark.parametrize(
    "text",
    [
        "<SOG_k>: One_Token for All\nIt works, as {we} show.\n",
        "Stirring\nThey stir.\nBoiling\nThey boil.\nOn Bread\nThey bake.\n",
    ],
)
def test_little_text_is_not_judged_by_its_words(text: str) -> None:
    """Too little is known of it to call it code, or prose of another kind."""
    assert len(_titles(text)) == text.count("\n") / 2
