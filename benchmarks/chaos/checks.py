"""What must hold when it is calm: the database and the letters against what the crowd did. Yields words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from benchmarks.chaos.crowd import SAID, VOTE, Chat
from benchmarks.chaos.dates import due_days
from benchmarks.chaos.scene import MARK, Scene
from benchmarks.child.__main__ import TOKEN

_LONGEST = 300
_RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ ", re.MULTILINE)
_BUG = re.compile(r"[A-Z][A-Za-z]*(Error|Exception)")
_OF_A_CHAT = ("readers", "digests", "votes", "saved", "interests", "rules")
_PRIVATE = {"its token": TOKEN.partition(":")[2], "an abstract": MARK, "what a reader wrote": SAID}


def find_violations(scene: Scene) -> Iterator[str]:
    """Say of each thing that is not as it must be what it is."""
    yield from _find_unsettled(scene)
    yield from _find_lost_days(scene)
    yield from _find_strays(scene)
    yield from _find_twins(scene)
    yield from _find_wrong_votes(scene)
    yield from _find_wrong_bookmarks(scene)
    yield from _find_wrong_settings(scene)
    yield from _find_remains(scene)


def find_loud_words(words: Iterable[str]) -> Iterator[str]:
    """Say what a log tells that none may, and of which bugs it tells, each kind once."""
    records = "".join(words)
    for what, secret in _PRIVATE.items():
        if secret in records:
            line = next(line for line in records.splitlines() if secret in line)
            yield f"the log tells {what}: {line[:_LONGEST]}"
    bugs = Counter(_summarize(record) for record in _RECORD.split(records) if "Traceback" in record)
    for bug, times in bugs.items():
        yield f"{times} times a traceback in the log: {bug}"


def _summarize(record: str) -> str:
    """Tell what a record of the log began and ended with; numbers differ from one to the next."""
    lines = record.strip().splitlines()
    return f"{re.sub(r'[0-9]+', 'N', lines[0])} … {lines[-1]}"[:_LONGEST]


def _find_unsettled(scene: Scene) -> Iterator[str]:
    for digest_id, chat_id, state, why in scene.read("select id, chat_id, state, why from digests"):
        if state in {"planned", "sending"}:
            yield f"digest {digest_id} of chat {chat_id} is still {state}: {why}"
        if state == "failed" and _BUG.fullmatch(why or ""):
            yield f"digest {digest_id} of chat {chat_id} is {state} for a bug: {why}"


def _find_lost_days(scene: Scene) -> Iterator[str]:
    query = "select chat_id, local_day from digests where local_day is not null"
    rows = [(chat_id, date.fromisoformat(day)) for chat_id, day in scene.read(query)]
    for chat in scene.crowd.chats.values():
        if chat.sure_since and chat.sure_since < scene.latest:
            due = due_days(chat.hour, chat.zone, chat.sure_since, scene.latest)
            had = {day for chat_id, day in rows if chat_id == chat.id}
            for day in sorted(due - had):
                yield f"chat {chat.id} has no row for {day}, due at {chat.hour} in {chat.zone}"
            for day in sorted(day for day in had - due if day > max(due, default=day)):
                yield f"chat {chat.id} has a row for {day}, which is not due yet"


def _find_strays(scene: Scene) -> Iterator[str]:
    """Letters of a digest in a chat whose it is not, and digests that were sent, and yet never came."""
    homes = dict(scene.read("select id, chat_id from digests"))
    arrived = set()
    for letter in scene.office.letters:
        chat_id = scene.crowd.first_home(letter.chat_id)
        arrived.add((chat_id, letter.message_id))
        for digest_id in _digests_in(letter.buttons):
            if chat_id not in scene.crowd.gone and homes.get(digest_id) != chat_id:
                yield f"digest {digest_id} of chat {homes.get(digest_id)} came to chat {chat_id}"
    query = "select id, chat_id, message_id from digests where state = 'sent' and message_id is not null"
    for digest_id, chat_id, message_id in scene.read(query):
        if (chat_id, message_id) not in arrived:
            yield f"digest {digest_id} of chat {chat_id} is sent, and never came"


def _find_twins(scene: Scene) -> Iterator[str]:
    """Digests that came more often than a kill or a lost answer excuses, and papers sent twice."""
    letters = Counter(
        digest_id for letter in scene.office.letters for digest_id in _digests_in(letter.buttons)
    )
    for digest_id, times in letters.items():
        if times > 1 + scene.weather.excused[digest_id]:
            yield f"digest {digest_id} came {times} times, excused is {scene.weather.excused[digest_id]}"
    query = (
        "select chat_id, paper_id, group_concat(digests.id) from picks"
        " join digests on digests.id = digest_id where state = 'sent'"
        " group by chat_id, paper_id having count(*) > 1"
    )
    for chat_id, paper_id, digests in scene.read(query):
        yield f"paper {paper_id} was sent to chat {chat_id} in digests {digests}"


def _find_wrong_votes(scene: Scene) -> Iterator[str]:
    papers = _papers(scene)
    expected = {
        (chat.id, *key): up
        for chat in scene.crowd.chats.values()
        for key, up in _votes_of(chat, papers).items()
    }
    rows = scene.read("select chat_id, person_id, paper_id, up from votes")
    stand = {(chat_id, person_id, paper_id): bool(up) for chat_id, person_id, paper_id, up in rows}
    for key in sorted(expected.keys() | stand.keys()):
        if expected.get(key) is not stand.get(key):
            yield f"vote {key} (chat, person, paper) is {stand.get(key)}, pressed was {expected.get(key)}"


def _votes_of(chat: Chat, papers: dict[tuple[int, int], int]) -> dict[tuple[int, int], bool]:
    """Tell how the people of a chat must have voted: a second press on a thumb takes it back."""
    votes: dict[tuple[int, int], bool] = {}
    for press in chat.presses:
        if press.act != "save":
            key, up = (press.person_id, papers[press.digest_id, press.position]), press.act == "up"
            if votes.get(key) is up:
                del votes[key]
            else:
                votes[key] = up
    return votes


def _find_wrong_bookmarks(scene: Scene) -> Iterator[str]:
    papers = _papers(scene)
    presses = Counter(
        (chat.id, papers[press.digest_id, press.position])
        for chat in scene.crowd.chats.values()
        for press in chat.presses
        if press.act == "save"
    )
    expected = {key for key, times in presses.items() if times % 2}
    for key in sorted(expected ^ set(scene.read("select chat_id, paper_id from saved"))):
        yield f"bookmark {key} (chat, paper) is not as it was pressed, {presses[key]} times"


def _find_wrong_settings(scene: Scene) -> Iterator[str]:
    stored = {row[0]: row[1:] for row in scene.read("select chat_id, hour, timezone, state from readers")}
    for chat in scene.crowd.chats.values():
        chosen = (chat.hour, chat.zone, "active" if chat.is_active else "paused")
        if stored.get(chat.id) != chosen:
            yield f"chat {chat.id} chose {chosen}, kept is {stored.get(chat.id)}"
    for chat_id in sorted(stored.keys() - scene.crowd.chats.keys() - scene.crowd.gone):
        yield f"chat {chat_id} is a reader, and nobody knows why"


def _find_remains(scene: Scene) -> Iterator[str]:
    for table in _OF_A_CHAT:
        for (chat_id,) in scene.read(f"select distinct chat_id from {table}"):  # noqa: S608 - names of our own
            if chat_id in scene.crowd.gone:
                yield f"chat {chat_id} was forgotten, and stands in {table}"


def _papers(scene: Scene) -> dict[tuple[int, int], int]:
    rows = scene.read("select digest_id, position, paper_id from picks")
    return {(digest_id, position): paper_id for digest_id, position, paper_id in rows}


def _digests_in(buttons: tuple[str, ...]) -> set[int]:
    return {int(read["digest"]) for read in map(VOTE.fullmatch, buttons) if read}
