"""Worlds for a newsstand: an invented one, and one of real papers where those are at hand.

The same arguments make the same world.
"""

from __future__ import annotations

import ast
import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from random import Random

from benchmarks.newsstand.entries import new_entry
from benchmarks.newsstand.invention import Text, invent_texts
from benchmarks.newsstand.values import Json, Listed, Preprint, Revision, World

WITHDRAWN = "This paper has been withdrawn by the authors."
_SATURDAY = 5
_WEEKDAY_SHARE, _WEEKEND_SHARE = 1.35, 0.15  # of the mean; together they make it over a week
_LATE_SHARE, _LATEST_DAYS = 0.07, 3
_REVISED_SHARE, _WITHDRAWN_SHARE = 0.06, 0.02
_MOST_UPVOTES = 200


def invent(first: date, days: int, *, a_day: int = 17, beside: int = 0, seed: int = 1) -> World:
    """Invent so many days of lists from ``first`` on, of ``a_day`` papers in the mean; weekends are thin.

    ``beside`` is how many preprints a day are on no list.
    """
    dice = Random(seed)  # noqa: S311 - a world needs no secrets
    return _fill(invent_texts(dice), _days(first, days), a_day, beside, dice)


def record(shared: Path, first: date, days: int, *, a_day: int = 17, seed: int = 1) -> World:
    """Make a world of real papers, and of the real lists of the days that there are.

    Where the papers do not suffice, invented ones follow. Returns the same for the same files.
    """
    dice = Random(seed)  # noqa: S311 - a world needs no secrets
    world = _fill(_real_texts(shared, dice), _days(first, days), a_day, 0, dice)
    real = {day: list_ for day in world.days if (list_ := _real_list(shared, day))}
    return replace(world, days={**world.days, **real})


def _days(first: date, length: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(length)]


def _fill(texts: Iterator[Text], days: Iterable[date], a_day: int, beside: int, dice: Random) -> World:
    lists: dict[date, tuple[Listed, ...]] = {}
    preprints: list[Preprint] = []
    numbers = count()
    for day in days:
        length = _length_of_list(day, a_day, dice)
        printed = [_print(next(texts), day, next(numbers), dice) for _ in range(length + beside)]
        lists[day] = tuple(_list(preprint, day, dice) for preprint in printed[:length])
        preprints += printed
    return World(lists, tuple(preprints))


def _length_of_list(day: date, a_day: int, dice: Random) -> int:
    """Tell how many papers a day's list has; now and then a Saturday or Sunday has none."""
    if day.weekday() >= _SATURDAY:
        return dice.randrange(int(2 * a_day * _WEEKEND_SHARE) + 1)
    mean = a_day * _WEEKDAY_SHARE
    return round(dice.uniform(0.7 * mean, 1.3 * mean))


def _print(text: Text, day: date, number: int, dice: Random) -> Preprint:
    """Submit a paper some days before the day on which it is listed."""
    before = timedelta(
        days=dice.choice((1, 1, 1, 2, 3)), hours=dice.randrange(20), minutes=dice.randrange(60)
    )
    submitted = datetime.combine(day, time(23), UTC) - before - timedelta(days=2 if day.weekday() == 0 else 0)
    name = text.id or f"{submitted:%y%m}.{number:05}"
    preprint = Preprint(name, text.title, text.abstract, text.authors, text.categories, submitted)
    return replace(preprint, revisions=tuple(_revisions(preprint, dice)))


def _revisions(preprint: Preprint, dice: Random) -> Iterator[Revision]:
    """Now and then revise a paper some days later, or take it back."""
    chance = dice.random()
    announced = preprint.announced + timedelta(days=7 * dice.randint(1, 2))
    if chance < _WITHDRAWN_SHARE:
        yield Revision(announced, preprint.title, WITHDRAWN, WITHDRAWN)
    elif chance < _WITHDRAWN_SHARE + _REVISED_SHARE:
        yield Revision(announced, preprint.title, f"{preprint.abstract} We also tell what we got wrong.")


def _list(preprint: Preprint, day: date, dice: Random) -> Listed:
    since = datetime.combine(day, time(), UTC) + timedelta(minutes=dice.randrange(24 * 60))
    if dice.random() < _LATE_SHARE:
        since += timedelta(days=dice.randint(1, _LATEST_DAYS))
    upvotes = int(_MOST_UPVOTES * dice.random() ** 3) + 1
    return Listed(day, since, upvotes, new_entry(preprint, since, dice))


def _real_texts(shared: Path, dice: Random) -> Iterator[Text]:
    with gzip.open(shared / "data" / "arxiv" / "daily_20k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            people, kinds = tuple(told["authors"]), tuple(told["cats"])
            yield Text(told["title"], told["abstract"], people, kinds, told["id"])
    yield from invent_texts(dice)


def _real_list(shared: Path, day: date) -> tuple[Listed, ...]:
    """Read a real list; a file may hold its entries as texts."""
    file = shared / "data" / "huggingface" / f"{day}.json"
    if not file.is_file():
        return ()
    return tuple(_relist(entry, day) for entry in _entries(json.loads(file.read_bytes())))


def _entries(body: Iterable[Json | str]) -> Iterator[Json]:
    for entry in body:
        yield ast.literal_eval(entry) if isinstance(entry, str) else entry


def _relist(entry: Json, day: date) -> Listed:
    paper = dict(entry["paper"])
    upvotes = int(paper.pop("upvotes"))
    return Listed(day, datetime.combine(day, time(12), UTC), upvotes, {**entry, "paper": paper})
