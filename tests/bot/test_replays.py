from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from small_replay import write_replay

from bot.measuring.replays import ReplayError, read_replay
from recommender.replay import Event, Pool, ReplayPaper

Spoil = Callable[[Path], object]
PAPER = {"id": "a", "title": "A", "abstract": "", "date": None, "upvotes": None}
POOL = {"pool": "p", "date": None, "papers": ["a"]}
EVENT = {"user": "ada", "history": ["a"], "pool": "p", "chosen": ["a"]}


def test_a_set_is_read_as_it_is_written(tmp_path: Path) -> None:
    """All that the three files tell is there, and the set is called as its folder is."""
    dated = {"id": "x", "title": "", "abstract": "Text.", "date": "2025-10-14", "upvotes": 3}
    pools = [{"pool": "p", "date": "2025-10-15", "papers": ["x", "a"]}]
    events = [{"user": "ada", "history": ["a"], "pool": "p", "chosen": ["x"]}]
    replay = read_replay(write_replay(tmp_path / "choices", [dated, PAPER], pools, events))
    assert replay.name == "choices"
    assert replay.papers == {
        "x": ReplayPaper("x", "", "Text.", date(2025, 10, 14), 3),
        "a": ReplayPaper("a", "A", "", None, None),
    }
    assert replay.pools == {"p": Pool("p", date(2025, 10, 15), ("x", "a"))}
    assert replay.events == (Event("ada", ("a",), "p", ("x",)),)


def test_more_than_is_asked_for_does_no_harm(tmp_path: Path) -> None:
    """A field that nobody knows, and an empty line, are passed over."""
    folder = write_replay(tmp_path / "set", papers=[{**PAPER, "venue": "?"}], pools=[POOL], events=[EVENT])
    with gzip.open(folder / "papers.jsonl.gz", "at") as file:
        file.write("\n")
    assert list(read_replay(folder).papers) == ["a"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A mistyped folder is named."""
    with pytest.raises(ReplayError, match="nowhere: there is no such folder"):
        read_replay(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["papers.jsonl.gz", "pools.jsonl.gz", "events.jsonl.gz"])
def test_a_missing_file(tmp_path: Path, name: str) -> None:
    """A missing file is named, with those that there should be."""
    folder = write_replay(tmp_path / "set")
    (folder / name).unlink()
    with pytest.raises(ReplayError, match=f"{name}: is missing; a replay set has papers.jsonl.gz"):
        read_replay(folder)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_text("{}"),
        lambda file: file.write_bytes(file.read_bytes()[:-20]),
        lambda file: file.write_bytes(file.read_bytes()[:30] + b"spoilt" + file.read_bytes()[36:]),
    ],
    ids=["no gzip", "cut off", "spoilt"],
)
def test_a_file_that_is_not_gzip_to_its_end(tmp_path: Path, spoil: Spoil) -> None:
    """A file of another kind, or one cut off or spoilt on its way, is told from a wrong line."""
    folder = write_replay(tmp_path / "set")
    spoil(folder / "papers.jsonl.gz")
    with pytest.raises(ReplayError, match=r"papers\.jsonl\.gz: is not, or not to its end, a gzip file"):
        read_replay(folder)


def test_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    """What the system says of a file that cannot be read is handed on."""
    folder = write_replay(tmp_path / "set")
    (folder / "papers.jsonl.gz").unlink()
    (folder / "papers.jsonl.gz").mkdir()
    with pytest.raises(ReplayError, match=r"papers\.jsonl\.gz: cannot be read: Is a directory"):
        read_replay(folder)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ({"papers": [PAPER, {**PAPER, "date": "soon"}]}, "papers.jsonl.gz:2: date: "),
        ({"papers": [{"title": "A"}]}, "papers.jsonl.gz:1: id: Field required"),
        ({"papers": [{**PAPER, "id": ""}]}, "papers.jsonl.gz:1: id: "),
        ({"papers": ["A"]}, "papers.jsonl.gz:1: "),
        ({"papers": [PAPER, PAPER]}, "papers.jsonl.gz:2: paper a stands there twice."),
        ({"pools": [POOL, POOL]}, "pools.jsonl.gz:2: pool p stands there twice."),
        (
            {"pools": [{**POOL, "papers": ["a", "b"]}]},
            "pools.jsonl.gz:1: paper b is not in papers.jsonl.gz.",
        ),
        ({"events": [EVENT, {**EVENT, "pool": "q"}]}, "events.jsonl.gz:2: pool q is not in pools.jsonl.gz."),
        (
            {"events": [{**EVENT, "history": ["b"]}]},
            "events.jsonl.gz:1: paper b is not in papers.jsonl.gz.",
        ),
        ({"events": [{**EVENT, "chosen": ["b"]}]}, "events.jsonl.gz:1: paper b is not in papers.jsonl.gz."),
        ({"events": [{**EVENT, "chosen": "a"}]}, "events.jsonl.gz:1: chosen: "),
        ({"events": []}, "events.jsonl.gz: holds no event"),
    ],
)
def test_a_wrong_line_is_told_by_its_place(tmp_path: Path, lines: dict[str, list[object]], says: str) -> None:
    """File, line and what is wrong with it."""
    folder = write_replay(tmp_path / "set", **{"papers": [PAPER], "pools": [POOL], "events": [EVENT]} | lines)
    with pytest.raises(ReplayError) as caught:
        read_replay(folder)
    assert says in str(caught.value)


def test_a_line_that_is_no_json(tmp_path: Path) -> None:
    """So is a line that is cut off."""
    folder = write_replay(tmp_path / "set")
    with gzip.open(folder / "events.jsonl.gz", "at") as file:
        file.write('{"user": "ada"')
    with pytest.raises(ReplayError, match=r"events\.jsonl\.gz:4: Invalid JSON"):
        read_replay(folder)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("hf-submitters", (6_141, 255, 482)),
        ("citeulike-abstracts", (1_929, 1, 622)),
        ("citeulike-a-titles", (16_980, 1, 2_707)),
    ],
)
def test_the_real_sets_are_read_whole(name: str, counts: tuple[int, int, int]) -> None:
    """Every line of the visible sets is a paper, a pool or an event."""
    folder = Path(__file__).parents[2] / "../shared/data/replay" / name
    if not folder.is_dir():
        pytest.skip("the replay sets are not part of the repository")
    replay = read_replay(folder)
    assert (len(replay.papers), len(replay.pools), len(replay.events)) == counts
