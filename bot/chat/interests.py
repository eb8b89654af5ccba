"""/interests: what a reader likes in words and links, shown back as understood, each removable in place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import Chat, Update
from telegram.constants import ChatAction
from telegram.ext import ContextTypes

from bot.chat.desk import Desk, Press, message_of, press_of, reply
from bot.chat.permission import is_permitted
from bot.formats.collection import Collection, Entry
from bot.formats.importing import Owner, take_in
from bot.formats.links import find_links
from bot.messages.feedback import say_unknown_button
from bot.messages.interests import (
    Heard,
    ask_more,
    read_interest_press,
    say_heard,
    say_nothing_heard,
    say_removed,
    show_interests,
)
from bot.messages.settings import is_in_setup
from bot.ranking.ranker import Ranker
from recommender.interests import is_foreign, read_interests
from recommender.values import Interest
from storage import interests, papers, readers
from storage.readers import Reader

INTERESTS = "interests"  # what Reader.asking says while interests in words are awaited


@dataclass(frozen=True, slots=True)
class Interests:
    """Shows and changes what a chat stated. In a group its administrators do."""

    desk: Desk
    ranker: Ranker

    async def command(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """List the interests, those among them that stand behind the command."""
        if context.args:
            await self.take(update, " ".join(context.args))
            return
        message, language = message_of(update), await self.desk.spoken_in(update)
        reader, stated = await self._read(message.chat)
        await reply(message, *show_interests(language, stated, in_setup=is_in_setup(reader)))

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Turn a page, remove an interest, or ask for more."""
        pressed, language = press_of(update), await self.desk.spoken_in(update)
        meant = read_interest_press(pressed.data)
        if meant is None:
            await pressed.answer(say_unknown_button(language))
        elif not await is_permitted(self.desk, update):
            return
        elif meant.page is None:
            await self._expect(update, pressed.chat, words=True)
            await pressed.answer()
            await pressed.edit_text(*ask_more(language, is_group=pressed.chat.type != Chat.PRIVATE))
        else:
            is_gone = await self._drop(pressed, meant.dropped)
            await pressed.answer(say_removed(language) if is_gone else None)
            await self._expect(update, pressed.chat, words=False)
            reader, stated = await self._read(pressed.chat)
            shown = show_interests(language, stated, meant.page, in_setup=is_in_setup(reader))
            await pressed.edit_text(*shown)

    async def take(self, update: Update, written: str, _shown: str = "") -> None:
        """Take a text as interests and links, and show what was understood.

        While papers to vote on are shown, these stay on the table.
        """
        if not await is_permitted(self.desk, update):
            return
        message, language = message_of(update), await self.desk.spoken_in(update)
        await message.reply_chat_action(ChatAction.TYPING)
        heard = await self._keep(update, written)
        if heard.is_nothing:
            await reply(message, say_nothing_heard(language, heard))
            return
        reader, stated = await self._read(message.chat)
        await self.ranker.read([interest for interest in stated if interest.text is None])
        await self._expect(update, message.chat, words=False)
        above = say_heard(language, heard)
        await reply(message, *show_interests(language, stated, in_setup=is_in_setup(reader), above=above))

    async def _keep(self, update: Update, written: str) -> Heard:
        chat, person, now = message_of(update).chat, update.effective_user, self.desk.clock()
        links = find_links(written)
        phrases = _read_phrases(links.rest)
        async with self.desk.database.writing() as session:
            await self.desk.reader_of(session, chat, person)
            named = await papers.by_arxiv_id(session, links.arxiv_ids)
            known = await papers.get(session, named.values())
            linked = [Entry(title=paper.title, arxiv_id=paper.arxiv_id, at=now) for paper in known.values()]
            titled = [Entry(title=title, at=now) for title in links.titles]
            owner = Owner(chat.id, person.id if person else 0)
            taken = await take_in(session, owner, Collection((*linked, *titled), phrases), now)
        return Heard(
            phrases=len(phrases),
            liked=taken.known,
            guiding=len(linked) + len(titled) - taken.known,
            missing=tuple(arxiv_id for arxiv_id in links.arxiv_ids if arxiv_id not in named),
            unread=links.unknown,
            beyond=taken.beyond,
            foreign=sum(is_foreign(phrase) for phrase, _ in phrases),
        )

    async def _expect(self, update: Update, chat: Chat, *, words: bool) -> None:
        """Await words while they are asked for: during the setup always, later only after a press on Add."""
        async with self.desk.database.writing() as session:
            reader = await self.desk.reader_of(session, chat, update.effective_user)
            if words:
                await readers.save(session, replace(reader, asking=INTERESTS))
            elif reader.asking == INTERESTS and not is_in_setup(reader):
                await readers.save(session, replace(reader, asking=None))

    async def _drop(self, pressed: Press, interest_id: int | None) -> bool:
        if interest_id is None:
            return False
        async with self.desk.database.writing() as session:
            return await interests.remove(session, pressed.chat.id, interest_id)

    async def _read(self, chat: Chat) -> tuple[Reader | None, list[Interest]]:
        async with self.desk.database.reading() as session:
            return await readers.get(session, chat.id), await interests.of_chat(session, chat.id)


def _read_phrases(written: str) -> tuple[tuple[str, bool], ...]:
    said = read_interests(written)
    wanted = ((phrase, True) for phrase in said.wanted)
    return (*wanted, *((phrase, False) for phrase in said.unwanted))
