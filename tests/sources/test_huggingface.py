"""Hugging Face's daily papers, from a real server on this machine: the API, and the page where that fails."""

from __future__ import annotations

import html
import json
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from website import Request, served

from sources.huggingface import HuggingFaceSource
from sources.parsing import parse
from sources.values import Dump, SourceError
from sources.web.client import Web, World, open_web

NOW = datetime(2025, 10, 3, 7, 0, tzinfo=UTC)
DAY = date(2025, 10, 1)
API, PAGE = "/api/daily_papers?date=2025-10-01&limit=100", "/papers/date/2025-10-01"


def _entries(count: int, first: int = 0) -> list[dict[str, Any]]:
    numbers = range(first, first + count)
    return [{"paper": {"id": f"2509.{n:05}", "title": f"Weeds of Garden {n}"}} for n in numbers]


def _page(entries: list[Any], **data: Any) -> bytes:
    props = {"periodType": "day", "dateString": "2025-10-01", "dailyPapers": entries} | data
    return f'<!doctype html><div data-props="{html.escape(json.dumps(props))}"></div>'.encode()


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    tag: str | None = None
    location: str | None = None
    retry_after: str | None = None


class HuggingFace:
    """A server whose answers a test chooses; it knows its tags, and remembers what it was asked."""

    def __init__(self) -> None:
        self.port = 0
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def list_on(self, path: str, entries: list[Any], tag: str | None = None) -> None:
        body = _page(entries) if path.startswith("/papers") else json.dumps(entries).encode()
        self.answers[path] = Answer(body, tag=tag)

    def fail(self, path: str, status: int = 404, retry_after: str | None = None) -> None:
        self.answers[path] = Answer(b"{}", status, retry_after=retry_after)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def answer(self, request: Request) -> None:
        known = request.headers["If-None-Match"]
        self.asked.append((request.path, known))
        answer = self.answers.get(request.path, Answer(status=404))
        is_known = answer.tag is not None and known == answer.tag
        headers = {"ETag": answer.tag, "Location": answer.location, "Retry-After": answer.retry_after}
        body = b"" if is_known else answer.body
        request.send_response(304 if is_known else answer.status)
        for name, value in headers.items():
            if value is not None:
                request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


@pytest.fixture
def server() -> Iterator[HuggingFace]:
    server = HuggingFace()
    with served(server.answer) as server.port:
        yield server


async def _hurry(_seconds: float) -> None:
    """Wait for nothing."""


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with open_web(world=World(pause=_hurry)) as web:
        yield web


@pytest.fixture
def source(server: HuggingFace, web: Web) -> HuggingFaceSource:
    return HuggingFaceSource(server.url, web, lambda: NOW)


async def _fetch(source: HuggingFaceSource, known: str | None = None) -> Dump | None:
    *_, listing = await source.list(DAY)
    return await source.fetch(listing, known)


async def _read(source: HuggingFaceSource, known: str | None = None) -> Dump:
    dump = await _fetch(source, known)
    assert dump is not None
    return dump


async def _failure(source: HuggingFaceSource) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await _fetch(source)
    return caught.value


def _ids(dump: Dump) -> list[str | None]:
    return [paper.arxiv_id for paper in parse(dump.body, day=dump.day).papers]


async def test_a_day_is_one_dump(server: HuggingFace, source: HuggingFaceSource) -> None:
    """It bears the day's name, and its papers were on the list of that day."""
    server.list_on(API, _entries(3))
    dump = await _read(source)
    assert (dump.source, dump.name, dump.day, dump.fetched) == ("huggingface", "2025-10-01", DAY, NOW)
    assert [paper.featured for paper in parse(dump.body, day=dump.day).papers] == [DAY] * 3
    assert server.paths == [API]


async def test_an_unchanged_day_costs_one_conditional_request(
    server: HuggingFace, source: HuggingFaceSource
) -> None:
    """The page is not asked at all."""
    server.list_on(API, _entries(3), tag='W/"a"')
    dump = await _read(source)
    assert await _fetch(source, dump.version) is None
    assert server.asked == [(API, None), (API, 'W/"a"')]


async def test_a_day_with_nothing_is_no_failure(server: HuggingFace, source: HuggingFaceSource) -> None:
    """Nobody looks for it on the page."""
    server.list_on(API, [])
    dump = await _read(source)
    parsed = parse(dump.body, day=dump.day)
    assert (parsed.papers, parsed.rejects, server.paths) == ((), (), [API])


async def test_the_list_of_a_busy_day_is_read_to_its_end(
    server: HuggingFace, source: HuggingFaceSource
) -> None:
    """The API gives a hundred at most, and at times a few less of more."""
    server.list_on(API, _entries(100))
    server.list_on(f"{API}&p=1", _entries(97, 100))
    server.list_on(f"{API}&p=2", _entries(3, 197))
    dump = await _read(source)
    assert _ids(dump) == [f"2509.{n:05}" for n in range(200)]


async def test_a_busy_day_is_unchanged_only_where_all_of_it_is(
    server: HuggingFace, source: HuggingFaceSource
) -> None:
    """What is new may stand at the end."""
    last = f"{API}&p=1"
    server.list_on(API, _entries(100), tag='"a"')
    server.list_on(last, _entries(1, 100), tag='"b"')
    dump = await _read(source)
    assert await _fetch(source, dump.version) is None
    assert server.asked[2:] == [(API, '"a"'), (last, '"b"')]
    server.list_on(last, _entries(2, 100), tag='"c"')
    assert len(_ids(await _read(source, dump.version))) == 102


async def test_a_server_that_knows_no_parts_is_not_asked_for_ever(
    server: HuggingFace, source: HuggingFaceSource
) -> None:
    """The first part came again, so that there is no second."""
    server.list_on(API, _entries(120))
    server.list_on(f"{API}&p=1", _entries(120))
    assert len(_ids(await _read(source))) == 120
    assert len(server.asked) == 2


async def test_a_list_without_end_is_an_error(server: HuggingFace, source: HuggingFaceSource) -> None:
    """Thousands of papers a day are none of Hugging Face's."""
    server.list_on(API, _entries(100))
    for part in range(1, 30):
        server.list_on(f"{API}&p={part}", _entries(100, 100 * part))
    assert "does not come to the end of its list" in str(await _failure(source))


async def test_the_parts_of_a_list_hold_no_more_than_a_dump(
    server: HuggingFace, source: HuggingFaceSource
) -> None:
    """All of them are in memory together."""
    for part in range(20):
        padded = json.dumps(_entries(100, 100 * part)).encode() + b" " * 40_000_000 * (part < 3)
        server.answers[f"{API}&p={part}" if part else API] = Answer(padded)
    assert "does not come to the end of its list" in str(await _failure(source))
    assert sum(path.startswith(API) for path in server.paths) == 3


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"1", "the number 1"),
        (b'{"error": "overloaded"}', "an object"),
        (b"<!doctype html><h1>Sign in</h1>", "no JSON"),
        (b"", "no JSON"),
        (b"\x00\x01", "no JSON"),
        (b'[{"paper": {"id": "2509.00001", "title": "Weeds', "broken JSON"),
        (b'[{"model": "weeds"}]', "a list of other things"),
        (b'["overloaded"]', "a list of other things"),
    ],
)
async def test_a_body_that_is_no_list_leads_to_the_page(
    server: HuggingFace, source: HuggingFaceSource, body: bytes, words: str
) -> None:
    """Where the page fails too, the error tells of both, in words."""
    server.answers[API] = Answer(body)
    server.list_on(PAGE, _entries(2))
    assert _ids(await _read(source)) == ["2509.00000", "2509.00001"]
    server.fail(PAGE)
    error = str(await _failure(source))
    assert f"{server.url}{API} sent {words}, not a list of papers; {server.url}{PAGE} answered 404" in error


@pytest.mark.parametrize("status", [400, 404, 429, 500])
async def test_an_api_that_refuses_leads_to_the_page(
    server: HuggingFace, source: HuggingFaceSource, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """The page has the same list, with its day; the log says that it was needed."""
    server.fail(API, status)
    server.list_on(PAGE, _entries(2))
    dump = await _read(source)
    assert (_ids(dump), dump.day) == (["2509.00000", "2509.00001"], DAY)
    assert f"answered {status}" in caplog.text
    assert "the page of that day was read instead" in caplog.text


async def test_a_server_that_asks_for_patience_is_left_alone(
    server: HuggingFace, source: HuggingFaceSource
) -> None:
    """The page would be one request more."""
    server.fail(API, 429, retry_after="3000")
    error = await _failure(source)
    assert error.wait is not None
    assert PAGE not in server.paths


async def test_who_asks_for_a_pause_of_nothing_is_asked_for_the_page(
    server: HuggingFace, source: HuggingFaceSource
) -> None:
    server.fail(API, 503, retry_after="0")
    server.answers[PAGE] = Answer(_page(_entries(1)))
    assert _ids(await _read(source)) == ["2509.00000"]


async def test_the_page_is_asked_with_its_own_version_only(
    server: HuggingFace, source: HuggingFaceSource
) -> None:
    """What the API calls a version means nothing there, nor the other way round."""
    server.list_on(API, _entries(2), tag='"api"')
    by_api = await _read(source)
    server.fail(API)
    server.list_on(PAGE, _entries(2), tag='"page"')
    by_page = await _read(source, by_api.version)
    assert await _fetch(source, by_page.version) is None
    server.list_on(API, _entries(3), tag='"page"')
    assert len(_ids(await _read(source, by_page.version))) == 3
    assert server.asked[1:] == [
        *((API, '"api"'), (PAGE, None)),
        *((API, None), (PAGE, '"page"')),
        (API, None),
    ]


@pytest.mark.parametrize("known", ["", "{", "[]", "7", '{"etag": "x"}', '{"api": 7}', '{"api": [7]}'])
async def test_a_version_of_another_shape_asks_anew(
    server: HuggingFace, source: HuggingFaceSource, known: str
) -> None:
    """As an older release, or nobody, wrote it."""
    server.list_on(API, _entries(2), tag='"a"')
    assert (await _read(source, known)).version
    assert server.asked == [(API, None)]


async def test_without_validators_a_list_has_no_version(
    server: HuggingFace, source: HuggingFaceSource
) -> None:
    """It is fetched whole each time."""
    server.list_on(API, _entries(2))
    assert (await _read(source)).version is None


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (_page(_entries(2), dateString="2025-09-30"), "shows the list of 2025-09-30"),
        (_page(_entries(2), periodType="week"), "shows the list of no single day"),
        (_page(_entries(2), dateString=None), "shows the list of no single day"),
        (_page([{"paper": {}}]), "holds no list of papers"),
        (_page(_entries(9))[:-200], "breaks off in the middle of its list"),
        (b"<!doctype html><h1>Papers</h1>", "holds no list of papers"),
        (b"\x00", "holds no list of papers"),
    ],
)
async def test_a_page_of_another_day_or_none_is_never_read(
    server: HuggingFace, source: HuggingFaceSource, page: bytes, words: str
) -> None:
    """Of a day that it does not know, the server shows another."""
    server.fail(API)
    server.answers[PAGE] = Answer(page)
    assert f"{server.url}{PAGE} {words}" in str(await _failure(source))


async def test_a_page_that_leads_to_another_days_is_never_read(
    server: HuggingFace, source: HuggingFaceSource
) -> None:
    """Not though it has papers."""
    server.fail(API)
    server.answers[PAGE] = Answer(status=302, location="/papers/date/2025-09-30")
    server.answers["/papers/date/2025-09-30"] = Answer(_page(_entries(2), dateString="2025-09-30"))
    assert "shows the list of 2025-09-30" in str(await _failure(source))


async def test_an_empty_page_of_the_day_is_a_day_with_nothing(
    server: HuggingFace, source: HuggingFaceSource
) -> None:
    """As an empty answer of the API is."""
    server.fail(API)
    server.list_on(PAGE, [])
    dump = await _read(source)
    assert parse(dump.body, day=dump.day).rejects == ()


async def test_a_mirror_may_live_below_a_path(server: HuggingFace, web: Web) -> None:
    """Its address goes before those of the server."""
    server.list_on(f"/mirror{API}", _entries(1))
    source = HuggingFaceSource(f"{server.url}/mirror/", web, lambda: NOW)
    assert _ids(await _read(source)) == ["2509.00000"]


async def test_no_error_tells_a_password(server: HuggingFace, web: Web) -> None:
    """A mirror may need one."""
    address = urlsplit(server.url).netloc
    source = HuggingFaceSource(f"http://ann:secret@{address}", web, lambda: NOW)
    assert "secret" not in str(await _failure(source))


async def test_the_recorded_answers_are_read(
    server: HuggingFace, source: HuggingFaceSource, shared: Path
) -> None:
    """Also those whose entries are Python's, and the weekend's that was none."""
    folder = shared / "data" / "huggingface"
    for name, count in (("2024-05-27", 13), ("2024-12-11", 26), ("2025-10-01", 37)):
        server.answers[API] = Answer((folder / f"{name}.json").read_bytes())
        assert len(_ids(await _read(source))) == count
    server.answers[API] = Answer((folder / "weekend_error_2024-06-01.json").read_bytes())
    assert "sent the number 1" in str(await _failure(source))


FULL = {
    "paper": {
        "id": "2509.25541",
        "title": "Weeds Win",
        "summary": "We study how gardens grow.",
        "authors": [{"_id": "1", "name": "Ada Fence", "hidden": False, "user": {"fullname": "Ada"}}],
        "publishedAt": "2025-09-29T21:55:55.000Z",
        "submittedOnDailyAt": "2025-10-01T00:55:06.135Z",
        "submittedOnDailyBy": {"_id": "2", "isPro": False},
        "upvotes": 55,
        "discussionId": "68dc",
        "mediaUrls": ["https://example.org/weeds.mp4"],
        "ai_summary": "Weeds win.",
        "ai_keywords": ["weeds"],
        "githubRepo": "https://github.com/example/weeds",
        "githubStars": 6,
        "projectPage": "https://example.org/weeds",
        "organization": {"_id": "3", "name": "iof", "fullname": "Institute of Fences"},
    },
    "publishedAt": "2025-09-29T17:55:55.000Z",
    "title": "Weeds Win",
    "summary": "We study how gardens grow.",
    "thumbnail": "https://example.org/weeds.png",
    "numComments": 3,
    "organization": {"_id": "3", "name": "iof", "fullname": "Institute of Fences", "avatar": "a"},
    "submittedBy": {"_id": "2", "followerCount": 1},
    "isAuthorParticipating": False,
}
ALWAYS = {("paper",), ("paper", "id"), ("paper", "title"), ("paper", "summary")}
DROPPED = object()


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield (*path, key)
        yield from _paths(below, (*path, key))


OPTIONAL = sorted(set(_paths(FULL)) - ALWAYS, key=str)
wrong_values = (
    st.just(DROPPED)
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.builds(list)
    | st.builds(dict)
    | st.lists(st.integers() | st.text(max_size=5), max_size=3)
    | st.dictionaries(st.sampled_from(["name", "fullname", "paper", "title"]), st.integers(), max_size=2)
)


def _put(entry: Any, path: tuple[Any, ...], value: object) -> None:
    """Change or drop what stands at a path, where the path still leads anywhere."""
    *outer, last = path
    for key in outer:
        there = isinstance(entry, dict) and key in entry
        there = there or (isinstance(entry, list) and isinstance(key, int) and key < len(entry))
        if not there:
            return
        entry = entry[key]
    if isinstance(entry, dict):
        entry.pop(last, None)
        if value is not DROPPED:
            entry[last] = deepcopy(value)
    elif isinstance(entry, list) and entry:
        entry[0] = None if value is DROPPED else deepcopy(value)


@given(st.lists(st.tuples(st.sampled_from(OPTIONAL), wrong_values), min_size=1, max_size=8))
def test_no_optional_path_costs_a_paper(changes: list[tuple[tuple[Any, ...], object]]) -> None:
    """However many are missing or of another type, title, id and abstract are there."""
    entry = deepcopy(FULL)
    for path, value in changes:
        _put(entry, path, value)
    (paper,) = parse(json.dumps([entry]).encode()).papers
    assert (paper.title, paper.arxiv_id, paper.abstract) == (
        *("Weeds Win", "2509.25541"),
        "We study how gardens grow.",
    )
