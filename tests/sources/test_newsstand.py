"""The stand-in for Hugging Face and arXiv keeps to what is known of them; other tests rest on that."""

from __future__ import annotations

import asyncio
import html
import json
import re
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from benchmarks.newsstand import Newsstand, invent, record
from benchmarks.newsstand.values import Preprint, Revision

ROOT = Path(__file__).parents[2]
FIRST = date(2026, 3, 2)  # a Monday
WORLD = invent(FIRST, 21, beside=3)
ATOM = "{http://www.w3.org/2005/Atom}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
ARXIV = "{http://arxiv.org/schemas/atom}"


class Clock:
    """Stands at the noon of the third Wednesday until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 18, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def stand(clock: Clock) -> AsyncIterator[Newsstand]:
    async with Newsstand(WORLD, clock) as stand:
        yield stand


@pytest.fixture
async def http(stand: Newsstand) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=stand.url) as client:
        yield client


async def list_of(http: httpx.AsyncClient, day: date, **asked: int) -> list[dict[str, Any]]:
    answer = await http.get("/api/daily_papers", params={"date": str(day), "limit": 100, **asked})
    assert answer.status_code == 200
    return answer.json()


async def query(http: httpx.AsyncClient, search: str, **asked: int) -> ET.Element:
    answer = await http.get("/api/query", params={"search_query": search, "max_results": 100, **asked})
    return ET.fromstring(answer.text)  # noqa: S314 - our own


def ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["paper"]["id"] for entry in entries]


def total(feed: ET.Element) -> int:
    return int(feed.findtext(f"{SEARCH}totalResults", ""))


# The world


def test_the_same_world_is_made_again() -> None:
    assert invent(FIRST, 21, beside=3) == WORLD


def test_weekends_are_thin_and_the_mean_is_as_asked() -> None:
    world = invent(FIRST, 210)
    lengths = {day: len(entries) for day, entries in world.days.items()}
    weekend = [length for day, length in lengths.items() if day.weekday() > 4]
    assert 16 < sum(lengths.values()) / 210 < 18
    assert 0 in weekend
    assert max(weekend) < min(length for day, length in lengths.items() if day.weekday() <= 4)


def test_no_two_papers_share_an_id_or_a_title() -> None:
    assert len({p.id for p in WORLD.preprints}) == len({p.title for p in WORLD.preprints})
    assert len({p.id for p in WORLD.preprints}) == len(WORLD.preprints)


def test_what_is_always_there_is_there_and_the_rest_now_and_then() -> None:
    entries = [entry.entry for entry in invent(FIRST, 60).listed]
    paths = Counter(path for entry in entries for path in entry["paper"])
    always = {"id", "title", "summary", "publishedAt", "authors"}
    assert {path for path, times in paths.items() if times == len(entries)} == always
    assert {"ai_summary", "githubRepo", "projectPage", "organization", "ai_keywords"} < set(paths)
    assert any("\n" in entry["paper"]["title"] for entry in entries)


def test_every_path_is_one_that_was_seen(shared: Path) -> None:
    """The real API has been seen to send each path that an invented entry has."""
    table = (shared / "data" / "huggingface" / "schema.tsv").read_text()
    seen = {line.split("\t")[0].replace("[]", "") for line in table.splitlines()}

    def walk(value: Any, path: str) -> set[str]:
        if isinstance(value, dict):
            return {path} | {p for k, v in value.items() for p in walk(v, f"{path}.{k}".strip("."))}
        if isinstance(value, list):
            return {path} | {p for item in value for p in walk(item, path)}
        return {path}

    assert {p for entry in WORLD.listed for p in walk(entry.entry, "")} - {""} <= seen


def test_real_papers_and_real_days_make_a_world(shared: Path) -> None:
    world = record(shared, date(2025, 9, 29), 5)
    assert len(world.days[date(2025, 10, 1)]) == 37
    assert all(entry.entry["paper"]["summary"] for entry in world.listed)


# Hugging Face


async def test_a_list_grows_through_its_day(http: httpx.AsyncClient, clock: Clock) -> None:
    day = clock.now.date()
    noon = ids(await list_of(http, day))
    clock.now += timedelta(hours=11, minutes=59)
    assert set(noon) < set(ids(await list_of(http, day)))


async def test_some_papers_are_added_days_after(http: httpx.AsyncClient, clock: Clock) -> None:
    days = [FIRST + timedelta(days=n) for n in range(14)]
    late = 0
    for day in days:
        clock.now = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
        before = len(await list_of(http, day))
        clock.now += timedelta(days=3)
        late += len(await list_of(http, day)) - before
    assert late > 3


async def test_upvotes_grow_for_a_week_and_then_stand(http: httpx.AsyncClient, clock: Clock) -> None:
    day = FIRST
    counts = []
    for days in (2, 4, 7, 14):
        clock.now = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=days)
        counts.append(sum(entry["paper"]["upvotes"] for entry in await list_of(http, day)))
    assert counts[0] < counts[1] < counts[2] == counts[3] == sum(e.upvotes for e in WORLD.days[day])


async def test_a_day_with_nothing_answers_an_empty_list(http: httpx.AsyncClient) -> None:
    assert await list_of(http, FIRST - timedelta(days=1)) == []


async def test_a_day_to_come_is_refused(http: httpx.AsyncClient, clock: Clock) -> None:
    tomorrow = clock.now.date() + timedelta(days=1)
    answer = await http.get("/api/daily_papers", params={"date": str(tomorrow)})
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


async def test_a_long_list_comes_in_pages(http: httpx.AsyncClient) -> None:
    whole = ids(await list_of(http, FIRST))
    pages = [ids(await list_of(http, FIRST, limit=10, p=page)) for page in range(3)]
    assert [one for page in pages for one in page] == whole[:30]
    assert (await http.get("/api/daily_papers?limit=101")).status_code == 400


async def test_without_a_day_the_newest_come(http: httpx.AsyncClient, clock: Clock) -> None:
    newest = (await http.get("/api/daily_papers?limit=30")).json()
    assert ids(newest)[:5] == ids(await list_of(http, clock.now.date()))[:5]
    assert len(newest) == 30


async def test_a_list_that_is_known_is_not_sent(http: httpx.AsyncClient, clock: Clock) -> None:
    params = {"date": str(clock.now.date())}
    tag = (await http.get("/api/daily_papers", params=params)).headers["ETag"]
    assert tag.startswith('W/"')
    again = await http.get("/api/daily_papers", params=params, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    clock.now += timedelta(hours=7)
    again = await http.get("/api/daily_papers", params=params, headers={"If-None-Match": tag})
    assert again.status_code == 200


async def test_the_page_holds_the_same_list(http: httpx.AsyncClient) -> None:
    page = (await http.get(f"/papers/date/{FIRST}")).text
    found = re.search(r'data-target="DailyPapers" data-props="([^"]*)"', page)
    assert found
    props = json.loads(html.unescape(found[1]))
    assert (props["dateString"], props["dailyPapers"]) == (str(FIRST), await list_of(http, FIRST))


@pytest.mark.parametrize("day", ["2026-03-19", "yesterday"])
async def test_the_page_of_a_day_that_cannot_be_leads_to_today(http: httpx.AsyncClient, day: str) -> None:
    answer = await http.get(f"/papers/date/{day}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/papers/date/2026-03-18")


# arXiv


@pytest.mark.parametrize("style", ["new", "old"])
async def test_both_styles_of_atom_tell_the_same(clock: Clock, style: str) -> None:
    async with Newsstand(WORLD, clock, style=style) as stand, httpx.AsyncClient(base_url=stand.url) as http:
        feed = await query(http, "cat:cs.AI AND submittedDate:[202603090000 TO 202603112359]")
        assert total(feed) > 10
        assert len(feed.findall(f"{ATOM}entry/{ARXIV}primary_category")) == total(feed)


async def test_a_query_is_answered_in_pages_the_newest_first(http: httpx.AsyncClient) -> None:
    search = "(cat:cs.AI OR cat:cs.CL) AND submittedDate:[202603090000 TO 202603132359]"
    whole = await query(http, search)
    published = [entry.findtext(f"{ATOM}published", "") for entry in whole.findall(f"{ATOM}entry")]
    assert published == sorted(published, reverse=True)
    assert all("2026-03-09" <= moment[:10] <= "2026-03-13" for moment in published)
    pages = [await query(http, search, start=start, max_results=5) for start in range(0, total(whole), 5)]
    entries = [e.findtext(f"{ATOM}id") for page in pages for e in page.findall(f"{ATOM}entry")]
    assert entries == [entry.findtext(f"{ATOM}id") for entry in whole.findall(f"{ATOM}entry")]


async def test_a_title_is_found_by_its_words(http: httpx.AsyncClient) -> None:
    sought = WORLD.preprints[0]
    feed = await query(http, f'ti:"{sought.title.upper()}"')
    assert f"/{sought.id}v" in feed.findtext(f"{ATOM}entry/{ATOM}id", "")
    assert total(await query(http, 'ti:"no such title"')) == 0


async def test_a_preprint_is_there_once_it_is_announced(http: httpx.AsyncClient, clock: Clock) -> None:
    """On the next day that is no Saturday or Sunday."""
    friday = next(p for p in WORLD.preprints if p.submitted.weekday() == 4)
    clock.now = datetime.combine(friday.submitted.date(), clock.now.timetz()) + timedelta(days=2)
    assert total(await query(http, f'ti:"{friday.title}"')) == 0
    clock.now += timedelta(days=1)
    assert total(await query(http, f'ti:"{friday.title}"')) == 1


@pytest.mark.parametrize("asked", ["search_query=cat:cs.AI&start=x", "max_results=5"])
async def test_a_query_that_is_wrong_is_answered_by_an_error_entry(
    http: httpx.AsyncClient, asked: str
) -> None:
    answer = await http.get(f"/api/query?{asked}")
    entry = ET.fromstring(answer.text).find(f"{ATOM}entry")  # noqa: S314 - our own
    assert answer.status_code == 400
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "Error"
    assert "/api/errors#" in entry.findtext(f"{ATOM}id", "")


@pytest.mark.parametrize("kind", ["atom", "rss"])
async def test_a_feed_tells_what_is_announced_today(http: httpx.AsyncClient, kind: str) -> None:
    text = (await http.get(f"/{kind}/cs.AI+cs.CL")).text
    ET.fromstring(text)  # noqa: S314 - our own
    today = {p.id for p in WORLD.preprints if p.announced.date() == date(2026, 3, 18)}
    told = set(re.findall(r"oai:arXiv\.org:([\d.]+)v1<", text))
    assert told
    assert told < today
    assert set(re.findall(r"announce_type>([\w-]+)<", text)) <= {"new", "cross", "replace", "replace-cross"}


async def test_a_feed_is_empty_at_weekends(http: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = datetime(2026, 3, 14, 12, tzinfo=UTC)
    assert "oai:arXiv.org" not in (await http.get("/rss/cs.AI+cs.CL+cs.CV+cs.LG")).text


async def test_a_feed_that_is_known_is_not_sent(http: httpx.AsyncClient) -> None:
    first = await http.get("/atom/cs.AI")
    by_tag = await http.get("/atom/cs.AI", headers={"If-None-Match": first.headers["ETag"]})
    by_time = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert (by_tag.status_code, (await http.get("/atom/cs.AI", headers=by_time)).status_code) == (304, 304)


def test_a_revision_is_an_edition_of_its_own() -> None:
    """Announced as a replacement, and what the query API tells from then on."""
    submitted, revised = datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2026, 3, 10, 4, tzinfo=UTC)
    later = Revision(revised, "Kettles", "None boils.")
    preprint = Preprint("2603.00001", "Kettles", "All boil.", ("A",), ("cs.AI",), submitted, (later,))
    versions = [preprint.at(submitted + timedelta(days=days)) for days in (0, 1, 7)]
    assert [edition and (edition.version, edition.abstract) for edition in versions] == [
        None,
        (1, "All boil."),
        (2, "None boils."),
    ]


# Troubles


async def test_a_stand_that_is_down_says_nothing(stand: Newsstand, http: httpx.AsyncClient) -> None:
    stand.go_down()
    with pytest.raises(httpx.RemoteProtocolError):
        await http.get("/api/daily_papers")
    stand.come_back()
    assert (await http.get("/api/daily_papers")).is_success


async def test_a_trouble_strikes_its_path_for_as_long_as_told(
    stand: Newsstand, http: httpx.AsyncClient
) -> None:
    stand.answer_status(429, retry_after="60", path="/api/daily", requests=2)
    answers = [await http.get("/api/daily_papers") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "60"
    stand.answer_status(503, path="/api/daily")
    assert (await http.get("/rss/cs.AI")).is_success


async def test_a_body_is_cut_in_the_middle(stand: Newsstand, http: httpx.AsyncClient) -> None:
    stand.cut_bodies()
    with pytest.raises(httpx.RemoteProtocolError):
        await http.get("/api/daily_papers")


async def test_a_slow_body_comes_in_pieces(stand: Newsstand, http: httpx.AsyncClient) -> None:
    stand.drip(0.05)
    async with http.stream("GET", "/api/daily_papers") as answer:
        pieces = [piece async for piece in answer.aiter_raw()]
    assert len(pieces) > 3


async def test_a_body_changes_its_shape(stand: Newsstand, http: httpx.AsyncClient) -> None:
    """And is no version of what it was before."""
    tag = (await http.get("/api/daily_papers")).headers["ETag"]
    stand.change_shape(lambda body: b'{"papers":' + body + b"}")
    answer = await http.get("/api/daily_papers", headers={"If-None-Match": tag})
    assert answer.json()["papers"]


async def test_an_empty_page_tells_the_same_total(stand: Newsstand, http: httpx.AsyncClient) -> None:
    whole = await query(http, "cat:cs.AI")
    stand.send_empty_pages(1)
    empty = await query(http, "cat:cs.AI")
    assert (total(empty), empty.find(f"{ATOM}entry")) == (total(whole), None)
    assert (await query(http, "cat:cs.AI")).find(f"{ATOM}entry") is not None


async def test_a_stand_that_forgets_sends_all_again(stand: Newsstand, http: httpx.AsyncClient) -> None:
    tag = (await http.get("/api/daily_papers")).headers["ETag"]
    stand.forget_etags()
    answer = await http.get("/api/daily_papers", headers={"If-None-Match": tag})
    assert (answer.status_code, "ETag" in answer.headers) == (200, False)


async def test_what_was_asked_is_counted(stand: Newsstand, http: httpx.AsyncClient) -> None:
    await http.get("/api/daily_papers?date=2026-03-02")
    await http.get("/nowhere")
    assert (stand.count(), stand.count("/api"), stand.count(status=404)) == (2, 1, 1)
    assert [gap >= 0 for gap in stand.gaps()] == [True]
    assert stand.asked[0].query == "date=2026-03-02"


async def test_in_a_process_of_its_own_it_has_a_list_of_today_and_troubles_as_told() -> None:
    command = (sys.executable, "-m", "benchmarks.newsstand", "--days", "7")
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=ROOT)
    assert process.stdin
    assert process.stdout
    url = (await process.stdout.readline()).decode().strip()
    told, seen = [], []
    async with httpx.AsyncClient(base_url=url) as http:
        for line in ("", "status 503 60", "back", "dance", "slow down"):
            process.stdin.write(f"{line}\n".encode())
            told.append((await process.stdout.readline()).decode().strip())
            answer = await http.get(f"/api/daily_papers?date={datetime.now(UTC).date()}")
            seen.append((answer.status_code, answer.headers.get("Retry-After")))
    process.stdin.close()
    assert await process.wait() == 0
    assert seen == [(200, None), (503, "60"), *[(200, None)] * 3]
    assert told[:3] == ["0", "1", "2"]
    assert all("status CODE" in line for line in told[3:])
