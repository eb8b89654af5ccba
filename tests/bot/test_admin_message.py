from datetime import UTC, date, datetime, timedelta

from bot.messages.admin import Overview, render_overview
from bot.messages.language import ENGLISH
from bot.messages.markup import utf16_length
from bot.playground.markup import parse_html
from bot.polling.health import SourceHealth
from recommender.values import Slot
from storage.health import SlotRate
from storage.ledger import State
from storage.notices import Progress
from storage.polls import Poll
from storage.readers import ReaderState
from storage.readings import Reading

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def overview(**changed: object) -> Overview:
    quiet: dict[str, object] = {
        "at": NOW,
        "readers": {},
        "new": 0,
        "digests": dict.fromkeys(State, 0),
        "failures": [],
        "sources": [],
        "slots": {},
        "database_bytes": 1_234_567,
        "space_bytes": 0,
        "notice": None,
    }
    return Overview(**quiet | changed)


def said(**changed: object) -> str:
    return render_overview(ENGLISH, overview(**changed)).html


def failing(name: str, why: str) -> SourceHealth:
    """Tell of a source that was read a week ago, on one day, and fails since."""
    poll = Poll(name, NOW, NOW - 7 * 24 * HOUR, None, why, 10**6, NOW + HOUR)
    days = {date(2026, 11, 14): Reading(NOW, 100, 0)}
    since = date(2026, 11, 6)
    return SourceHealth(source=name, at=NOW, poll=poll, days=days, since=since, patience=HOUR)


def test_a_bot_that_nobody_uses_yet_says_so() -> None:
    told = said()
    assert "0 new readers in the last 7 days" in told
    assert "none yet" in told
    assert "none: set DUMPS_DIR or SOURCES" in told
    assert "nothing shown yet" in told
    assert "Database 1.2 MB, feature space 0 MB" in told
    assert "Last broadcast" not in told


def test_readers_are_counted_by_kind_and_state() -> None:
    readers = {
        ("private", ReaderState.ACTIVE): 1200,
        ("private", ReaderState.GONE): 2,
        ("group", ReaderState.PAUSED): 1,
    }
    told = said(readers=readers)
    assert "Private chats: 1,200 active, 2 gone" in told
    assert "Groups: 1 paused" in told
    assert "Channels" not in told


def test_a_slot_that_nobody_voted_on_has_no_rate_to_show() -> None:
    told = said(slots={Slot.TASTE: SlotRate(8, 4, 3), Slot.EXPLORE: SlotRate(2, 0, 0)})
    assert "By taste: 75% of 4 voted on were liked; 8 shown" in told
    assert "Explored: 0 of 0 voted on were liked; 2 shown" in told


def test_the_sources_are_among_what_is_told() -> None:
    told = said(sources=[failing("lists", "refused")]).replace("\N{NO-BREAK SPACE}", " ")
    assert "\n⏸ <code>lists</code>: read 1 week ago, no new paper yet\nFr – · Sa 100 · Su –" in told


def test_a_broadcast_is_followed() -> None:
    states = {State.SENT: 5, State.PLANNED: 1, State.SENDING: 1, State.FAILED: 1, State.SKIPPED: 2}
    assert "5 sent, 2 waiting, 3 not delivered" in said(notice=Progress(states))


def test_the_worst_day_fits_a_message() -> None:
    """Reasons and names come from outside: they are cut, counted and escaped."""
    told = said(
        failures=[("<&>" * 500, 10**6)] * 5,
        sources=[failing(f"{n}/" + "x" * 80, "<&>" * 500) for n in range(40)],
        digests=dict.fromkeys(State, 10**6),
    )
    assert utf16_length(parse_html(told)[0]) < 4096
    assert "<&" not in told
    assert "sources more" in told
