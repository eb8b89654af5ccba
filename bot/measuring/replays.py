"""Reads replay sets from folders: papers, pools and events as gzipped JSON lines.

Checks that what an event names is there. It scores nothing; ``bot.measuring.evaluation`` does.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import BotError
from recommender.replay import Event, Pool, ReplayPaper, ReplaySet

PAPERS, POOLS, EVENTS = "papers.jsonl.gz", "pools.jsonl.gz", "events.jsonl.gz"


class ReplayError(BotError):
    """A replay set that cannot be used; the message names the file and the line."""


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


_Id = Annotated[str, Field(min_length=1)]
_Day = date | None


class _PaperLine(_Line):
    id: _Id
    title: str
    abstract: str
    date: _Day
    upvotes: int | None

    def value(self) -> ReplayPaper:
        return ReplayPaper(self.id, self.title, self.abstract, self.date, self.upvotes)


class _PoolLine(_Line):
    pool: _Id
    date: _Day
    papers: tuple[_Id, ...]

    def value(self) -> Pool:
        return Pool(self.pool, self.date, self.papers)


class _EventLine(_Line):
    user: _Id
    history: tuple[_Id, ...]
    pool: _Id
    chosen: tuple[_Id, ...]

    def value(self) -> Event:
        return Event(self.user, self.history, self.pool, self.chosen)


_AnyLine = TypeVar("_AnyLine", bound=_Line)


def read_replay(folder: Path) -> ReplaySet:
    """Read one set; it is called as its folder is.

    Raises:
        ReplayError: A file is missing or broken, a line is not as it should be, or names a paper or pool that
            is not there, or one that was there already.
    """
    if not folder.is_dir():
        raise ReplayError(f"{folder}: there is no such folder.")
    papers: dict[str, ReplayPaper] = {}
    for place, paper in _read_lines(folder / PAPERS, _PaperLine):
        _expect_new(paper.id, papers, f"{place}: paper")
        papers[paper.id] = paper.value()
    pools: dict[str, Pool] = {}
    for place, pool in _read_lines(folder / POOLS, _PoolLine):
        _expect_new(pool.pool, pools, f"{place}: pool")
        _expect_known(pool.papers, papers, f"{place}: paper", PAPERS)
        pools[pool.pool] = pool.value()
    events = []
    for place, event in _read_lines(folder / EVENTS, _EventLine):
        _expect_known([event.pool], pools, f"{place}: pool", POOLS)
        _expect_known((*event.history, *event.chosen), papers, f"{place}: paper", PAPERS)
        events.append(event.value())
    if not events:
        raise ReplayError(f"{folder / EVENTS}: holds no event, so there is nothing to replay.")
    return ReplaySet(folder.resolve().name, papers, pools, tuple(events))


def _read_lines(file: Path, kind: type[_AnyLine]) -> Iterator[tuple[str, _AnyLine]]:
    """Read a file's lines with their places, ``file:line``; empty lines are passed over."""
    for number, line in enumerate(_unzip(file), start=1):
        place = f"{file}:{number}"
        if line.strip():
            try:
                yield place, kind.model_validate_json(line)
            except ValidationError as error:
                raise ReplayError(f"{place}: {_tell(error)}") from error


def _unzip(file: Path) -> Iterator[bytes]:
    try:
        with gzip.open(file) as lines:
            yield from lines
    except FileNotFoundError:
        raise ReplayError(f"{file}: is missing; a replay set has {PAPERS}, {POOLS} and {EVENTS}.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ReplayError(f"{file}: is not, or not to its end, a gzip file.") from error
    except OSError as error:
        raise ReplayError(f"{file}: cannot be read: {error.strerror}.") from error


def _tell(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, problem["loc"]))
    return f"{where}: {problem['msg']}" if where else problem["msg"]


def _expect_new(name: str, known: Collection[str], what: str) -> None:
    if name in known:
        raise ReplayError(f"{what} {name} stands there twice.")


def _expect_known(names: Iterable[str], known: Collection[str], what: str, where: str) -> None:
    for name in names:
        if name not in known:
            raise ReplayError(f"{what} {name} is not in {where}.")
