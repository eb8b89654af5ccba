"""The bot as `paperboy run` runs it, but under a clock and at a pace that are told.

``python -m benchmarks.child --tick SECONDS [--lease SECONDS] [--role ROLE] [--clock FILE] [--unlimited]``

Its settings come from the environment. It prints ``ready`` once it answers, and at SIGUSR1 how many tasks it
has.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks.child.shared_clock import SharedClock
from bot.chat.application import TelegramAccess
from bot.clock import utc_now
from bot.errors import BotError
from bot.pacing.limits import NO_LIMITS, Limits
from bot.process.parts import Tempo
from bot.process.running import run
from bot.roles import Role
from bot.settings import load_settings
from bot.telling.logs import configure_logging
from storage.database import StorageError

TOKEN = "4242424242:a-token-that-opens-a-post-office"  # noqa: S105 - it opens nothing else


def main() -> None:
    """Run until told to stop; what the owner could mend ends as one message and exit 2, as in `bot.cli`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clock", type=Path, help="the file of a shared clock; else as it is")
    parser.add_argument("--tick", type=float, required=True, help="seconds between two rounds")
    parser.add_argument("--lease", type=float, help="seconds that one who led or sends is believed to")
    parser.add_argument("--role", type=Role, action="append", help="a part of the work; else all of it")
    parser.add_argument("--unlimited", action="store_true", help="write as fast as can be")
    arguments = parser.parse_args()
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    limits = NO_LIMITS if arguments.unlimited else Limits()
    access = TelegramAccess(TOKEN, settings.telegram_api_url, limits)
    clock = SharedClock(arguments.clock) if arguments.clock else utc_now
    roles = frozenset(arguments.role or Role)
    tempo = Tempo(timedelta(seconds=arguments.tick))
    if arguments.lease:
        lease = timedelta(seconds=arguments.lease)
        tempo = replace(tempo, lease=lease, holds=lease)
    try:
        asyncio.run(run(settings, access, _report_ready, roles=roles, clock=clock, tempo=tempo))
    except (BotError, StorageError) as error:
        sys.stderr.write(f"paperboy: {error}\n")
        raise SystemExit(2) from None


def _report_ready(_name: str | None) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _report_tasks)
    print("ready", flush=True)


def _report_tasks() -> None:
    print(len(asyncio.all_tasks()), flush=True)


if __name__ == "__main__":
    main()
