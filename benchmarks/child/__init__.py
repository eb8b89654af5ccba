"""The real bot in a process of its own, under a clock that is handed to it: started, measured and killed.

clock = SharedClock.begin(folder / "clock", MORNING)
async with raised(Upbringing(url, folder, clock=clock)) as child:   # `bot.process.running.run`, ready
    clock.advance(hours=1)
    child.kill()
    await child.start()
"""

from benchmarks.child.nursery import Nursery, nursery_open
from benchmarks.child.process import Child, Upbringing, raised
from benchmarks.child.shared_clock import SharedClock

__all__ = ["Child", "Nursery", "SharedClock", "Upbringing", "nursery_open", "raised"]
