"""What a message to Telegram costs: our connections against one pool, so many messages under way at once.

The post office answers from a process of its own. A message goes the whole way of python-telegram-bot.

    python -m benchmarks.connections [--messages 2000] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from telegram.ext import ExtBot
from telegram.request import BaseRequest, HTTPXRequest

from benchmarks.report import Figure, report
from bot.connections import Connections

TOKEN = "4242424242:a-token-that-opens-a-post-office"  # noqa: S105 - it opens nothing else
UNDER_WAY = (1, 16, 48)


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with _post_office() as url:
        for under_way in UNDER_WAY:
            figures = [
                *asyncio.run(_measure("one pool", HTTPXRequest(64), url, arguments.messages, under_way)),
                *asyncio.run(_measure("connections", Connections(), url, arguments.messages, under_way)),
            ]
            report(figures, as_json=arguments.json)


@contextmanager
def _post_office() -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.postoffice"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as office:  # noqa: S603 - our own
        assert office.stdout
        try:
            yield office.stdout.readline().strip()
        finally:
            office.terminate()


async def _measure(name: str, request: BaseRequest, url: str, messages: int, under_way: int) -> list[Figure]:
    turns = asyncio.Semaphore(under_way)
    async with ExtBot(TOKEN, base_url=f"{url}/bot", request=request) as bot:

        async def send(chat_id: int) -> None:
            async with turns:
                await bot.send_message(chat_id, "<b>hello</b>", parse_mode="HTML")

        begun, worked = time.perf_counter(), time.process_time()
        await asyncio.gather(*map(send, range(1, messages + 1)))
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    what = f"{name}, {under_way} under way"
    return [
        Figure(what, messages / seconds, "messages/s"),
        Figure(f"{what}: CPU", 1000 * cpu / messages, "ms/message"),
    ]


if __name__ == "__main__":
    main()
