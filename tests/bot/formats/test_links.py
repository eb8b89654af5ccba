import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formats.links import Links, find_links


@pytest.mark.parametrize(
    "link",
    [
        "https://arxiv.org/abs/2401.01234",
        "http://www.arxiv.org/abs/2401.01234v12",
        "arxiv.org/pdf/2401.01234v2.pdf",
        "https://export.arxiv.org/html/2401.01234v1#S2",
        "https://ar5iv.labs.arxiv.org/html/2401.01234",
        "https://huggingface.co/papers/2401.01234",
        "huggingface.co/papers/2401.01234?utm=x",
        "https://www.alphaxiv.org/overview/2401.01234v1",
        "https://www.semanticscholar.org/arxiv:2401.01234",
        "https://api.semanticscholar.org/arXiv:2401.01234",
        "https://doi.org/10.48550/arXiv.2401.01234",
        "10.48550/ARXIV.2401.01234",
        "arXiv:2401.01234v3",
        "ARXIV: 2401.01234",
        "2401.01234",
    ],
)
def test_finds_the_paper_in_all_its_addresses(link: str) -> None:
    """Each way to name a preprint gives its identifier without a version, and nothing is left of it."""
    assert find_links(link) == Links(arxiv_ids=("2401.01234",))
    assert find_links(f"Read ({link}), now.").arxiv_ids == ("2401.01234",)


@pytest.mark.parametrize(
    ("link", "arxiv_id"),
    [
        ("https://arxiv.org/abs/hep-th/9901001v2", "hep-th/9901001"),
        ("arXiv:math.GT/0309136", "math/0309136"),
        ("cond-mat/9901001", "cond-mat/9901001"),
    ],
)
def test_finds_papers_of_before_2007(link: str, arxiv_id: str) -> None:
    """Identifiers of the old kind are found with and without an address, their subject class left out."""
    assert find_links(link) == Links(arxiv_ids=(arxiv_id,))


def test_reads_titles_out_of_semantic_scholars_addresses() -> None:
    """An address that spells a title gives its words; one that does not stays unknown."""
    page = "https://www.semanticscholar.org/paper/"
    paper = "204e3073870fae3d05bcbc2f6a8e263d9b72e776"
    links = find_links(f"{page}Attention-is-All-you-Need-Vaswani-Shazeer/{paper}\n{page}{paper}")
    assert links == Links(titles=("Attention is All you Need Vaswani Shazeer",), unknown=(f"{page}{paper}",))


def test_says_each_paper_once_in_order() -> None:
    """A paper linked twice, in two ways, is one paper, where it came first."""
    links = find_links("2401.00002 arxiv.org/abs/2401.00001 https://huggingface.co/papers/2401.00002")
    assert links.arxiv_ids == ("2401.00002", "2401.00001")


def test_leaves_the_words_for_interests() -> None:
    """What stands around the links is left line by line; lines of links alone go."""
    text = "I like robots, as in [https://arxiv.org/abs/2401.01234].\n\n- 2401.00002,\n- no  chemistry"
    assert find_links(text).rest == "I like robots, as in .\n- no chemistry"


def test_an_address_ends_where_chinese_goes_on() -> None:
    """Chinese needs no space behind an address."""
    assert find_links("看https://arxiv.org/abs/2401.01234，很好") == Links(("2401.01234",), rest="看，很好")


def test_what_it_cannot_tell_is_unknown() -> None:
    """Other addresses and publishers' DOIs are neither papers nor words."""
    links = find_links("See https://example.com/blog/1234567 and doi.org/10.1145/12. and 10.1000/x")
    assert links == Links(
        unknown=("https://example.com/blog/1234567", "doi.org/10.1145/12", "10.1000/x"), rest="See and . and"
    )


@pytest.mark.parametrize(
    "text", ["3.14", "version 1234.5678", "2413.01234", "+49.2401.01234", "a2401.01234", ""]
)
def test_takes_no_number_for_a_paper(text: str) -> None:
    """Numbers that are no identifier, for want of such a month or of a word's end, stay words."""
    assert find_links(text) == Links(rest=text)


@given(st.text(max_size=200) | st.text(alphabet="htps:/.arxiv0123456789 -()", max_size=200))
def test_reads_any_text(text: str) -> None:
    """No text is an error, and what is left of it holds no more links."""
    links = find_links(text)
    assert len(set(links.arxiv_ids)) == len(links.arxiv_ids)
    assert "  " not in links.rest
