"""What the database says of the bot, in numbers for Prometheus: the same from whichever process is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from prometheus_client.metrics_core import Metric
from sqlalchemy.ext.asyncio import AsyncSession

from bot.polling.health import Watch
from bot.watching.families import gauge, labelled
from bot.watching.sources import gauge_sources
from recommender.values import Slot
from storage import figures, health, papers
from storage.digests import State
from storage.figures import MOST_COUNTED, Backlog
from storage.health import SlotRate

LIKED_WITHIN = timedelta(days=7)


async def gauge_database(session: AsyncSession, watch: Watch, now: datetime) -> list[Metric]:
    """Ask for everything that the database knows."""
    unsent = await figures.unsent(session)
    return [
        gauge("papers", "Papers that are known.", await papers.count(session)),
        *_gauge_backlog("readers_due", "Readers whose digest is due", await figures.due(session, now), now),
        *_gauge_backlog("digests_planned", "Messages that are planned", unsent[State.PLANNED], now),
        *_gauge_backlog("digests_sending", "Messages that are being sent", unsent[State.SENDING], now),
        *_gauge_backlog("updates_waiting", "Updates not carried out", await figures.untold(session), now),
        *_gauge_rates(await health.slot_rates(session, now - LIKED_WITHIN)),
        _gauge_leases(await figures.held_leases(session, now)),
        *gauge_sources(await watch.look(session, now)),
    ]


def gauge_jobs(jobs: Mapping[str, int]) -> Metric:
    """Tell of the jobs that planning is handed out in."""
    family = labelled("planning_jobs", "Jobs of planning that are not done, by state.", "state")
    for state, number in jobs.items():
        family.add_metric([state], number)
    return family


def _gauge_backlog(name: str, what: str, backlog: Backlog, now: datetime) -> Iterable[Metric]:
    """Tell how much waits and for how long the longest of it."""
    yield gauge(name, f"{what}; {MOST_COUNTED} for so many or more.", backlog.number)
    waits = now - backlog.since if backlog.since else timedelta()
    tells = f"{what}: how long the longest of them waits; 0 where there is none."
    yield gauge(f"{name}_lag_seconds", tells, max(waits.total_seconds(), 0.0))


def _gauge_rates(rates: Mapping[Slot, SlotRate]) -> Iterable[Metric]:
    """Tell how picks are liked; of a slot that was not shown there is nothing to tell."""
    over = f"picks planned in the last {LIKED_WITHIN.days} days that arrived, by slot; of many, a sample."

    def of_slots(name: str, tells: str, tell: Callable[[SlotRate], float]) -> Metric:
        family = labelled(name, f"{tells} {over}", "slot")
        for slot, rate in rates.items():
            family.add_metric([slot], tell(rate))
        return family

    yield of_slots("picks_liked_ratio", "The share that was liked of", lambda rate: rate.liked / rate.shown)
    yield of_slots(
        "picks_voted_ratio", "The share that was voted on of", lambda rate: rate.voted / rate.shown
    )
    yield of_slots("picks_sampled", "How many were looked at of", lambda rate: rate.shown)


def _gauge_leases(leases: Mapping[str, bool]) -> Metric:
    tells = "Whether any process holds a lease: 1 or 0. There are none on SQLite."
    family = labelled("lease_held", tells, "lease")
    for name, is_held in leases.items():
        family.add_metric([name], float(is_held))
    return family
