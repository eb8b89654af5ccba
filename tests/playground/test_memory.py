"""What outlives a restart, and how a playground starts and stops."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from bot.playground import Playground, PlaygroundError

TOKEN = "4711:test"


async def post(playground: Playground, path: str, **fields: object) -> dict:
    """Post to a playground and return its answer."""
    async with httpx.AsyncClient(base_url=playground.url) as client:
        return (await client.post(path, json=fields)).json()


async def see(playground: Playground, chat_id: int) -> list[dict]:
    """Look at a chat."""
    async with httpx.AsyncClient(base_url=playground.url) as client:
        return (await client.get(f"/user/chats/{chat_id}/messages")).json()


def spoil(memory: Path, text: str) -> None:
    """Write a memory file by hand."""
    memory.parent.mkdir()
    memory.write_text(text)


def text_of(file: Path) -> str:
    """Return what stands in a file, nothing where there is none."""
    return file.read_text() if file.exists() else ""


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    """Return the place of a memory file in a folder that is not there yet."""
    return tmp_path / "new" / "chats.json"


async def test_chats_outlive_a_restart(memory: Path) -> None:
    """Messages, pending updates, people and files are as before; numbers go on where they stopped."""
    first = Playground(TOKEN, port=0, memory=memory)
    await first.start()
    await post(first, "/user/chats/7/messages", text="/start 😀", first_name="Ada")
    await post(first, f"/bot{TOKEN}/sendMessage", chat_id=7, text="<b>hi</b>", parse_mode="HTML")
    await post(first, "/user/chats/-5/messages", text="a", title="Lab", user_id=3)
    await post(first, "/user/chats/-5/block")
    before = await see(first, 7)
    updates = await post(first, f"/bot{TOKEN}/getUpdates")
    await first.stop()

    second = Playground(TOKEN, port=0, memory=memory)
    await second.start()
    assert await see(second, 7) == before
    assert await post(second, f"/bot{TOKEN}/getUpdates") == updates
    assert (await post(second, f"/bot{TOKEN}/sendMessage", chat_id=-5, text="x"))["error_code"] == 403
    sent = await post(second, f"/bot{TOKEN}/sendMessage", chat_id=7, text="x")
    assert (sent["result"]["message_id"], sent["result"]["chat"]["first_name"]) == (3, "Ada")
    await post(second, "/user/chats/7/messages", text="new")
    newest = (await post(second, f"/bot{TOKEN}/getUpdates"))["result"][-1]
    assert newest["update_id"] == updates["result"][-1]["update_id"] + 1
    await second.stop()


async def test_what_groups_are_outlives_a_restart(memory: Path) -> None:
    """Roles, masks, topics, reactions, quiet edits, channels and the kinds of updates are as before."""
    first = Playground(TOKEN, port=0, memory=memory)
    await first.start()
    forum, channel = -1000000000005, -1000000000006
    await post(first, f"/bot{TOKEN}/getUpdates", allowed_updates=["message_reaction_count"])
    await post(first, f"/user/chats/{forum}/messages", text="a", user_id=3, thread_id=9, topic="Boats")
    await post(first, f"/user/chats/{forum}/people", user_id=4, role="administrator", anonymous=True)
    await post(first, f"/user/chats/{forum}/people", user_id=5, role="left")
    await post(first, f"/user/chats/{channel}/add", kind="channel", title="Papers")
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
    await post(first, f"/bot{TOKEN}/sendMessage", chat_id=channel, text="x")
    await post(
        first, f"/bot{TOKEN}/editMessageReplyMarkup", chat_id=channel, message_id=1, reply_markup=keyboard
    )
    await post(first, f"/user/chats/{channel}/reactions", message_id=1, emoji="👍", user_id=8)
    before = await everything(first, forum, channel)
    await first.stop()

    second = Playground(TOKEN, port=0, memory=memory)
    await second.start()
    assert await everything(second, forum, channel) == before
    await post(second, f"/user/chats/{channel}/messages", text="not asked for")
    await post(second, f"/user/chats/{channel}/reactions", message_id=1, emoji="👍", user_id=9)
    newest = (await post(second, f"/bot{TOKEN}/getUpdates"))["result"][-1]["message_reaction_count"]
    assert newest["reactions"][0]["total_count"] == 2
    await second.stop()


async def everything(playground: Playground, *chat_ids: int) -> list[object]:
    """Look at all that people see of chats."""
    async with httpx.AsyncClient(base_url=playground.url) as client:
        paths = [f"/user/chats/{chat_id}/{what}" for chat_id in chat_ids for what in ("messages", "people")]
        return [(await client.get(path)).json() for path in ("/user/chats", *paths)]


async def test_a_memory_from_before_groups_had_roles(memory: Path) -> None:
    """In an older file the first person of a group is its creator, as it was then."""
    people = [{"id": 3, "is_bot": False, "first_name": "Kofi", "language_code": "en"}]
    head = {"id": -5, "kind": "group", "title": "Lab", "standing": "member", "moved_to": None, "last_id": 0}
    chat = {"chat": {**head, "people": people, "threads": []}, "messages": []}
    spoil(memory, json.dumps({"form": 1, "next_update_id": 1, "updates": [], "files": [], "chats": [chat]}))
    playground = Playground(TOKEN, port=0, memory=memory)
    await playground.start()
    (owner,) = (await post(playground, f"/bot{TOKEN}/getChatAdministrators", chat_id=-5))["result"]
    assert (owner["status"], owner["user"]["first_name"]) == ("creator", "Kofi")
    await playground.stop()


OTHER_FORM = '{"form": 2, "next_update_id": 1, "updates": [], "files": [], "chats": []}'


@pytest.mark.parametrize("broken", ['{"form": 1, "chats": [', "[]", '{"form": 1, "chats": [{}]}', OTHER_FORM])
async def test_a_broken_memory_is_set_aside(
    memory: Path, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    """The playground starts empty, keeps the broken file beside it, and warns."""
    spoil(memory, broken)
    playground = Playground(TOKEN, port=0, memory=memory)
    await playground.start()
    assert await see(playground, 7) == []
    await playground.stop()
    assert text_of(memory.with_name("chats.json.broken")) == broken
    assert "broken" in caplog.text


async def test_changes_are_saved_while_running(memory: Path) -> None:
    """A change is on the disk soon after, without a stop, and whole."""
    playground = Playground(TOKEN, port=0, memory=memory)
    await playground.start()
    await post(playground, "/user/chats/7/messages", text="kept")
    async with httpx.AsyncClient(base_url=playground.url) as client:
        for _ in range(10):
            await client.post(f"/bot{TOKEN}/getUpdates", json={"timeout": 1, "offset": 10**15})
            if saved := text_of(memory):
                break
    assert json.loads(saved)["chats"][0]["messages"][0]["text"] == "kept"
    await playground.stop()


async def test_bodies_of_files_are_not_kept(memory: Path) -> None:
    """After a restart a file can still be sent by its id, not downloaded."""
    first = Playground(TOKEN, port=0, memory=memory)
    await first.start()
    async with httpx.AsyncClient(base_url=first.url) as client:
        sent = await client.post("/user/chats/7/documents", files={"document": ("a.txt", b"abc")})
    file_id = sent.json()["document"]["file_id"]
    await first.stop()
    second = Playground(TOKEN, port=0, memory=memory)
    await second.start()
    again = await post(second, f"/bot{TOKEN}/sendDocument", chat_id=7, document=file_id)
    assert again["result"]["document"]["file_name"] == "a.txt"
    gone = await post(second, f"/bot{TOKEN}/getFile", file_id=file_id)
    assert gone["description"] == "Bad Request: wrong file_id or the file is temporarily unavailable"
    await second.stop()


async def test_a_taken_port_is_told_in_words(playground: Playground) -> None:
    """The error names the port."""
    port = int(playground.url.rpartition(":")[2])
    with pytest.raises(PlaygroundError, match=f"port {port}"):
        await Playground(TOKEN, port=port).start()


async def test_addresses(playground: Playground) -> None:
    """The bases for a Bot API client begin with the page's address."""
    assert playground.base_url == f"{playground.url}/bot"
    assert playground.base_file_url == f"{playground.url}/file/bot"
    assert playground.url.startswith("http://127.0.0.1:")


async def test_what_waits_ends_with_the_playground() -> None:
    """A long poll and a press that waits for its answer are let go at once, with nothing."""
    playground = Playground(TOKEN, port=0)
    await playground.start()
    await post(playground, "/user/chats/7/messages", text="hi")
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
    await post(playground, f"/bot{TOKEN}/sendMessage", chat_id=7, text="x", reply_markup=keyboard)
    press = asyncio.create_task(post(playground, "/user/chats/7/presses?wait=50", message_id=2, data="x"))
    poll = asyncio.create_task(post(playground, f"/bot{TOKEN}/getUpdates", offset=9, timeout=50))
    await asyncio.sleep(0.3)
    async with asyncio.timeout(2):
        await playground.stop()
        assert (await press)["answer"] is None
        assert (await poll)["ok"]


async def test_streams_end_with_the_playground(playground: Playground) -> None:
    """A page that listens is let go at once."""
    async with (
        httpx.AsyncClient(base_url=playground.url) as client,
        client.stream("GET", "/user/chats/7/stream") as response,
        asyncio.timeout(1.5),
    ):
        await playground.stop()
        assert [line async for line in response.aiter_lines()] == ["retry: 1000", ""]


async def test_nothing_to_keep_makes_no_file(memory: Path) -> None:
    """A playground in which nothing happened leaves no file."""
    playground = Playground(TOKEN, port=0, memory=memory)
    await playground.start()
    await playground.stop()
    assert not memory.parent.exists()


async def test_a_playground_that_never_started_stops() -> None:
    """Stopping is always allowed."""
    await Playground(TOKEN, port=0).stop()
