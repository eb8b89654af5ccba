"""Pictures, drawn for real; what stands on them is looked at by people, what must never happen here."""

from __future__ import annotations

import asyncio
import json
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from taste_record import RECORD

from bot.messages.language import ENGLISH
from bot.messages.stats import Record, set_scene
from bot.pictures import style
from bot.pictures.draw import render
from bot.pictures.landscape import draw_map
from bot.pictures.lettering import BASE, Lettering
from bot.pictures.scene import Dot, Scene, pack, unpack
from bot.pictures.studio import NotDrawn, Studio
from recommender.atlas import Atlas
from recommender.values import Slot
from storage.tallies import Ballot, Showing

HOSTILE = (
    "$\\oops{ _x^2$",
    "%s {name} <b>&amp;</b>",
    "نماذج اللغة",
    "🦾🧬👩‍🔬",
    "扩散模型",
    "\ud800\x00\u202e\n\t",
    "x" * 5_000,
)


def scene_of(record: Record = RECORD) -> Scene:
    return set_scene(ENGLISH, record)


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    return Lettering.find()


def test_a_scene_survives_the_way_to_the_process_that_draws_it() -> None:
    """What is unpacked equals what was packed, also texts that are no valid Unicode."""
    scene = replace(scene_of(), groups=(HOSTILE, ()))
    assert unpack(pack(scene)) == scene


async def test_a_process_draws_a_picture_for_a_phone() -> None:
    """The studio's own process answers with a PNG of 1000 x 1280 pixels, small enough to be sent at once."""
    png = await Studio().draw(replace(scene_of(), groups=(HOSTILE, HOSTILE)))
    assert isinstance(png, bytes), png
    assert size_of(png) == (1000, 1280)
    assert len(png) < 500_000


@pytest.mark.parametrize("term", HOSTILE, ids=["formula", "markup", "rtl", "emoji", "cjk", "unseen", "long"])
def test_a_term_is_data(term: str, lettering: Lettering) -> None:
    """No sign in a term is read as a formula, stops the drawing, or stands there as an empty box."""
    assert size_of(render(replace(scene_of(), groups=((term, "plain"), (term,))), lettering)) == (1000, 1280)


@pytest.mark.parametrize(
    "bare",
    [
        {"atlas": Atlas()},
        {"showings": dict.fromkeys(Slot, Showing())},
        {"ballots": (Ballot(),) * len(RECORD.starts)},
        {"ballots": (Ballot(999, 999),) * len(RECORD.starts)},
    ],
    ids=["no map", "nothing shown", "no votes", "many votes"],
)
def test_a_panel_may_be_empty_or_full(bare: dict[str, object], lettering: Lettering) -> None:
    """A chat that has hardly begun gets its picture, and one with thousands of votes."""
    assert size_of(render(scene_of(replace(RECORD, **bare)), lettering)) == (1000, 1280)


def test_names_of_groups_do_not_overlap(lettering: Lettering) -> None:
    """Six groups in one corner: the names that find room cover none of each other."""
    dots = tuple(Dot(0.8 + n / 100, 0.8 + n / 100, liked=True, group=n) for n in range(6))
    names = tuple((f"a rather long term {n}", f"another long term {n}") for n in range(6))
    scene = replace(scene_of(), dots=dots, groups=names)
    figure = Figure((style.WIDTH / 72, style.HEIGHT / 72), style.DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    boxes = draw_map(figure.add_axes((0.04, 0.4, 0.92, 0.5)), scene, scene.labels, lettering)
    assert boxes
    assert not any(one.meets(other) for n, one in enumerate(boxes) for other in boxes[:n])


def test_letters_that_no_font_has_are_left_out(lettering: Lettering) -> None:
    """Of a term stays what can be written, in one line, cut where it is too long."""
    assert lettering.clean("a\ud800b \n 𓀀𓀁 c", 20) == "ab c"
    assert lettering.clean("diffusion models", 10) == "diffusion…"


def test_labels_fall_back_to_english_where_no_font_writes_them() -> None:
    """Without a font for their letters the English labels are taken; with one, the reader's own."""
    base = Lettering.find(wanted=())
    scene = scene_of()
    foreign = replace(scene, labels=replace(scene.labels, liked="𓀀"))
    assert base.choose(foreign) is foreign.english
    assert base.choose(scene) is scene.labels
    knowing = replace(base, letters=base.letters | {"𓀀"})
    assert knowing.choose(foreign) is foreign.labels


def test_the_first_wanted_font_that_is_installed_is_taken() -> None:
    """It stands after the base font, and its letters can be written."""
    found = Lettering.find(wanted=("No Such Font", "STIXGeneral", "cmr10"))
    assert found.families == (BASE, "STIXGeneral")
    assert found.letters > Lettering.find(wanted=()).letters


def test_the_base_font_is_always_there() -> None:
    """It comes with matplotlib, so that a machine without fonts draws as well."""
    assert Path(font_manager.findfont(BASE, fallback_to_default=False)).is_relative_to(
        Path(font_manager.__file__).parent
    )


def test_a_body_that_is_no_scene_is_refused() -> None:
    """Nothing is drawn of what was not packed here."""
    with pytest.raises(ValueError, match="Expecting"):
        unpack(b"no JSON")
    with pytest.raises(KeyError):
        unpack(json.dumps({"dots": []}).encode())


async def test_a_failure_is_a_value_that_says_why() -> None:
    """A process that dies, or says nothing, leaves its exit and its last words."""
    scene = scene_of()
    dies = await Studio(("sh", "-c", "echo no fonts here >&2; exit 3")).draw(scene)
    assert dies == NotDrawn("exit 3: no fonts here")
    assert await Studio(("true",)).draw(scene) == NotDrawn("exit 0: no word")


async def test_what_is_too_slow_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    """After the time limit neither the process nor its child is left."""
    note = tmp_path / "pids"
    slow = Studio(("sh", "-c", f"sleep 60 & echo $$ $! > {note}; wait"), seconds=0.5)
    async with asyncio.timeout(20):
        assert await slow.draw(scene_of()) == NotDrawn("it took more than 0.5 s")
    for pid in note.read_text().split():
        assert not is_running(int(pid))


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


def test_the_bot_itself_never_loads_what_draws() -> None:
    """Whoever answers /stats has no matplotlib in memory: only the process that draws does."""
    asked = "import sys, bot.chat.stats; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0  # noqa: S603 - our own words
