"""The stand-in that counts does what Telegram does; figures of load and crashes rest on that."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from benchmarks.postoffice import (
    Cut,
    Late,
    PostOffice,
    Rates,
    Refused,
    Trouble,
    blocked,
    flooded,
    moved,
    opened,
    server_error,
)

TOKEN = "4242424242:a-token-that-opens-a-post-office"
GROUP = -100


class Clock:
    """Stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Mood:
    """Does to each request but getUpdates what it was told to do next, once."""

    next: Trouble | None = None

    def __call__(self, _method: str, _parameters: dict[str, str]) -> Trouble | None:
        trouble, self.next = self.next, None
        return trouble


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mood() -> Mood:
    return Mood()


@pytest.fixture
def office(clock: Clock, mood: Mood) -> PostOffice:
    return PostOffice(mood, clock=clock)


@pytest.fixture
async def url(office: PostOffice) -> AsyncIterator[str]:
    async with opened(office) as url:
        yield url


@pytest.fixture
async def http(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{url}/bot{TOKEN}", timeout=10) as http:
        yield http


@pytest.fixture
async def ptb(url: str) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{url}/bot") as bot:
        yield bot


async def ask(http: httpx.AsyncClient, method: str, **parameters: Any) -> Any:
    answer = (await http.post(f"/{method}", data=parameters)).json()
    assert answer["ok"], answer
    return answer["result"]


async def news(http: httpx.AsyncClient, **parameters: int) -> list[int]:
    return [update["update_id"] for update in await ask(http, "getUpdates", **parameters)]


# What the bot is told


async def test_each_update_is_told_until_it_is_confirmed(office: PostOffice, http: httpx.AsyncClient) -> None:
    first, second = office.say(7, "/start"), office.press(7, 1, "vote:1:0:up").update_id
    assert await news(http) == [first, second]
    assert await news(http, offset=first) == [first, second]
    assert await news(http, offset=second) == [second]
    assert office.waiting == 1
    assert await news(http, offset=second + 1, timeout=0) == []
    assert office.waiting == 0


async def test_who_waits_is_told_at_once(office: PostOffice, http: httpx.AsyncClient) -> None:
    waiting = asyncio.create_task(news(http, timeout=60))
    await asyncio.sleep(0.05)
    said = office.say(7, "hello")
    async with asyncio.timeout(5):
        assert await waiting == [said]


async def test_who_hangs_up_takes_no_news_along(
    office: PostOffice, url: str, http: httpx.AsyncClient
) -> None:
    """As a bot does that is killed while it waits."""
    async with httpx.AsyncClient(base_url=f"{url}/bot{TOKEN}") as killed:
        waiting = asyncio.create_task(news(killed, timeout=60))
        await asyncio.sleep(0.05)
        waiting.cancel()
    said = office.say(7, "hello")
    assert await news(http) == [said]


async def test_at_most_a_hundred_are_told_at_once(office: PostOffice, http: httpx.AsyncClient) -> None:
    numbers = [office.say(7, "hello") for _ in range(130)]
    assert await news(http) == numbers[:100]
    assert await news(http, limit=3) == numbers[:3]
    assert await news(http, offset=numbers[100]) == numbers[100:]


async def test_a_press_is_answered_once(office: PostOffice, http: httpx.AsyncClient, clock: Clock) -> None:
    press = office.press(7, 1, "vote:1:0:up")
    assert press.seconds is None
    clock.now += 2
    await ask(http, "answerCallbackQuery", callback_query_id=str(press.update_id))
    assert press.seconds == 2
    again = await http.post("/answerCallbackQuery", data={"callback_query_id": str(press.update_id)})
    assert again.status_code == 400
    assert office.refused[400] == 1


# What the bot sends


async def test_each_letter_is_counted_once(office: PostOffice, http: httpx.AsyncClient) -> None:
    keyboard = {
        "inline_keyboard": [[{"text": "👍", "callback_data": "vote:1:0:up"}], [{"text": "x", "url": "y"}]]
    }
    sent = await ask(http, "sendMessage", chat_id=7, text="hello", reply_markup=json.dumps(keyboard))
    (letter,) = office.letters
    assert (letter.chat_id, letter.message_id, letter.at) == (7, sent["message_id"], 1000.0)
    assert (letter.text, letter.buttons) == ("hello", ("vote:1:0:up", ""))
    await ask(http, "editMessageText", chat_id=7, message_id=letter.message_id, text="bye")
    assert office.edits == {(7, letter.message_id): 1}
    assert office.letters == [letter]
    assert office.asked == {"sendmessage": 1, "editmessagetext": 1}


async def test_a_document_is_a_letter(office: PostOffice, http: httpx.AsyncClient) -> None:
    await http.post("/sendDocument", data={"chat_id": "7"}, files={"document": ("a.txt", b"abc\r\n--x")})
    assert [letter.chat_id for letter in office.letters] == [7]


async def test_what_lacks_its_chat_is_refused(office: PostOffice, http: httpx.AsyncClient) -> None:
    answer = await http.post("/sendMessage", data={"text": "hello"})
    assert answer.status_code == 400
    assert office.letters == []


async def test_what_came_whole_is_carried_out_though_the_bot_is_gone(office: PostOffice, url: str) -> None:
    """As the last requests of a bot that is killed are."""
    port = int(url.rpartition(":")[2])
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b"chat_id=7&text=hello"
    writer.write(b"POST /bot1:x/sendMessage HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    writer.close()
    async with asyncio.timeout(5):
        while not office.letters:  # noqa: ASYNC110 - the office is looked at from outside
            await asyncio.sleep(0.01)
    assert len(office.letters) == 1


# What goes wrong


@pytest.mark.parametrize("carried_out", [False, True])
async def test_a_cut_connection_hides_whether_it_was_carried_out(
    office: PostOffice,
    http: httpx.AsyncClient,
    mood: Mood,
    carried_out: bool,
) -> None:
    mood.next = Cut(carried_out=carried_out)
    with pytest.raises(httpx.RemoteProtocolError):
        await ask(http, "sendMessage", chat_id=7, text="hello")
    assert len(office.letters) == carried_out


async def test_what_is_refused_is_not_carried_out(
    office: PostOffice, http: httpx.AsyncClient, mood: Mood
) -> None:
    mood.next = Refused(400, "Bad Request: chat not found")
    answer = await http.post("/sendMessage", data={"chat_id": 7, "text": "hello"})
    assert answer.status_code == 400
    assert answer.json() == {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
    assert office.letters == []
    assert office.refused == {400: 1}


async def test_what_is_late_is_carried_out_at_once(
    office: PostOffice, http: httpx.AsyncClient, mood: Mood
) -> None:
    mood.next = Late(60)
    with pytest.raises(httpx.ReadTimeout):
        await http.post("/sendMessage", data={"chat_id": 7, "text": "hello"}, timeout=0.2)
    assert len(office.letters) == 1


# How fast the bot may write


async def written(http: httpx.AsyncClient, *chats: int) -> list[int]:
    """Write to these chats, one after another; tell the status of each answer."""
    return [
        (await http.post("/sendMessage", data={"chat_id": chat, "text": "x"})).status_code for chat in chats
    ]


async def test_no_second_holds_more_letters_than_may_be(
    http: httpx.AsyncClient, office: PostOffice, clock: Clock
) -> None:
    """Any second, not those of the clock alone."""
    office.rates = Rates(per_second=2)
    clock.now = 1000.9
    assert await written(http, 1, 2, 3) == [200, 200, 429]
    clock.now = 1001.8
    assert await written(http, 3) == [429]
    clock.now = 1001.9
    assert await written(http, 3, 4, 5) == [200, 200, 429]
    assert office.rates.fullest_second == 2
    assert office.refused == {429: 3}


async def test_a_chat_and_a_group_have_limits_of_their_own(
    http: httpx.AsyncClient, office: PostOffice, clock: Clock
) -> None:
    office.rates = Rates(per_chat_second=1, per_group_minute=3)
    assert await written(http, 7, 7, 8, GROUP) == [200, 429, 200, 200]
    for _ in range(2):
        clock.now += 1
        assert await written(http, GROUP) == [200]
    clock.now += 1
    assert await written(http, GROUP, 7) == [429, 200]
    clock.now += 58
    assert await written(http, GROUP) == [200]
    assert office.rates.fullest_second_of_a_chat == 1


async def test_who_is_too_fast_is_told_how_long_to_wait(
    ptb: Bot, office: PostOffice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    office.rates = Rates(per_group_minute=1)
    await ptb.send_message(GROUP, "x")
    clock.now += 17.5
    with pytest.raises(RetryAfter) as flood:
        await ptb.send_message(GROUP, "x")
    assert flood.value.retry_after.total_seconds() == 43
    assert await ptb.send_chat_action(GROUP, "typing")


# python-telegram-bot


async def test_a_conversation(ptb: Bot, office: PostOffice) -> None:
    """Messages, presses and edits go back and forth as typed objects."""
    office.say(7, "/start now")
    (said,) = await ptb.get_updates(timeout=5)
    assert said.message.entities[0].length == len("/start")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("👍", callback_data="vote:1:0:up")]])
    sent = await ptb.send_message(7, "<b>hello</b>", parse_mode="HTML", reply_markup=keyboard)
    press = office.press(7, sent.message_id, office.letters[0].buttons[0])
    (pressed,) = await ptb.get_updates(offset=said.update_id + 1, timeout=5)
    assert (pressed.callback_query.data, pressed.effective_user.id) == ("vote:1:0:up", 7)
    assert await pressed.callback_query.answer("Noted")
    await pressed.callback_query.edit_message_reply_markup(keyboard)
    assert press.answered.done()
    assert office.edits[7, sent.message_id] == 1
    office.press(GROUP, 1, "vote:2:0:up", person_id=8)
    (pressed,) = await ptb.get_updates(offset=pressed.update_id + 1, timeout=5)
    assert (pressed.effective_chat.type, pressed.effective_user.id) == ("group", 8)


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (blocked(), Forbidden),
        (moved(-1000000000100), ChatMigrated),
        (flooded(3), RetryAfter),
        (server_error(), NetworkError),
        (Refused(400, "Bad Request: chat not found"), BadRequest),
        (Cut(carried_out=True), NetworkError),
    ],
)
async def test_troubles_become_its_errors(
    ptb: Bot, mood: Mood, trouble: Trouble, error: type[Exception]
) -> None:
    mood.next = trouble
    with pytest.raises(error):
        await ptb.send_message(GROUP, "x")
