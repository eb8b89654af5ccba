"""Sources by their names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources.arxiv import ArxivSource
from sources.arxiv_categories import CATEGORIES, read_categories
from sources.catalogue import Endpoints, check_name, hosts_of, open_sources
from sources.folder import FolderSource
from sources.http import HttpSource
from sources.huggingface import HuggingFaceSource
from sources.source import Source
from sources.values import SourceError
from sources.web.client import open_web

MIRROR = Endpoints("https://mirror.example.org/hub/", "http://10.0.0.7:8080", "https://rss.example.org")


def _clock() -> datetime:
    return datetime(2025, 11, 14, tzinfo=UTC)


async def _open(*names: str, endpoints: Endpoints | None = None) -> list[Source]:
    async with open_web() as web:
        return open_sources(names, web, _clock, endpoints or Endpoints())


async def test_addresses_and_paths_are_told_apart(tmp_path: Path) -> None:
    """Order is kept, space and empty names mean nothing, and no source is opened twice."""
    sources = await _open(f" {tmp_path} ", "https://example.org/papers", "", "dumps", "dumps")
    assert [type(source) for source in sources] == [FolderSource, HttpSource, FolderSource]
    assert [source.name for source in sources] == [str(tmp_path), "https://example.org/papers", "dumps"]


async def test_an_address_of_another_kind_is_refused() -> None:
    """It would else be taken for a folder that is not there yet."""
    with pytest.raises(SourceError, match="ftp"):
        await _open("ftp://example.org/papers")


async def test_a_path_may_begin_at_home() -> None:
    """As in a shell."""
    (source,) = await _open("~/dumps")
    assert source.name == str(Path.home() / "dumps")


@pytest.mark.parametrize(
    "name",
    [
        "huggingface",
        "HuggingFace",
        "https://huggingface.co/api/daily_papers",
        "https://huggingface.co/api/daily_papers?limit=100",
        "https://huggingface.co:443/api/daily_papers?p=1",
    ],
)
async def test_the_daily_papers_have_one_name(name: str) -> None:
    """The address of today's list, as settings of old hold it, is the source of all days."""
    (source,) = await _open(name, "huggingface")
    assert isinstance(source, HuggingFaceSource)
    assert source.name == "huggingface"


async def test_daily_papers_of_another_server_are_named_by_its_address() -> None:
    """What its query says is not part of it, nor is a password."""
    (source,) = await _open("http://ann:secret@127.0.0.1:8000/hub/api/daily_papers?limit=5")
    assert isinstance(source, HuggingFaceSource)
    assert source.name == "http://127.0.0.1:8000/hub/api/daily_papers"


async def test_a_mirror_takes_the_place_of_the_usual_server() -> None:
    """By its own address, too, it is the one that settings name."""
    name = "https://mirror.example.org/hub/api/daily_papers"
    sources = await _open("huggingface", name, "https://huggingface.co/api/daily_papers", endpoints=MIRROR)
    assert [source.name for source in sources] == ["huggingface", "https://huggingface.co/api/daily_papers"]


@pytest.mark.parametrize("query", ["date=2025-10-01", "week=2025-W40", "submitter=ann", "sort=trending"])
async def test_one_list_of_the_api_is_one_page(query: str) -> None:
    """Who names a day, a week or a person wants no other papers."""
    (source,) = await _open(f"https://huggingface.co/api/daily_papers?{query}")
    assert isinstance(source, HttpSource)


@pytest.mark.parametrize("name", ["arxiv:cs.AI+cs.CL", " ArXiv: cs.ai + CS.CL +cs.AI"])
async def test_arxiv_is_named_with_its_categories(name: str) -> None:
    """In arXiv's spelling, each once."""
    (source,) = await _open(name)
    assert isinstance(source, ArxivSource)
    assert source.name == "arxiv:cs.AI+cs.CL"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("arxiv", "needs categories, as in arxiv:cs.AI"),
        ("arxiv:", "needs categories, as in arxiv:cs.AI"),
        ("arxiv:cs.AI+cs.XX", "no category cs.XX: they are listed at https://arxiv.org"),
        ("arxiv:cs.AI;drop", "no category cs.AI;drop"),
        ("arxiv:math", "many categories: name those you want, as in arxiv:math.AC"),
        ("https://", "no valid address|no http or https address"),
    ],
)
async def test_a_name_that_no_source_can_have_is_refused_in_words(name: str, words: str) -> None:
    """When settings are read already."""
    with pytest.raises(SourceError, match=words):
        check_name(name)
    with pytest.raises(SourceError, match=words):
        await _open(name)


@pytest.mark.parametrize(
    "name", ["huggingface", "hugginface", "./arxiv", "https://example.org", "arxiv:hep-th"]
)
def test_other_names_are_fine(name: str) -> None:
    """Whether a folder is there is not for the name to tell."""
    check_name(name)


def test_every_category_of_arxiv_is_known() -> None:
    """By its own name and none else."""
    assert len(set(CATEGORIES)) == len(CATEGORIES) == 155
    assert read_categories("+".join(CATEGORIES)) == CATEGORIES


def test_the_hosts_that_the_owner_chose_are_trusted() -> None:
    """Those of addresses and of endpoints, without ports; paths and what is no address have none."""
    names = ["dumps", "huggingface", "https://ann:secret@Lists.example.org:8443/papers", "ftp://x.org"]
    assert hosts_of(names, MIRROR) == {
        "lists.example.org",
        "mirror.example.org",
        "10.0.0.7",
        "rss.example.org",
    }
