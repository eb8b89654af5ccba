"""Opens a post office and prints its address: ``python -m benchmarks.postoffice``. Ctrl+C ends it."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress

from benchmarks.postoffice import PostOffice, opened


async def _serve(port: int) -> None:
    async with opened(PostOffice(), port) as url:
        print(url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args().port))
