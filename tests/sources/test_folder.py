"""A folder as a source."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import socket
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from sources.folder import FolderSource
from sources.parsing import parse
from sources.values import LARGEST_DUMP, Listing, SourceError


def _write(path: Path, body: bytes = b"Title\nAbstract.") -> Path:
    """Write a file that nobody has touched for a while."""
    path.write_bytes(body)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


async def _names(path: Path) -> list[str]:
    return [listing.name for listing in await FolderSource(path).list(date(2026, 1, 31))]


async def test_files_are_listed_by_name_whatever_their_endings(tmp_path: Path) -> None:
    """Content, not a name, tells what a file is."""
    for name in ("b.txt", "a.json", "c", "ü.html"):
        _write(tmp_path / name)
    assert await _names(tmp_path) == ["a.json", "b.txt", "c", "ü.html"]


async def test_hidden_unfinished_and_nested_files_are_left_out(tmp_path: Path) -> None:
    """Editors and downloads leave their traces in folders."""
    for name in (
        ".hidden",
        "a.txt.part",
        "a.txt.tmp",
        "a.txt~",
        ".a.txt.swp",
        "a.json.CRDOWNLOAD",
        "a.aria2",
    ):
        _write(tmp_path / name)
    (tmp_path / "folder").mkdir()
    _write(tmp_path / "folder" / "nested.txt")
    assert await _names(tmp_path) == []


async def test_a_missing_folder_is_an_error_in_words(tmp_path: Path) -> None:
    """A name that was mistyped does not pass for a folder without dumps."""
    with pytest.raises(SourceError, match="none cannot be listed: no such file or directory"):
        await _names(tmp_path / "none")


async def test_a_broken_path_is_an_error_in_words(tmp_path: Path) -> None:
    """A link to nowhere is no empty folder, and a pipe is none either."""
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(SourceError, match="cannot be listed: no such file or directory"):
        await _names(tmp_path / "link")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="cannot be listed: not a directory"):
        await _names(tmp_path / "pipe")


async def test_links_are_followed_only_inside_the_folder(tmp_path: Path) -> None:
    """A link can not smuggle a foreign file in."""
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    _write(inside / "a.txt")
    (inside / "b.txt").symlink_to(inside / "a.txt")
    (inside / "c.txt").symlink_to(_write(outside / "secret.txt"))
    (inside / "d.txt").symlink_to(inside / "nowhere")
    (inside / "e.txt").symlink_to(inside / "e.txt")
    assert await _names(inside) == ["a.txt", "b.txt"]
    with pytest.raises(SourceError, match="has no file of that name"):
        await FolderSource(inside).fetch(Listing("c.txt"), None)


async def test_only_files_with_a_name_are_listed(tmp_path: Path) -> None:
    """Pipes and sockets are no files; what is not named in UTF-8 could not be written down."""
    _write(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
    with suppress(OSError):  # some systems refuse such names themselves
        _write(tmp_path / os.fsdecode(b"caf\xe9.txt"))
    assert await _names(tmp_path) == ["a.txt"]


async def test_what_became_a_pipe_stops_nothing(tmp_path: Path) -> None:
    """Between a list and a fetch anything may happen."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="is no file any more"):
        await FolderSource(tmp_path).fetch(Listing("pipe"), None)


async def test_ten_thousand_files_are_listed_beside_other_work(tmp_path: Path) -> None:
    """They are looked at in a thread; the loop goes on."""
    for number in range(10_000):
        _write(tmp_path / f"{number:04}.txt")
    listing = asyncio.create_task(_names(tmp_path))
    turns = 0
    while not listing.done():
        await asyncio.sleep(0)
        turns += 1
    assert listing.result() == [f"{number:04}.txt" for number in range(10_000)]
    assert turns > 10


@pytest.mark.parametrize("packed", [True, False])
async def test_a_file_that_was_read_too_early_is_read_again(tmp_path: Path, *, packed: bool) -> None:
    """A writer that pauses leaves a cut body: its whole papers count, and all of them once it is done."""
    body = json.dumps([{"title": "Weeds Win"}, {"title": "KettleNet"}]).encode()
    body = gzip.compress(body) if packed else body
    path = _write(tmp_path / "a.json", body[:-10])
    source = FolderSource(tmp_path)
    (early,) = await source.list(date(2026, 1, 31))
    cut = await source.fetch(early, None)
    assert cut is not None
    (problem,) = parse(cut.body).rejects
    assert (
        problem.reason == "the body is gzip that breaks off in the middle"
        if packed
        else "broken JSON: cut off"
    )
    path.write_bytes(body)
    (late,) = await source.list(date(2026, 1, 31))
    assert late.version != early.version
    whole = await source.fetch(late, cut.version)
    assert whole is not None
    assert [paper.title for paper in parse(whole.body).papers] == ["Weeds Win", "KettleNet"]


async def test_a_file_alone_is_a_source_too(tmp_path: Path) -> None:
    """Of a folder with many files, one can be named."""
    path = _write(tmp_path / "a.txt")
    _write(tmp_path / "b.txt")
    source = FolderSource(path)
    (listing,) = await source.list(date(2026, 1, 31))
    dump = await source.fetch(listing, None)
    assert dump is not None
    assert (dump.source, dump.name, dump.body, dump.fetched) == (
        str(path),
        "a.txt",
        b"Title\nAbstract.",
        None,
    )


async def test_a_file_is_read_once_a_version(tmp_path: Path) -> None:
    """Its size and the time of its last change tell versions apart."""
    path = _write(tmp_path / "a.txt")
    source = FolderSource(tmp_path)
    (listing,) = await source.list(date(2026, 1, 31))
    dump = await source.fetch(listing, None)
    assert dump is not None
    assert dump.version == listing.version
    assert await source.fetch(listing, dump.version) is None
    path.write_bytes(b"changed")
    changed = await source.fetch(listing, dump.version)
    assert changed is not None
    assert (changed.body, changed.fingerprint != dump.fingerprint) == (b"changed", True)


async def test_a_file_that_was_just_written_is_there_at_once(tmp_path: Path) -> None:
    """A user who copies a dump and polls need not wait."""
    (tmp_path / "a.txt").write_bytes(b"Title")
    assert await _names(tmp_path) == ["a.txt"]


async def test_a_file_that_still_grows_waits_for_the_next_poll(tmp_path: Path) -> None:
    """Half a dump would give half a paper."""
    _write(tmp_path / "done.txt")
    with (tmp_path / "growing.txt").open("wb") as growing:

        async def grow() -> None:
            for _ in range(20):
                growing.write(b"more ")
                growing.flush()
                await asyncio.sleep(0.02)

        writing = asyncio.create_task(grow())
        await asyncio.sleep(0.02)
        assert await _names(tmp_path) == ["done.txt"]
        await writing


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "..", ""])
async def test_only_files_of_the_folder_can_be_fetched(tmp_path: Path, name: str) -> None:
    """A listing that was made up leads nowhere."""
    with pytest.raises(SourceError):
        await FolderSource(tmp_path).fetch(Listing(name, None), None)


async def test_a_file_that_is_gone_or_too_large_is_an_error_in_words(tmp_path: Path) -> None:
    """The poll reports it and goes on."""
    source = FolderSource(tmp_path)
    with pytest.raises(SourceError, match=r"gone\.txt in .* cannot be read: no such file"):
        await source.fetch(Listing("gone.txt", None), None)
    with (tmp_path / "huge.txt").open("wb") as huge:
        huge.truncate(LARGEST_DUMP + 1)
    with pytest.raises(SourceError, match="larger than the 100 MB"):
        await source.fetch(Listing("huge.txt", None), None)
