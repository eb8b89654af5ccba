"""What is known of an invented chat: three likes, two of them of one subject, and seven picks."""

from datetime import date, timedelta

from bot.messages.stats import Record
from recommender.atlas import Atlas, Group, Place
from recommender.values import Slot
from storage.tallies import Ballot, Showing

RECORD = Record(
    liked=3,
    atlas=Atlas(
        places=(
            Place(1, -0.5, 0.5, liked=True),
            Place(2, -0.4, 0.4, liked=True),
            Place(5, 0.2, 0.2, liked=True),
            Place(9, 1.0, -1.0, liked=False),
        ),
        groups=(Group((1, 2), ("video diffusion", "camera")),),
    ),
    starts=tuple(date(2026, 11, 7) + timedelta(days=age) for age in range(14)),
    weekly=False,
    ballots=(Ballot(2, 1), *[Ballot()] * 12, Ballot(1, 0)),
    showings={Slot.TASTE: Showing(5, 3), Slot.TRENDING: Showing(2, 0), Slot.EXPLORE: Showing()},
)
