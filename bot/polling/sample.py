"""The sample: invented papers for a first minute without network. They leave when real papers come."""

from __future__ import annotations

from datetime import datetime
from importlib import resources

from sources.parsing import parse
from storage import papers
from storage.database import Database


async def load_sample(database: Database, now: datetime) -> int:
    """Store the sample where there is no paper at all; tell how many papers it brought."""
    body = resources.files("bot.polling").joinpath("sample.json").read_bytes()
    async with database.writing() as session:
        if await papers.count(session):
            return 0
        upserted = await papers.upsert(session, parse(body).papers, now, sample=True)
    return len(upserted.added)
