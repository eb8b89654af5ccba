"""The people who press thumbs all the while: new ones, and the same again, which takes a vote back."""

from __future__ import annotations

import asyncio
import random
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.crash.books import Ballot
from benchmarks.crash.town import Town
from benchmarks.postoffice import Letter, PostOffice, Press

_THUMB = re.compile(r"vote:(\d+):(\d+):(up|down)")
_LATELY = 300  # letters, and presses
_MOST_OPEN = 40  # presses, that the bot also finds time for digests on a busy machine
_AGAIN = 0.4  # the share of presses on what the same person pressed lately


@dataclass(frozen=True, slots=True)
class Thumb:
    """One person's press on one button, which may be done again."""

    letter: Letter
    data: str
    person_id: int

    @property
    def pick(self) -> tuple[int, int]:
        """The digest and the place in it."""
        digest, place, _ = _read(self.data)
        return digest, place

    @property
    def up(self) -> bool:
        """Which way it points."""
        return _read(self.data)[2]


class Crowd:
    """Presses by dice, and remembers each press in its order."""

    def __init__(self, office: PostOffice, town: Town, dice: random.Random) -> None:
        self._office = office
        self._town = town
        self._dice = dice
        self._lately: deque[Thumb] = deque(maxlen=_LATELY)
        self.pressed: list[tuple[Thumb, Press]] = []

    async def press_on(self, per_second: float) -> None:
        """Press so many thumbs a second, for ever, but wait while many go unanswered."""
        while True:
            await asyncio.sleep(self._dice.expovariate(per_second))
            if self._count_open() < _MOST_OPEN:
                self.press(1)

    def press(self, count: int) -> None:
        """Press some thumbs at once, on what came lately; none before the first letter."""
        for _ in range(count):
            if self._lately and self._dice.random() < _AGAIN:
                self._press(self._dice.choice(self._lately))
            elif self._office.letters:
                self._press_letter(self._dice.choice(self._office.letters[-_LATELY:]))

    def press_last(self, count: int) -> None:
        """Press a thumb of each of the last letters, which the bot may not know yet to have arrived."""
        for letter in self._office.letters[-count:]:
            self._press_letter(letter)

    def _count_open(self) -> int:
        return sum(not press.answered.done() for _, press in self.pressed[-_LATELY:])

    def _press_letter(self, letter: Letter) -> None:
        thumbs = [data for data in letter.buttons if _THUMB.fullmatch(data)]
        if thumbs:
            person_id = self._dice.choice(self._town.residents[letter.chat_id].people)
            self._press(Thumb(letter, self._dice.choice(thumbs), person_id))

    def _press(self, thumb: Thumb) -> None:
        letter = thumb.letter
        press = self._office.press(letter.chat_id, letter.message_id, thumb.data, thumb.person_id)
        self.pressed.append((thumb, press))
        self._lately.append(thumb)

    def count_unanswered(self) -> int:
        """Count the presses whose answer never came."""
        return sum(not press.answered.done() for _, press in self.pressed)

    def expect_votes(self, picks: Mapping[tuple[int, int], int]) -> dict[Ballot, bool]:
        """Tell how all votes must stand where each press counted once: the same thumb again takes it back.

        A press on a pick that is gone is one on paper 0, of which no vote can be kept.
        """
        votes: dict[Ballot, bool] = {}
        for thumb, _ in self.pressed:
            ballot = (thumb.letter.chat_id, thumb.person_id, picks.get(thumb.pick, 0))
            if votes.get(ballot) is thumb.up:
                del votes[ballot]
            else:
                votes[ballot] = thumb.up
        return votes


def digest_of(letter: Letter) -> int | None:
    """Tell which digest a letter brought, by its buttons; None where it has no thumbs."""
    for data in letter.buttons:
        if _THUMB.fullmatch(data):
            return _read(data)[0]
    return None


def _read(data: str) -> tuple[int, int, bool]:
    read = _THUMB.fullmatch(data)
    assert read, data
    return int(read[1]), int(read[2]), read[3] == "up"
