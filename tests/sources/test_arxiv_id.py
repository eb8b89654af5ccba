"""arXiv's ids: one paper has one, however it is written."""

from __future__ import annotations

import pytest

from sources.arxiv_id import ArxivId, find_arxiv_id, read_arxiv_id


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2509.25541", ArxivId("2509.25541", None)),
        ("arXiv:2509.25541v12", ArxivId("2509.25541", 12)),
        ("0704.0001v0", ArxivId("0704.0001", None)),
        ("math/0309136v1", ArxivId("math/0309136", 1)),
        ("math.GT/0309136", ArxivId("math/0309136", None)),
        ("Cond-Mat.mes-hall/9901001", ArxivId("cond-mat/9901001", None)),
    ],
)
def test_an_id_is_spelled_as_arxiv_does(written: str, read: ArxivId) -> None:
    """A subject class, and how large its letters are, make no other paper of it."""
    assert read_arxiv_id(written) == read
    bare = written.removeprefix("arXiv:")
    assert find_arxiv_id(f"https://arxiv.org/abs/{bare}") == read
    assert find_arxiv_id(f"oai:arXiv.org:{bare} and more") == read


@pytest.mark.parametrize(
    "text",
    ["", "2513.00001", "2509.123", "2509.255411", "recipes/0309136", "math/030913", "v1"],
)
def test_what_is_no_id_is_none(text: str) -> None:
    """There is no thirteenth month, and no archive of recipes."""
    assert read_arxiv_id(text) is None
    assert find_arxiv_id(f"arXiv:{text}") is None
