"""Papers that were invented for these tests, and where the real dumps are."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest


class Written(NamedTuple):
    """A paper as a page shows it."""

    title: str
    abstract: str


@pytest.fixture
def weeds() -> Written:
    return Written(
        "Weeds Win: Watching Gardens Without Gardeners",
        "We study how gardens grow when nobody looks. A camera on the fence took a picture each hour for "
        "years, and a small network learned to tell weeds from flowers. Our results show that weeds win.",
    )


@pytest.fixture
def kettles() -> Written:
    return Written(
        "KettleNet: Heating Only What Is Poured",
        "Large kettles boil slowly. In this paper we present a controller that heats only the water which is "
        "poured, and we prove that it saves a third of the energy under mild assumptions on thirst.",
    )


@pytest.fixture
def shared() -> Path:
    """Where the real dumps are; they are no part of this repository."""
    path = Path(__file__).parents[3] / "shared"
    if not path.is_dir():
        pytest.skip("the real dumps are not here")
    return path
