"""Who reads, what they do, and how votes, bookmarks and settings must stand because of it.

It knows the post office alone: what stands in the bot's database, the checks compare.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from benchmarks.postoffice import Letter, PostOffice

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
    "UTC",
    "America/Santiago",
    "Africa/Casablanca",
)
SAID = "zebrafinch"  # stands in all that readers write
VOTE = re.compile(r"vote:(?P<digest>\d+):(?P<position>\d+):(?P<act>up|down|save)")
THUMB = re.compile(r"vote:\d+:\d+:(?:up|down)")
_PERSONS_OF_GROUP = 2
_DOUBT = timedelta(hours=50)  # after a change of settings, until each day is sure again


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button under a pick that was pressed."""

    person_id: int
    digest_id: int
    position: int
    act: str


@dataclass(slots=True)
class Chat:
    """A chat as it must stand once the bot has heard all.

    Attributes:
        people: Who presses in it; in a private chat, the chat itself.
        sure_since: From then on each local day's due moment must have left one row; None while it is away.
        is_shaken: Whether its settings changed in this storm, or Telegram refused it.
        is_leaving: Whether it is forgotten or moved in this storm, and so does nothing else.
    """

    id: int
    zone: str
    hour: int
    people: tuple[int, ...]
    sure_since: datetime | None
    is_active: bool = True
    is_shaken: bool = False
    is_leaving: bool = False
    presses: list[Pressed] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        """Whether more than one person reads it."""
        return self.id < 0

    def fall_into_doubt(self) -> None:
        """Be sure of no due day until it is calm."""
        self.is_shaken, self.sure_since = True, None


def invent_chats(count: int, groups: int, now: datetime, dice: Random) -> list[Chat]:
    """Invent private chats, and groups of two people."""
    private = [
        Chat(1_000 + number, dice.choice(ZONES), dice.randrange(24), (1_000 + number,), now)
        for number in range(count)
    ]
    people = tuple(range(11, 11 + _PERSONS_OF_GROUP))
    return private + [
        Chat(-1_000 - number, dice.choice(ZONES), dice.randrange(24), people, now) for number in range(groups)
    ]


class Crowd:
    """All chats, and what they do at random.

    Attributes:
        done: How often what was done.
        gone: The chats that had themselves forgotten.
        moves: Which chat each group became.
    """

    def __init__(self, office: PostOffice, chats: Sequence[Chat], dice: Random) -> None:
        self.chats = {chat.id: chat for chat in chats}
        self.done: Counter[str] = Counter()
        self.gone: set[int] = set()
        self.moves: dict[int, int] = {}
        self._office = office
        self._dice = dice
        self._read = 0
        self._letters: defaultdict[int, list[Letter]] = defaultdict(list)

    def act(self) -> None:
        """Have somebody do something."""
        chat = self._dice.choice([chat for chat in self.chats.values() if not chat.is_leaving])
        acts = [(self._press, 60), (self._forge, 4), (self._ask, 6)]
        if not chat.is_group:
            acts += [(self._set_hour, 4), (self._set_zone, 3), (self._pause, 3)]
        (act,) = self._dice.choices([act for act, _ in acts], [weight for _, weight in acts])
        act(chat)

    def letters_to(self, chat_id: int) -> list[Letter]:
        """List what a chat has been sent."""
        for letter in self._office.letters[self._read :]:
            self._letters[letter.chat_id].append(letter)
        self._read = len(self._office.letters)
        return self._letters[chat_id]

    def begin_to_leave(self) -> Chat:
        """Have a private chat ask to be forgotten."""
        chat = self._choose(is_group=False)
        chat.is_leaving = True
        self._office.say(chat.id, "/forget")
        return chat

    def confirm_leaving(self, chat: Chat) -> bool:
        """Press the button that forgets, where it came; tell whether it did."""
        for letter in reversed(self.letters_to(chat.id)):
            for data in letter.buttons:
                if data.startswith("data:forget"):
                    self._office.press(chat.id, letter.message_id, data)
                    self._count("forget")
                    del self.chats[chat.id]
                    self.gone.add(chat.id)
                    return True
        return False

    def begin_to_move(self) -> Chat:
        """Choose a group that becomes a supergroup; nobody in it presses anything meanwhile."""
        chat = self._choose(is_group=True)
        chat.is_leaving = True
        return chat

    def finish_moving(self, chat: Chat, new_id: int) -> None:
        """Have a group be the chat that it became."""
        self.moves[chat.id] = new_id
        self.chats[new_id] = self.chats.pop(chat.id)
        chat.id = new_id
        self._count("move")

    def first_home(self, chat_id: int) -> int:
        """Tell which chat a chat is by now."""
        while chat_id in self.moves:
            chat_id = self.moves[chat_id]
        return chat_id

    def shake(self, chat_id: int) -> None:
        """Remember that Telegram said that a chat is gone."""
        if chat_id in self.chats:
            self.chats[chat_id].fall_into_doubt()

    def come_to_rest(self) -> None:
        """Have those who are in doubt say whether they want digests."""
        for chat in self._shaken():
            self._office.say(chat.id, "/resume" if chat.is_active else "/pause")

    def settle(self, now: datetime, moving: Collection[int]) -> None:
        """Begin anew after a storm; groups whose move nobody told the bot of are still moving."""
        for chat in self._shaken():
            chat.sure_since = now + _DOUBT if chat.is_active else None
            chat.is_shaken = False
        for chat in self.chats.values():
            chat.is_leaving = chat.id in moving

    def _shaken(self) -> Iterator[Chat]:
        return (chat for chat in self.chats.values() if chat.is_shaken)

    def _choose(self, *, is_group: bool) -> Chat:
        chats = [chat for chat in self.chats.values() if chat.is_group is is_group and not chat.is_leaving]
        return self._dice.choice(chats)

    def _press(self, chat: Chat) -> None:
        """Press a thumb or a bookmark under a digest."""
        if button := self._find_button(chat):
            letter, data = button
            person_id = self._dice.choice(chat.people)
            self._office.press(chat.id, letter.message_id, data, person_id)
            told = VOTE.fullmatch(data)
            assert told
            chat.presses.append(Pressed(person_id, int(told["digest"]), int(told["position"]), told["act"]))
            self._count("press")

    def _forge(self, chat: Chat) -> None:
        """Press what stands under somebody else's digest."""
        other = self._dice.choice(list(self.chats.values()))
        button = self._find_button(other)
        if button and other is not chat:
            self._office.press(chat.id, 1, button[1], chat.people[0])
            self._count("forged press")

    def _find_button(self, chat: Chat) -> tuple[Letter, str] | None:
        """Find a button; in a group a thumb, for the office tells no keyboards, which its bookmarks need."""
        pattern = THUMB if chat.is_group else VOTE
        buttons = [
            (letter, data)
            for letter in self.letters_to(chat.id)
            for data in letter.buttons
            if pattern.fullmatch(data)
        ]
        return self._dice.choice(buttons) if buttons else None

    def _ask(self, chat: Chat) -> None:
        self._office.say(chat.id, self._dice.choice(("/today", f"/search {SAID}", "/liked", SAID)))
        self._count("question")

    def _set_hour(self, chat: Chat) -> None:
        chat.hour = self._dice.randrange(24)
        self._set(chat, f"hour:{chat.hour}")

    def _set_zone(self, chat: Chat) -> None:
        chat.zone = self._dice.choice(ZONES)
        self._set(chat, f"zone:{chat.zone}")

    def _set(self, chat: Chat, choice: str) -> None:
        chat.fall_into_doubt()
        self._office.press(chat.id, 1, f"set:{choice}")
        self._count("setting")

    def _pause(self, chat: Chat) -> None:
        chat.fall_into_doubt()
        chat.is_active = not chat.is_active
        self._office.say(chat.id, "/resume" if chat.is_active else "/pause")
        self._count("setting")

    def _count(self, what: str) -> None:
        self.done[what] += 1
