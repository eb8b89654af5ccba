"""`paperboy doctor`: what is configured, reachable and healthy, and what to do about what is not."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.checkups.doors import examine_doors, judge_webhook
from bot.checkups.findings import Finding, Health
from bot.checkups.sources import examine_sources
from bot.checkups.work import examine_work
from bot.clock import utc_now
from bot.ranking.minilm import load_minilm
from bot.ranking.model_files import ModelError
from bot.settings import Settings
from bot.telling.discretion import blot_out
from storage import ledger, papers, readers, vectors
from storage.address import complete, is_sqlite
from storage.backups import check, file_of
from storage.database import Database, StorageError

NEWEST = 1_000  # papers that are looked at for their vectors
WIDEST_PART = 26
LEAST_FREE = 500_000_000  # bytes on the disk of the database


async def examine(settings: Settings) -> bool:
    """Examine everything, side by side, and print a table; tell whether nothing is broken."""
    parts = await asyncio.gather(
        _examine_telegram(settings),
        _examine_database(settings),
        _examine_embedding(settings),
        examine_sources(settings, utc_now()),
        examine_doors(settings),
    )
    findings = [finding for part in parts for finding in part]
    table = Table("", show_lines=True)
    table.add_column("Part", max_width=WIDEST_PART, overflow="fold")  # that may be an address
    table.add_column("Finding", overflow="fold")
    for finding in findings:
        table.add_row(*map(Text, (finding.health, finding.part, blot_out(finding.says))))
    Console().print(table)
    return all(finding.health is not Health.BROKEN for finding in findings)


async def _examine_telegram(settings: Settings) -> list[Finding]:
    if settings.telegram_bot_token is None:
        says = (
            "TELEGRAM_BOT_TOKEN is not set: `paperboy playground` works, `paperboy run` needs it (@BotFather)"
        )
        return [Finding(Health.HINT, "Telegram", says)]
    try:
        token = settings.telegram_bot_token.get_secret_value().strip()
        async with Bot(token, base_url=f"{settings.telegram_api_url.rstrip('/')}/bot") as bot:
            return [
                Finding(Health.WELL, "Telegram", f"answers, and knows the bot as @{bot.username}"),
                judge_webhook(settings, await bot.get_webhook_info(), utc_now()),
            ]
    except InvalidToken:
        says = "does not know the token: compare TELEGRAM_BOT_TOKEN with what @BotFather gave you"
        return [Finding(Health.BROKEN, "Telegram", says)]
    except TelegramError as error:
        says = f"cannot be reached ({type(error).__name__}): check the network, a proxy or firewall"
        return [Finding(Health.BROKEN, "Telegram", says)]


async def _examine_database(settings: Settings) -> list[Finding]:
    database = Database(settings.database)
    try:
        await database.open()
        async with database.reading() as session:
            known, samples = await papers.count(session), await papers.count_samples(session)
            states = await readers.count(session)
            today = await ledger.counts(session, utc_now() - timedelta(days=1))
        work = await examine_work(database)
        file = file_of(settings.database) if is_sqlite(complete(settings.database)) else None
        if file:
            await asyncio.to_thread(check, file, database.place)
    except StorageError as error:
        return [Finding(Health.BROKEN, "Database", str(error))]
    finally:
        await database.close()
    return [
        Finding(
            Health.WELL, "Database", f"opens{', is whole' if file else ''}, and its tables are up to date"
        ),
        *([_disk_finding(file)] if file else []),
        _papers_finding(known, samples),
        Finding(Health.WELL, "Readers", _tell_counts(states)),
        Finding(Health.WELL, "Digests of the last 24 h", _tell_counts(today)),
        *work,
    ]


def _disk_finding(file: Path) -> Finding:
    """Tell whether there is room for a backup beside the database, and more."""
    free, size = shutil.disk_usage(file.resolve().parent).free, file.stat().st_size
    says = f"{free / 1e9:,.1f} GB free beside a database of {size / 1e9:,.2f} GB"
    if free > LEAST_FREE + size:
        return Finding(Health.WELL, "Disk", says)
    return Finding(Health.HINT, "Disk", f"only {says}: make room before the disk is full")


def _tell_counts(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in counts.items() if count) or "none yet"


def _papers_finding(known: int, samples: int) -> Finding:
    if samples:
        return Finding(
            Health.HINT, "Papers", f"only the {samples} of the sample: no source has brought any yet"
        )
    if known:
        return Finding(Health.WELL, "Papers", str(known))
    return Finding(Health.HINT, "Papers", "none yet: `paperboy poll` reads the sources now")


async def _examine_embedding(settings: Settings) -> list[Finding]:
    try:
        model = await asyncio.to_thread(load_minilm, settings.embedding_model, settings.data_dir)
    except ModelError as error:
        health = Health.BROKEN if isinstance(settings.embedding_model, Path) else Health.HINT
        return [Finding(health, "Embedding", f"ranking by words alone: {error}")]
    if model is None:
        says = "ranking by words alone, as EMBEDDING_MODEL=off wants it"
        return [Finding(Health.WELL, "Embedding", says)]
    says = f"{model.origin} ({model.fingerprint}); {await _tell_vectors(settings, model.fingerprint)}"
    return [Finding(Health.WELL, "Embedding", says)]


async def _tell_vectors(settings: Settings, model: str) -> str:
    database = Database(settings.database)
    try:
        await database.open()
        async with database.reading() as session:
            keys = {vectors.text_key(text) for text in (await papers.newest(session, NEWEST)).values()}
            known = await vectors.known(session, model, keys)
    except StorageError:
        return "where the vectors are kept cannot be read"
    finally:
        await database.close()
    return f"of the newest {len(keys)} papers {len(known)} have vectors" if keys else "no papers to read yet"
