"""Gzip, whole and broken, harmless and not."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.unpacking import CutError, UnpackingError, unpack

PLENTY = 1_000_000
PAPERS = b"Weeds Win: Watching Gardens Without Gardeners\n" * 500


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.binary(max_size=50))
def test_members_are_read_one_after_the_other_and_rubbish_is_ignored(
    parts: list[bytes], rubbish: bytes
) -> None:
    """Padding, or whatever a tape drive left, is no reason to lose what came before it."""
    packed = b"".join(map(gzip.compress, parts))
    assert unpack(packed + (b"" if rubbish.startswith(b"\x1f\x8b") else rubbish), PLENTY) == b"".join(parts)


@given(st.data())
def test_a_body_that_ends_too_early_is_told_from_a_broken_one(data: st.DataObject) -> None:
    """It is worth another attempt. A second member may be cut, too."""
    whole = gzip.compress(PAPERS, 1)
    body = data.draw(st.sampled_from([b"", whole])) + whole[: data.draw(st.integers(2, len(whole) - 1))]
    with pytest.raises(CutError, match="breaks off"):
        unpack(body, PLENTY)


@given(
    st.one_of(
        st.binary(max_size=200), st.binary(max_size=200).map(lambda tail: gzip.compress(b"")[:10] + tail)
    )
)
def test_whatever_comes_is_unpacked_or_refused(body: bytes) -> None:
    """No other error leaves."""
    with suppress(UnpackingError):
        assert len(unpack(body, PLENTY)) <= PLENTY


@pytest.mark.parametrize(
    "broken", [b"Title\nAbstract.", zlib.compress(PAPERS), gzip.compress(PAPERS, mtime=0)[:-8] + bytes(8)]
)
def test_what_is_no_gzip_is_refused(broken: bytes) -> None:
    """Also a body whose checksum is another one's."""
    with pytest.raises(UnpackingError, match="gzip that is broken"):
        unpack(broken, PLENTY)


def test_an_empty_body_stays_empty() -> None:
    """Servers say gzip of it."""
    assert unpack(b"", PLENTY) == b""


def test_the_limit_itself_is_allowed() -> None:
    """One byte more is not."""
    packed = gzip.compress(PAPERS)
    assert unpack(packed, len(PAPERS)) == PAPERS
    with pytest.raises(UnpackingError, match=r"unpacks to more than 0\.\d+ MB"):
        unpack(packed, len(PAPERS) - 1)


def test_a_bomb_costs_a_few_megabytes() -> None:
    """Ten megabytes that unpack to ten gigabytes are refused before any of it is kept."""
    bomb = gzip.compress(bytes(100_000_000), 9) * 100
    tracemalloc.start()
    try:
        with pytest.raises(UnpackingError, match="unpacks to more than 100 MB"):
            unpack(bomb, 100_000_000)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_body_of_too_many_members_is_refused() -> None:
    """Each costs time although there is nothing in it."""
    with pytest.raises(UnpackingError, match="gzip in more than 100,000 pieces"):
        unpack(gzip.compress(b"") * 100_001, PLENTY)
