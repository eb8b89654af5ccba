"""What goes wrong with the process, the file, the clock and the sources, each once it is called."""

from __future__ import annotations

import asyncio
import resource
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from http import HTTPStatus

from benchmarks.chaos.scene import Scene
from benchmarks.child import Child

Mishap = Callable[[Scene], Awaitable[None]]
_KILLED_WITHIN = 2.0
_ENDS_WITHIN = 45.0
_REFUSED = 2  # the exit code of a second process
_MOST_STARTS, _START_PAUSE = 20, 0.5
_HELD_HOURS, _LONGEST_SLEEP_HOURS = 23, 80
_NO_LIMIT = resource.RLIM_INFINITY


async def kill(scene: Scene) -> None:
    """Kill the bot, wherever it is."""
    scene.is_up = False
    scene.child.send(signal.SIGKILL)
    await _revive(scene)


async def kill_at_letter(scene: Scene) -> None:
    """Kill the bot while it sends, before or after the letter is taken."""
    scene.weather.is_fatal = True
    with suppress(TimeoutError):
        async with asyncio.timeout(_KILLED_WITHIN):
            await scene.child.wait()
    scene.weather.is_fatal = False
    if not scene.child.is_alive:
        scene.is_up = False
        await _revive(scene)


async def stop(scene: Scene) -> None:
    """Tell the bot to end, as an update of the machine does."""
    scene.is_up = False
    try:
        code = await asyncio.wait_for(scene.child.stop(), _ENDS_WITHIN)
    except TimeoutError:
        scene.found.append(f"told to stop, it had not ended after {_ENDS_WITHIN:.0f} s")
        scene.child.send(signal.SIGKILL)
    else:
        if code:
            scene.found.append(f"told to stop, it ended with {code}")
    await _revive(scene)


async def oversleep(scene: Scene) -> None:
    """Kill the bot, and bring it back hours later; days, where Telegram holds nothing that it would drop."""
    if scene.is_still:
        return
    scene.is_up = False
    scene.child.send(signal.SIGKILL)
    scene.move_on(hours=scene.dice.uniform(5, _HELD_HOURS if scene.office.waiting else _LONGEST_SLEEP_HOURS))
    await _revive(scene)


async def start_second(scene: Scene) -> None:
    """Start the bot a second time on the same database, by mistake."""
    second = Child(scene.child.upbringing, scene.nursery.bear)
    await second.start(until_ready=False)
    try:
        code = await asyncio.wait_for(second.wait(), _ENDS_WITHIN)
    except TimeoutError:
        scene.found.append("a second process on the same database runs on")
        await second.kill()
    else:
        if code != _REFUSED:
            scene.found.append(f"a second process ended with {code}: {''.join(second.words[-3:])}")


async def lock_file(scene: Scene) -> None:
    """Hold the database as another program may, for longer than a moment and less than patience lasts."""
    with closing(sqlite3.connect(scene.file, timeout=0.1, isolation_level=None)) as other:
        with suppress(sqlite3.OperationalError):  # the bot itself is writing
            other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(scene.dice.uniform(0.2, 2.5))


async def fill_disk(scene: Scene) -> None:
    """Let the bot write no more into any file for a while, as on a full disk."""
    pid = scene.child.pid
    with suppress(ProcessLookupError):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, _NO_LIMIT))
    await asyncio.sleep(scene.dice.uniform(0.2, 2.0))
    with suppress(ProcessLookupError):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (_NO_LIMIT, _NO_LIMIT))


async def shift_clock(scene: Scene) -> None:
    """Set the clock an hour ahead, or back."""
    if not scene.is_still:
        scene.move_on(hours=scene.dice.choice((-1, 1)))


async def spoil_sources(scene: Scene) -> None:
    """Have the sources fail in one of their ways, until it is calm."""
    match scene.dice.randrange(4):
        case 0:
            scene.stand.go_down()
        case 1:
            scene.stand.cut_bodies()
        case 2:
            scene.stand.answer_status(HTTPStatus.SERVICE_UNAVAILABLE)
        case _:
            scene.stand.answer_status(HTTPStatus.NOT_FOUND)


async def move_group(scene: Scene) -> None:
    """Have a group become a supergroup, of which Telegram tells whoever writes to the old one."""
    if not scene.weather.moves.keys() - scene.crowd.moves.keys():  # one at a time
        chat = scene.crowd.begin_to_move()
        scene.weather.moves[chat.id] = -1_000_000_000_000 + chat.id


async def _revive(scene: Scene) -> None:
    """Start the bot again; what it was sending may come twice."""
    await scene.child.wait()
    for (digest_id,) in scene.read("select id from digests where state = 'sending'"):
        scene.weather.excused[digest_id] += 1
        scene.struck["in flight at an end"] += 1
    for _ in range(_MOST_STARTS):
        try:
            await scene.child.start()
        except RuntimeError:  # as where the disk is full again; a service manager tries until it goes
            scene.struck["start in vain"] += 1
            await asyncio.sleep(_START_PAUSE)
        else:
            scene.is_up = True
            return
    raise RuntimeError("the bot does not start any more:\n" + "".join(scene.child.words[-20:]))


OF_PROCESS: tuple[Mishap, ...] = (kill, kill_at_letter, kill_at_letter, stop, oversleep, start_second)
OF_FILE: tuple[Mishap, ...] = (lock_file, fill_disk)
OF_WORLD: tuple[Mishap, ...] = (shift_clock, spoil_sources, move_group)
