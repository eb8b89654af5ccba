"""What a picture shows, as values that travel to the process that draws it and back into values there.

Owns their shape. Every text on a picture is in them, in the reader's language and in English.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Dot:
    """A paper on the map, both axes from -1 to 1; ``group`` counts from 0 and is None for one of no group."""

    x: float
    y: float
    liked: bool
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """The thumbs of a span of time."""

    ups: int
    downs: int


@dataclass(frozen=True, slots=True)
class Share:
    """A share from 0 to 1, and the interval that it lies in for all that is known."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The texts of a picture in one language.

    Attributes:
        liked: Names the papers of the map that are liked; ``recent`` the others.
        nothing_placed: Stands in place of a map without papers.
        spans: Below each bar, empty where there is no room.
        slots: Before each share; ``counts`` stand behind them.
        percents: Below the ends and the middle of the shares.
        nothing_shown: Stands in place of shares where there are none.
    """

    map_title: str
    liked: str
    recent: str
    nothing_placed: str
    votes_title: str
    ups: str
    downs: str
    spans: tuple[str, ...]
    shares_title: str
    slots: tuple[str, ...]
    counts: tuple[str, ...]
    percents: tuple[str, str, str]
    nothing_shown: str

    @property
    def letters(self) -> str:
        """All letters that are needed to write them."""
        texts = (value if isinstance(value, str) else "".join(value) for value in asdict(self).values())
        return "".join(texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One picture.

    Attributes:
        groups: The terms that name each group of dots, strongest first.
        bars: The oldest span first.
        english: What is written where no font has the letters of ``labels``.
    """

    dots: tuple[Dot, ...]
    groups: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...]
    shares: tuple[Share, ...]
    labels: Labels
    english: Labels


def pack(scene: Scene) -> bytes:
    """Write a scene as JSON; any text survives it, also one that is no valid Unicode."""
    return json.dumps(asdict(scene)).encode("ascii")


def unpack(body: bytes) -> Scene:
    """Read a scene that was packed.

    Raises:
        ValueError: It is no JSON.
        KeyError, TypeError: It is no scene.
    """
    told = json.loads(body)
    return Scene(
        dots=tuple(Dot(**dot) for dot in told["dots"]),
        groups=tuple(map(tuple, told["groups"])),
        bars=tuple(Bar(**bar) for bar in told["bars"]),
        shares=tuple(Share(**share) for share in told["shares"]),
        labels=_labels(told["labels"]),
        english=_labels(told["english"]),
    )


def _labels(told: dict[str, Any]) -> Labels:
    texts: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }
    return Labels(**texts)
