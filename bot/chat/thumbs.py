"""A press under a digest: the vote or the bookmark is kept and answered; the buttons follow when they can."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardMarkup, Update
from telegram.ext import ContextTypes

from bot.chat.ballots import BallotBox
from bot.chat.desk import Desk, Press, kind_of, press_of, spoken_by
from bot.chat.feedback import Presser, turn_saved
from bot.messages.buttons import Act, DigestPress, digest_buttons, menu_buttons, read_press
from bot.messages.feedback import say_has_note, say_saved, say_unknown_button, say_vote
from bot.messages.language import Language, speak
from bot.standings import read_standings
from storage import ledger, readers, saved
from storage.ballots import Ballot
from storage.ledger import Digest


@dataclass(frozen=True, slots=True)
class _Done:
    """What a press did: whether its button is known in the chat, and what to say in which language."""

    is_known: bool
    language: Language
    said: str | None


@dataclass(frozen=True, slots=True)
class Thumbs:
    """Handles the presses under digests; what they may be about, the ledger says."""

    desk: Desk
    box: BallotBox

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Turn a vote or the bookmark, or show what more can be done with a pick."""
        pressed = press_of(update)
        meant = read_press(pressed.data)
        if meant is None:
            await pressed.answer(say_unknown_button(await self.desk.spoken_in(update)))
            return
        is_vote = meant.act in {Act.UP, Act.DOWN}
        done = await (self._vote if is_vote else self._do)(update.update_id, pressed, meant)
        if done.is_known:
            draw = partial(self._draw, pressed, meant, done.language)
            self.desk.redraws.mark(pressed.chat.id, pressed.message_id, draw)
        await pressed.answer(done.said if done.is_known else say_unknown_button(done.language))

    async def _vote(self, update_id: int, pressed: Press, meant: DigestPress) -> _Done:
        person = pressed.query.from_user
        ballot = Ballot(
            update_id, pressed.chat.id, person.id, meant.digest_id, meant.position, meant.act is Act.UP
        )
        outcome = await self.box.cast(ballot)
        language = speak(outcome.language or person.language_code)
        return _Done(outcome.is_known, language, say_vote(language, outcome.standing))

    async def _do(self, update_id: int, pressed: Press, meant: DigestPress) -> _Done:
        """Turn the bookmark; a press that only leads to other buttons changes nothing."""
        person = pressed.query.from_user
        by = Presser(update_id, pressed.chat.id, person.id, self.desk.clock())
        async with self.desk.database.writing() as session:
            language = spoken_by(await readers.get(session, by.chat_id), person)
            digest = await ledger.get(session, by.chat_id, meant.digest_id)
            is_known = digest is not None and meant.position < len(digest.picks)
            if digest is None or not is_known or meant.act is not Act.SAVE:
                return _Done(is_known, language, None)
            paper_id = digest.picks[meant.position].paper_id
            return _Done(is_known, language, await _turn_saved(session, by, paper_id, language))

    async def _draw(self, pressed: Press, meant: DigestPress, language: Language) -> None:
        """Show the buttons of a digest as things stand, or what more can be done with a pick."""
        async with self.desk.database.reading() as session:
            digest = await ledger.get(session, pressed.chat.id, meant.digest_id)
            counted = kind_of(pressed.chat) != "private"
            if digest is None or (counted and digest.message_id not in {None, pressed.message_id}):
                return  # forgotten since, or pressed, by a client of one's own, on another message of all
            if meant.act is Act.MENU:
                keyboard = menu_buttons(language, digest, meant.position)
            else:
                keyboard = await redrawn(session, digest, pressed.query.from_user.id, counted=counted)
        await pressed.edit_buttons(keyboard)


async def redrawn(
    session: AsyncSession, digest: Digest, person_id: int, *, counted: bool
) -> InlineKeyboardMarkup:
    """Draw the buttons of a digest as things stand now."""
    picked = [pick.paper_id for pick in digest.picks]
    standings = await read_standings(session, digest.chat_id, person_id, picked, counted=counted)
    return digest_buttons(digest, standings)


async def _turn_saved(session: AsyncSession, by: Presser, paper_id: int, language: Language) -> str:
    """Turn the bookmark, unless a note stands with it; say in a sentence what that did."""
    kept = await saved.get(session, by.chat_id, paper_id)
    if kept and kept.note:
        return say_has_note(language)
    return say_saved(language, is_saved=await turn_saved(session, by, paper_id))
