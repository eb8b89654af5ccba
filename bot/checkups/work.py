"""The doctor's look at the work: whether it is done, which processes hold what, and the server they share.

Work that waits tells most: whoever should do it, and wherever, does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.checkups.findings import Finding, Health
from bot.clock import utc_now
from bot.roles import Role
from storage import figures, leases, server
from storage.database import Database
from storage.digests import State
from storage.figures import MOST_COUNTED, Backlog
from storage.leases import Lease
from storage.server import Server

PATIENCE = timedelta(minutes=5)  # work that is done at all is done by then
MOST_SKEW = timedelta(seconds=2)
FEW_LEFT = 0.1  # of the connections that a server takes


async def examine_work(database: Database) -> list[Finding]:
    """Look at what waits, and on PostgreSQL at the server and the leases."""
    async with database.reading() as session:
        waiting = await _examine_backlogs(session, utc_now(), is_shared=database.is_shared)
        shared = await _examine_shared(session) if database.is_shared else []
    return [*shared, *waiting]


async def _examine_backlogs(session: AsyncSession, now: datetime, *, is_shared: bool) -> list[Finding]:
    backlogs = (
        ("Updates", "carried out", Role.CHAT, await figures.untold(session)),
        ("Planning", "planned", Role.PLAN, await figures.due(session, now)),
        ("Delivery", "sent", Role.DELIVER, (await figures.unsent(session))[State.PLANNED]),
    )
    return [
        _judge_backlog(part, done, role if is_shared else None, backlog, now)
        for part, done, role, backlog in backlogs
    ]


def _judge_backlog(part: str, done: str, role: Role | None, backlog: Backlog, now: datetime) -> Finding:
    if backlog.since is None:
        return Finding(Health.WELL, part, f"nothing waits to be {done}")
    waits = now - backlog.since
    number = f"{backlog.number:,}" + " or more" * (backlog.number >= MOST_COUNTED)
    says = f"{number} to be {done}, the first for {_tell_span(waits)}"
    if waits <= PATIENCE:
        return Finding(Health.WELL, part, says)
    return Finding(
        Health.HINT, part, f"{says}. Is `paperboy run{f' --role {role}' if role else ''}` running?"
    )


def _tell_span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004 - clock


async def _examine_shared(session: AsyncSession) -> list[Finding]:
    before = utc_now()
    seen = await server.look(session)
    skew = seen.time - before - (utc_now() - before) / 2
    held = await leases.held(session)
    return [*judge_server(seen, skew), *_judge_leases(held, seen.time)]


def judge_server(seen: Server, skew: timedelta) -> list[Finding]:
    """Judge a server whose clock is so far ahead of this machine's."""
    return [_judge_version(seen), _judge_skew(skew), _judge_connections(seen)]


def _judge_version(seen: Server) -> Finding:
    if seen.version >= server.OLDEST:
        return Finding(Health.WELL, "Server", f"PostgreSQL {seen.version}")
    says = f"PostgreSQL {seen.version} is too old: bring it to {server.OLDEST} or newer by pg_upgrade"
    return Finding(Health.BROKEN, "Server", says)


def _judge_skew(skew: timedelta) -> Finding:
    seconds = skew.total_seconds()
    if abs(skew) <= MOST_SKEW:
        return Finding(Health.WELL, "Clock", f"as the server's, to {abs(seconds):.1f} s")
    says = (
        f"{abs(seconds):,.0f} s {'behind' if seconds > 0 else 'ahead of'} the server's: have both set by NTP "
        "(timedatectl set-ntp true), for digests come by this one and leases go by the server's"
    )
    return Finding(Health.HINT, "Clock", says)


def _judge_connections(seen: Server) -> Finding:
    says = f"{seen.connections} of {seen.most_connections} in use"
    if seen.connections <= (1 - FEW_LEFT) * seen.most_connections:
        return Finding(Health.WELL, "Connections", says)
    return Finding(
        Health.HINT, "Connections", f"{says}: raise the server's max_connections, or run fewer processes"
    )


def _judge_leases(held: Sequence[Lease], now: datetime) -> list[Finding]:
    if not held:
        says = "no process holds any: start them, `paperboy run` or one of each --role"
        return [Finding(Health.HINT, "Leases", says)]
    return [_judge_lease(lease, now) for lease in held]


def _judge_lease(lease: Lease, now: datetime) -> Finding:
    part = f"Lease of {lease.name}"
    if lease.until > now:
        return Finding(Health.WELL, part, f"held by {lease.holder}")
    says = (
        f"held by nobody since {lease.until:%Y-%m-%d %H:%M} UTC, by {lease.holder} before: is a process of "
        "its role running?"
    )
    return Finding(Health.HINT, part, says)
