"""Who is due, and which picks the ledger promises them."""

from bot.planning.one_reader import RepeatedUpdateError
from bot.planning.planner import BATCH, Planner
from bot.timetable.rhythm import reschedule, wants

__all__ = ["BATCH", "Planner", "RepeatedUpdateError", "reschedule", "wants"]
