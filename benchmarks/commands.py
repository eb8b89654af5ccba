"""How fast each command is answered, with 10,000 papers and 1,000 readers stored.

From the message to the first answer, as the stand-in for Telegram sees it, with both ways over HTTP in it;
and to the first sign of working ("typing"), where one comes before.

    python -m benchmarks.commands [--times 5] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import httpx

from benchmarks.inhabited import TOKEN, populate, start_bot
from benchmarks.report import Figure, report
from bot.playground.server import Playground

CHAT = 1
BREATH = 0.1  # seconds between two commands
COMMANDS = (
    "/today",
    "/trending",
    "/liked",
    "/saved",
    "/history",
    "/search word12 word77",
    "/similar word40",
    "/why",
    "/interests",
    "/mute word9 word9",
    "/rules",
    "/settings",
    "/stats",
    "/export",
    "/privacy",
    "/help",
)


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(_measure(Path(folder), arguments.times))
    report(figures, as_json=arguments.json)


async def _measure(folder: Path, times: int) -> list[Figure]:
    await populate(folder)
    telegram = Playground(TOKEN, port=0)
    await telegram.start()
    async with httpx.AsyncClient(base_url=telegram.url, timeout=60) as http:
        bot = start_bot(telegram.url, folder)
        try:
            await _begin(http)
            figures = [figure for command in COMMANDS for figure in await _time(http, command, times)]
        finally:
            bot.terminate()
            bot.wait()
    await telegram.stop()
    return figures


async def _begin(http: httpx.AsyncClient) -> None:
    """Wait for the vectors, and like the first digest's papers."""
    await _ask(http, "/today")
    shown = (await http.get(f"/user/chats/{CHAT}/messages")).json()[-1]
    for row in shown["reply_markup"]["inline_keyboard"]:
        press = {"message_id": shown["message_id"], "data": row[0]["callback_data"]}
        await http.post(f"/user/chats/{CHAT}/presses?wait=30", json=press)
        await asyncio.sleep(BREATH)


async def _time(http: httpx.AsyncClient, command: str, times: int) -> list[Figure]:
    timed = [await _ask(http, command) for _ in range(times)]
    answered = Figure(f"{command}: answered, median", _median(answer for answer, _ in timed), "ms")
    signs = [sign for _, sign in timed if sign is not None]
    if not signs:
        return [Figure(answered.name, answered.value, "ms", "under 300")]
    return [answered, Figure(f"{command}: shows that it works", _median(signs), "ms", "under 300")]


def _median(seconds: Iterable[float]) -> float:
    return 1000 * statistics.median(seconds)


async def _ask(http: httpx.AsyncClient, command: str) -> tuple[float, float | None]:
    """Send a command; give the seconds to the answer, and to the chat action before it, if there was one."""
    seen = await _requests(http)
    begun = time.perf_counter()
    await http.post(f"/user/chats/{CHAT}/messages", json={"text": command})
    sign: float | None = None
    while True:
        methods = (await _requests(http))[len(seen) :]
        elapsed = time.perf_counter() - begun
        if sign is None and "sendchataction" in methods:
            sign = elapsed
        if any(method.startswith("send") and method != "sendchataction" for method in methods):
            await asyncio.sleep(BREATH)
            return elapsed, sign
        await asyncio.sleep(0.002)


async def _requests(http: httpx.AsyncClient) -> Sequence[str]:
    log = (await http.get("/user/requests")).json()["requests"]
    return [request["method"].lower() for request in log]


if __name__ == "__main__":
    main()
