"""Invents papers: titles of which no two are the same, and abstracts that nobody need read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

CATEGORIES = ("cs.AI", "cs.CL", "cs.CV", "cs.LG")
_SUBJECTS = (
    "Kettles Lanterns Bridges Gardens Orchards Harbours Clocks Kites Looms Mills Ferries Beehives Compasses "
    "Windows Staircases Umbrellas Violins Bicycles Teapots Quarries Meadows Glaciers Puddles Chimneys Hedges"
)
_WAYS = (
    "Watching Counting Mapping Sorting Mending Tracing Steering Predicting Comparing Folding Weighing Naming "
    "Cooling Balancing Sketching Measuring Explaining Sampling Ranking Rebuilding"
)
_WORDS = (
    "careful gentle sparse layered hidden global local noisy smooth early frozen learned simple joint robust "
    "signal pattern surface memory gradient sequence region sample boundary channel reader teacher student "
    "improves reveals bounds follows explains compares shifts reduces keeps repeats because while without "
    "under across between beyond several unseen careful benchmarks experiments measurements observers seasons"
)
_NAMES = "Ada Bo Chen Dara Eli Fatima Goran Hana Ines Jun Kofi Lea Mina Nils Oya Per Rosa Sven Tove Uma"


@dataclass(frozen=True, slots=True)
class Text:
    """A paper before it has a day."""

    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    id: str | None = None


def invent_texts(dice: Random) -> Iterator[Text]:
    """Invent one paper after the other, without end."""
    ways, subjects, words, names = _WAYS.split(), _SUBJECTS.split(), _WORDS.split(), _NAMES.split()
    for number in count(1):
        way, (subject, tool, *others) = dice.choice(ways), dice.sample(subjects, 4)
        title = f"{way} {subject} by {tool}: What {others[0]} Teach Us of {others[1]}, Part {number}"
        sentences = [" ".join(dice.choices(words, k=dice.randint(8, 24))) for _ in range(dice.randint(5, 9))]
        abstract = f"{way} {subject.lower()} is hard. " + ". ".join(s.capitalize() for s in sentences) + "."
        authors = tuple(dict.fromkeys(" ".join(dice.choices(names, k=2)) for _ in range(dice.randint(1, 9))))
        categories = tuple(dice.sample(CATEGORIES, dice.randint(1, 3)))
        yield Text(title, abstract, authors, categories)
