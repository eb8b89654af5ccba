"""The real python-telegram-bot against the playground: it understands every answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReactionTypeEmoji,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.playground import Playground
from tests.playground.conftest import People

TOKEN = "4711:test"


@pytest.fixture
async def ptb(playground: Playground) -> AsyncIterator[Bot]:
    """Return a started client of python-telegram-bot."""
    bot = Bot(TOKEN, base_url=playground.base_url, base_file_url=playground.base_file_url)
    async with bot:
        yield bot


async def test_a_conversation(ptb: Bot, people: People) -> None:
    """Messages, presses, edits, answers and deletions go back and forth as typed objects."""
    await people.write(7, "/start", first_name="Ada")
    (update,) = await ptb.get_updates(timeout=5, allowed_updates=Update.ALL_TYPES)
    assert update.effective_user.first_name == "Ada"
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("👍", callback_data="up:1")]])
    sent = await ptb.send_message(
        7,
        '<b>1. <a href="https://a.bc/1">A &amp; B</a></b>\n<blockquote expandable>😀 long</blockquote>',
        parse_mode="HTML",
        reply_markup=keyboard,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert sent.text == "1. A & B\n😀 long"
    assert [entity.type for entity in sent.entities] == ["bold", "text_link", "bold", "expandable_blockquote"]
    assert sent.parse_entity(sent.entities[-1]) == "😀 long"
    await people.act(7, "presses", message_id=sent.message_id, data="up:1")
    (pressed,) = await ptb.get_updates(offset=update.update_id + 1, timeout=5)
    assert pressed.callback_query.data == "up:1"
    assert await pressed.callback_query.answer("Noted")
    edited = await pressed.callback_query.edit_message_text("done")
    assert (edited.text, edited.reply_markup) == ("done", None)
    await people.act(7, "reactions", message_id=sent.message_id, emoji="🔥")
    (reacted,) = await ptb.get_updates(offset=pressed.update_id + 1, timeout=5)
    assert reacted.message_reaction.new_reaction == (ReactionTypeEmoji("🔥"),)
    assert await sent.delete()


async def test_files_and_chats(ptb: Bot, people: People) -> None:
    """Uploads, downloads, chats and members are parsed."""
    await people.write(-5, "hi", user_id=3, title="Lab")
    sent = await ptb.send_document(-5, b"abc", filename="a.txt", caption="<i>x</i>", parse_mode="HTML")
    file = await ptb.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"abc"
    assert (await ptb.get_chat(-5)).title == "Lab"
    assert (await ptb.get_chat_member(-5, ptb.id)).status == "member"
    assert [one.status for one in await ptb.get_chat_administrators(-5)] == ["creator"]
    assert await ptb.send_chat_action(-5, "typing")
    assert await ptb.set_message_reaction(-5, sent.message_id, "👍")
    await people.act(-5, "block", user_id=3)
    *_, update = await ptb.get_updates(timeout=5)
    assert update.my_chat_member.new_chat_member.status == "kicked"


async def test_the_account(ptb: Bot) -> None:
    """Commands, descriptions and webhooks are parsed."""
    assert (await ptb.get_me()).is_bot
    commands = [BotCommand("today", "A digest now")]
    assert await ptb.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats())
    assert list(await ptb.get_my_commands(scope=BotCommandScopeAllPrivateChats())) == commands
    assert await ptb.set_my_description("Papers")
    assert (await ptb.get_my_description()).description == "Papers"
    assert await ptb.delete_webhook(drop_pending_updates=True)
    assert (await ptb.get_webhook_info()).url == ""


async def test_refusals_become_its_errors(ptb: Bot, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind of refusal raises the error that the bot's code catches."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await people.write(7, "hi")
    await people.write(-5, "hi")
    with pytest.raises(BadRequest, match="Chat not found"):
        await ptb.send_message(8, "x")
    await people.act(7, "block")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await ptb.send_message(7, "x")
    await people.act(-5, "migrate")
    with pytest.raises(ChatMigrated) as migrated:
        await ptb.send_message(-5, "x")
    assert migrated.value.new_chat_id == -1000000000005
    await people.order_fault(kind="flood", retry_after=4, method="sendMessage")
    with pytest.raises(RetryAfter) as flooded:
        await ptb.send_message(7, "x")
    assert flooded.value.retry_after == timedelta(seconds=4)
    for kind in ("drop", "server_error"):
        await people.order_fault(kind=kind, method="sendMessage")
        with pytest.raises(NetworkError):
            await ptb.send_message(7, "x")


async def test_two_pollers_are_in_conflict(playground: Playground, ptb: Bot) -> None:
    """The first of two pollers gets Conflict."""
    first = asyncio.create_task(ptb.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    async with Bot(TOKEN, base_url=playground.base_url) as other:
        assert await other.get_updates(timeout=0) == ()
    with pytest.raises(Conflict):
        await first


async def test_a_wrong_token_is_invalid(playground: Playground) -> None:
    """PTB tells a wrong token from other failures."""
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", base_url=playground.base_url):
            pass


async def test_a_whole_application_runs(playground: Playground, people: People) -> None:
    """An Application polls, answers and stops, with nothing special in it but the two addresses."""
    answered = asyncio.Event()

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await update.effective_message.reply_text(f"You said {update.effective_message.text}")
        answered.set()

    builder = Application.builder().token(TOKEN)
    application = builder.base_url(playground.base_url).base_file_url(playground.base_file_url).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        await application.start()
        await application.updater.start_polling(timeout=5)
        await people.write(7, "hello")
        async with asyncio.timeout(10):
            await answered.wait()
        await application.updater.stop()
        await application.stop()
    assert (await people.see(7))[-1]["text"] == "You said hello"
