"""The stand itself: which path is answered how, what goes wrong, and what was asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from itertools import pairwise
from types import TracebackType
from typing import Self

from benchmarks.newsstand import arxiv_feed, arxiv_query, faults, huggingface
from benchmarks.newsstand.arxiv_query import STYLES
from benchmarks.newsstand.faults import Fault, Trouble
from benchmarks.newsstand.serving import Request, Response, Serving, conditional, packed
from benchmarks.newsstand.values import World

API, DAY_PAGE, QUERY = "/api/daily_papers", "/papers/date/", "/api/query"
FEEDS = {"/atom/": "atom", "/rss/": "rss"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it came. ``status`` is None where the connection was closed without a word."""

    path: str
    query: str
    status: int | None
    at: float
    agent: str


class Newsstand:
    """Plays both servers on one port of this machine, as their lists stand by a clock that is handed in.

    A fault strikes the paths that begin with ``path``, for so many ``requests`` or until `come_back`. Several
    strike one after the other.
    """

    def __init__(self, world: World, clock: Callable[[], datetime], *, style: str = "new") -> None:
        """Take a world. ``style`` is how Atom of the query API names its namespaces: ``new`` or ``old``."""
        self.world = world
        self.asked: list[Asked] = []
        self._clock = clock
        self._style = STYLES[style]
        self._troubles: list[Trouble] = []
        self._serving = Serving(self._answer)
        self._port = 0

    async def __aenter__(self) -> Self:
        self._port = await self._serving.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._serving.close()

    @property
    def url(self) -> str:
        """Where it answers, for both servers."""
        return f"http://127.0.0.1:{self._port}"

    def go_down(self, *, path: str = "", requests: int | None = None) -> None:
        """Close each connection without a word."""
        self._suffer(faults.silence, path, requests)

    def answer_status(
        self, status: int, *, retry_after: str | None = None, path: str = "", requests: int | None = None
    ) -> None:
        """Answer with an error, and perhaps with when to come again."""
        self._suffer(faults.refusal(status, retry_after), path, requests)

    def cut_bodies(self, *, path: str = "", requests: int | None = None) -> None:
        """Break off in the middle of each body."""
        self._suffer(faults.breaking_off, path, requests)

    def drip(self, seconds: float, *, path: str = "", requests: int | None = None) -> None:
        """Take so long for each body."""
        self._suffer(faults.taking(seconds), path, requests)

    def change_shape(
        self, shape: Callable[[bytes], bytes], *, path: str = "", requests: int | None = None
    ) -> None:
        """Send other bodies than before, made of what they would be."""
        self._suffer(faults.reshaping(shape), path, requests)

    def send_empty_pages(self, requests: int | None = None) -> None:
        """Leave the entries out of the query API's pages, though not their total, as arXiv does at times."""
        self._suffer(faults.reshaping(faults.emptied), QUERY, requests)

    def forget_etags(self, *, path: str = "", requests: int | None = None) -> None:
        """Tell no versions and know none: every body is sent whole."""
        self._suffer(faults.forgetful, path, requests)

    def come_back(self) -> None:
        """End all faults."""
        self._troubles.clear()

    def count(self, path: str = "", status: int | None = None) -> int:
        """Count the requests whose path begins so, all or those that were answered with this status."""
        return sum(one.path.startswith(path) and status in {None, one.status} for one in self.asked)

    def gaps(self, path: str = "") -> list[float]:
        """Give the seconds between each two requests whose path begins so."""
        times = [one.at for one in self.asked if one.path.startswith(path)]
        return [after - before for before, after in pairwise(times)]

    def _suffer(self, fault: Fault, path: str, requests: int | None) -> None:
        self._troubles.append(Trouble(fault, path, requests))

    def _answer(self, request: Request) -> Response:
        response = self._route(request)
        for trouble in self._troubles:
            if trouble.strikes(request.path):
                response = trouble.fault(response)
        response = packed(request, conditional(request, response))
        self._remember(request, response)
        return response

    def _route(self, request: Request) -> Response:
        path, now = request.path, self._clock()
        if path == API:
            return huggingface.daily_papers(self.world, now, request.query)
        if path.startswith(DAY_PAGE):
            return huggingface.day_page(self.world, now, path.removeprefix(DAY_PAGE))
        if path == QUERY:
            return arxiv_query.query(self.world, now, request.query, self._style)
        for prefix, kind in FEEDS.items():
            if path.startswith(prefix):
                categories = _categories(path.removeprefix(prefix))
                return arxiv_feed.announcements(self.world, now, categories, kind)
        return Response(b"Not Found", HTTPStatus.NOT_FOUND)

    def _remember(self, request: Request, response: Response) -> None:
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        status = None if response.silent else int(response.status)
        agent = request.headers.get("user-agent", "")
        self.asked.append(Asked(request.path, query, status, time.monotonic(), agent))


def _categories(named: str) -> Sequence[str]:
    return named.split("+")
