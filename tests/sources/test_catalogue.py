"""Sources by their names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources.catalogue import Endpoints, open_sources
from sources.folder import FolderSource
from sources.http import HttpSource
from sources.values import SourceError
from sources.web.client import open_web


def _clock() -> datetime:
    return datetime(2025, 11, 14, tzinfo=UTC)


async def test_addresses_and_paths_are_told_apart(tmp_path: Path) -> None:
    """Order is kept, space and empty names mean nothing, and no source is opened twice."""
    async with open_web() as web:
        names = [f" {tmp_path} ", "https://example.org/papers", "", "dumps", "dumps"]
        sources = open_sources(names, web, _clock, Endpoints())
    assert [type(source) for source in sources] == [FolderSource, HttpSource, FolderSource]
    assert [source.name for source in sources] == [str(tmp_path), "https://example.org/papers", "dumps"]


async def test_an_address_of_another_kind_is_refused() -> None:
    """It would else be taken for a folder that is not there yet."""
    async with open_web() as web:
        with pytest.raises(SourceError, match="ftp"):
            open_sources(["ftp://example.org/papers"], web, _clock, Endpoints())


async def test_a_path_may_begin_at_home() -> None:
    """As in a shell."""
    async with open_web() as web:
        (source,) = open_sources(["~/dumps"], web, _clock, Endpoints())
    assert source.name == str(Path.home() / "dumps")
