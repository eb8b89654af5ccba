"""One storm after the other, and the calm after each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime

from benchmarks.chaos.checks import find_loud_words, find_violations
from benchmarks.chaos.mishaps import OF_FILE, OF_PROCESS, OF_WORLD, Mishap
from benchmarks.chaos.scene import Scene

STORM_SECONDS = 5.0
_STILL_SECONDS = 1.0
_STEP_SECONDS, _STEP_MINUTES = 0.1, 30.0  # how fast time flies in a storm
_CALM_STEP_MINUTES = 3.0
_CALM_SECONDS = 90.0
_ACT_SECONDS = 0.03
_LONGEST_BREAK = 2.0


async def rage(scene: Scene) -> list[str]:
    """Let a storm rage and calm down; tell what does not hold then."""
    heard = len(scene.child.words)
    scene.weather.is_stormy = True
    ends = time.monotonic() + STORM_SECONDS
    await asyncio.gather(
        _fly(scene, ends),
        _act(scene, ends),
        *(_suffer(scene, mishaps, ends) for mishaps in (OF_PROCESS, OF_FILE, OF_WORLD)),
    )
    await _let_one_leave(scene)
    found = [
        *await calm_down(scene),
        *scene.found,
        *find_loud_words(scene.child.words[heard:]),
    ]
    scene.found.clear()
    scene.crowd.settle(scene.latest, scene.weather.moves)
    return found


async def _fly(scene: Scene, ends: float) -> None:
    while time.monotonic() < ends:
        if scene.is_up:
            scene.move_on(minutes=_STEP_MINUTES)
        await asyncio.sleep(_STEP_SECONDS)


async def _act(scene: Scene, ends: float) -> None:
    while time.monotonic() < ends:
        scene.crowd.act()
        await asyncio.sleep(_ACT_SECONDS)


async def _suffer(scene: Scene, mishaps: Sequence[Mishap], ends: float) -> None:
    """Have one mishap after the other, with breaks."""
    while (left := ends - time.monotonic()) > 0:
        await asyncio.sleep(scene.dice.uniform(0, min(left, _LONGEST_BREAK)))
        mishap = scene.dice.choice(mishaps)
        scene.struck[mishap.__name__] += 1
        await mishap(scene)


async def _let_one_leave(scene: Scene) -> None:
    """Have a reader forgotten in this weather; time stands, for the question is soon too old."""
    scene.is_still = True
    chat = scene.crowd.begin_to_leave()
    await asyncio.sleep(_STILL_SECONDS)
    scene.crowd.confirm_leaving(chat)
    scene.weather.is_stormy = False
    scene.stand.come_back()


async def calm_down(scene: Scene) -> list[str]:
    """Let all that was said and promised happen, with no fault in the way; tell what is not as it must be."""
    ends = time.monotonic() + _CALM_SECONDS
    while scene.office.waiting or _count(scene, "inbox"):
        if time.monotonic() > ends:
            return [
                f"{scene.office.waiting} updates are never confirmed, {_count(scene, 'inbox')} never done"
            ]
        await asyncio.sleep(_STEP_SECONDS)
    scene.weather.told_moved.clear()
    scene.crowd.come_to_rest()
    scene.is_still = False
    scene.clock.set(scene.latest)
    while not _is_at_rest(scene):
        if time.monotonic() > ends:
            return [*find_violations(scene), "it never comes to rest"]
        scene.move_on(minutes=_CALM_STEP_MINUTES)
        await asyncio.sleep(2 * _STEP_SECONDS)
    return [*_finish_moves(scene), *find_violations(scene)]


def _finish_moves(scene: Scene) -> list[str]:
    """Have the groups moved whose move the bot knows of; tell of those of which it was told in vain."""
    known = {chat_id for (chat_id,) in scene.read("select chat_id from readers")}
    for old, new in scene.weather.moves.items():
        if new in known and old in scene.crowd.chats:
            scene.crowd.finish_moving(scene.crowd.chats[old], new)
    unheard = scene.weather.told_moved & scene.crowd.chats.keys()
    return [f"chat {chat_id} was told to have moved, and did not" for chat_id in sorted(unheard)]


def _is_at_rest(scene: Scene) -> bool:
    """Tell whether nothing is left to do, as it is now."""
    return not (scene.office.waiting or count_undone(scene))


def count_undone(scene: Scene) -> int:
    """Count what the bot has still to do: updates, and digests that are due now, planned or not."""
    unsettled = "digests where state in ('planned', 'sending')"
    due = f"readers where state = 'active' and next_due_at <= '{_written(scene.clock())}'"
    return sum(_count(scene, what) for what in ("inbox", unsettled, due))


def _count(scene: Scene, what: str) -> int:
    ((count,),) = scene.read(f"select count(*) from {what}")  # noqa: S608 - words of our own
    return int(count)


def _written(moment: datetime) -> str:
    """Write a moment as SQLite keeps it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
