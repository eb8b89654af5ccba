"""All faults at once: two storms over the real bot, and the checks that must notice what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.chaos.__main__ import endure
from benchmarks.chaos.checks import find_loud_words, find_violations
from benchmarks.chaos.crowd import SAID, Pressed
from benchmarks.chaos.dates import due_days, due_moments
from benchmarks.chaos.scene import MARK, Scene, set_up
from benchmarks.chaos.storms import calm_down
from benchmarks.postoffice import Letter

SEED = 1


async def test_a_storm_breaks_no_promise(tmp_path: Path) -> None:
    """`make chaos` has more of them."""
    figures, found = await endure(tmp_path, SEED, seconds=1)
    assert found == [], f"seed {SEED}"
    assert {figure.name: figure.value for figure in figures}["letters"] > 0


async def test_what_is_wrong_is_noticed(tmp_path: Path) -> None:
    """A lost day, a letter in another chat, one too many, a vote that nobody gave, one that was lost."""
    async with set_up(tmp_path, SEED, readers=6, groups=1) as scene:
        scene.move_on(hours=25)
        assert await calm_down(scene) == []
        for spoil, words in SPOILS:
            letters = list(scene.office.letters)
            spoil(scene)
            found = list(find_violations(scene))
            assert any(words in what for what in found), (words, found)
            scene.office.letters[:] = letters


def lose_a_day(scene: Scene) -> None:
    chat = scene.crowd.chats[1_000]
    assert chat.sure_since
    chat.sure_since -= timedelta(days=9)


def send_astray(scene: Scene) -> None:
    letters = scene.office.letters
    one, other = next(pair for pair in pairwise(with_votes(letters)) if pair[0].chat_id != pair[1].chat_id)
    letters.append(replace(one, chat_id=other.chat_id))


def send_again(scene: Scene) -> None:
    scene.office.letters.append(with_votes(scene.office.letters)[0])


def lose_a_letter(scene: Scene) -> None:
    scene.office.letters.remove(with_votes(scene.office.letters)[0])


def forget_a_vote(scene: Scene) -> None:
    chat_id, digest_id = scene.read("select chat_id, id from digests where state = 'sent'")[0]
    scene.crowd.chats[chat_id].presses.append(Pressed(chat_id, digest_id, 0, "up"))


def forget_a_bookmark(scene: Scene) -> None:
    chat_id, digest_id = scene.read("select chat_id, id from digests where state = 'sent'")[0]
    scene.crowd.chats[chat_id].presses.append(Pressed(chat_id, digest_id, 0, "save"))


def mistake_a_setting(scene: Scene) -> None:
    scene.crowd.chats[1_001].zone = "Asia/Tokyo"


def leave_remains(scene: Scene) -> None:
    scene.crowd.gone.add(1_002)


SPOILS: tuple[tuple[Callable[[Scene], None], str], ...] = (
    (lose_a_day, "has no row for"),
    (send_astray, "came to chat"),
    (send_again, "came 2 times"),
    (lose_a_letter, "is sent, and never came"),
    (forget_a_vote, "pressed was True"),
    (forget_a_bookmark, "is not as it was pressed"),
    (mistake_a_setting, "chose"),
    (leave_remains, "was forgotten, and stands in"),
)


def with_votes(letters: list[Letter]) -> list[Letter]:
    return [letter for letter in letters if any("vote:" in data for data in letter.buttons)]


@pytest.mark.parametrize("secret", [MARK, SAID, "a-token-that-opens-a-post-office"])
def test_a_log_that_tells_too_much_is_noticed(secret: str) -> None:
    assert len(list(find_loud_words([f"2026-01-01 00:00:00,000 INFO bot: {secret} came\n"]))) == 1


def test_tracebacks_of_one_kind_are_told_once() -> None:
    bug = ["ERROR bot: no 5\n", "Traceback (most recent call last):\n", "ValueError: five\n"]
    words = [
        f"2026-01-01 00:00:0{second},000 {bug[0]}" if not line else bug[line]
        for second in range(2)
        for line in range(3)
    ]
    (told,) = find_loud_words(words)
    assert told.startswith("2 times")


def test_days_are_due_by_the_calendar() -> None:
    """The night in which Berlin has 02:30 twice, and the one that has none, are days like others."""
    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)
    moments = due_moments(2, "Europe/Berlin", autumn)
    assert next(moments)[0] == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert next(moments)[0] == datetime(2026, 10, 26, 1, tzinfo=UTC)
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert next(due_moments(2, "Europe/Berlin", spring))[0] == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert len(due_days(2, "Europe/Berlin", spring, spring + timedelta(days=30))) == 30
