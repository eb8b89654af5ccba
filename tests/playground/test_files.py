"""Files: sent, named again, downloaded, shown to people."""

from __future__ import annotations

import json
import struct
import zlib

import httpx
import pytest

from bot.playground.calls import Upload
from bot.playground.errors import BadRequest
from bot.playground.files import MAX_KEPT, Files, picture_size
from tests.playground.conftest import BotSide, People

TOKEN = "4711:test"


def png(width: int, height: int) -> bytes:
    """Return the header of a PNG picture."""
    header = struct.pack(">II5B", width, height, 8, 0, 0, 0, 0)
    body = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header)) + body + struct.pack(">I", zlib.crc32(body))


def jpeg(width: int, height: int) -> bytes:
    """Return the beginning of a JPEG picture with a thumbnail before its size."""
    thumbnail = b"\xff\xe0\x00\x04xx"
    return (
        b"\xff\xd8"
        + thumbnail
        + b"\xff\xc0\x00\x0b\x08"
        + struct.pack(">HH", height, width)
        + b"\x01\x01\x11\x00"
    )


async def test_a_document_can_be_sent_again_and_downloaded(
    bot: BotSide, client: httpx.AsyncClient, chat: int
) -> None:
    """The file_id of an upload sends the same file again, and getFile tells where its body is."""
    answer = await bot.upload(
        "sendDocument", "document", "liked.bib", b"@book", chat_id=chat, caption="<b>x</b>"
    )
    document = answer.json()["result"]["document"]
    assert (document["file_name"], document["file_size"]) == ("liked.bib", 5)
    again = await bot.call("sendDocument", chat_id=chat, document=document["file_id"])
    assert again["document"] == document
    path = (await bot.call("getFile", file_id=document["file_id"]))["file_path"]
    assert (await client.get(f"/file/bot{TOKEN}/{path}")).content == b"@book"
    assert (await client.get(f"/file/bot{TOKEN}/documents/none")).status_code == 404
    assert (await client.get(f"/file/bot1:wrong/{path}")).status_code == 401


async def test_attachments_may_have_another_name(client: httpx.AsyncClient, chat: int) -> None:
    """attach://name points to the part of the body that holds the file."""
    fields = {"chat_id": chat, "document": "attach://other"}
    answer = await client.post(f"/bot{TOKEN}/sendDocument", data=fields, files={"other": ("a.txt", b"x")})
    assert answer.json()["result"]["document"]["file_name"] == "a.txt"


async def test_a_photo_has_its_size_and_caption(bot: BotSide, chat: int) -> None:
    """A photo comes back with width, height and formatted caption, which can be edited."""
    fields = {"chat_id": chat, "caption": "<b>x</b>", "parse_mode": "HTML"}
    sent = (await bot.upload("sendPhoto", "photo", "a.png", png(64, 32), **fields)).json()["result"]
    (size,) = sent["photo"]
    assert (size["width"], size["height"]) == (64, 32)
    assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("x", "bold")
    here = {"chat_id": chat, "message_id": sent["message_id"]}
    assert (await bot.call("editMessageCaption", **here, caption="y"))["caption"] == "y"
    assert "caption" not in await bot.call("editMessageCaption", **here)
    assert await bot.refused("editMessageText", **here, text="z") == (
        "Bad Request: there is no text in the message to edit"
    )


async def test_pages_of_pictures(bot: BotSide, people: People, chat: int) -> None:
    """A message's photo is put in place of another one or of a text, with a new caption and keyboard."""
    sent = await bot.call("sendMessage", chat_id=chat, text="wait")
    keyboard = {"inline_keyboard": [[{"text": "Next", "callback_data": "page:2"}]]}
    media = {"type": "photo", "media": "attach://map", "caption": "<b>1</b> of 2", "parse_mode": "HTML"}
    fields = {"chat_id": chat, "message_id": sent["message_id"], "media": json.dumps(media)}
    fields["reply_markup"] = json.dumps(keyboard)
    answer = await bot.upload("editMessageMedia", "map", "map.png", png(64, 32), **fields)
    first = answer.json()["result"]
    assert (first["caption"], first["caption_entities"][0]["type"]) == ("1 of 2", "bold")
    assert (first["photo"][0]["width"], first["reply_markup"], "text" in first) == (64, keyboard, False)
    fields["media"] = json.dumps({"type": "photo", "media": "attach://map", "caption": "2 of 2"})
    second = (await bot.upload("editMessageMedia", "map", "map.png", png(32, 64), **fields)).json()["result"]
    assert (second["photo"][0]["width"], second["caption"]) == (32, "2 of 2")
    assert (await people.see(chat))[-1] == second
    same = await bot.call("editMessageReplyMarkup", chat_id=chat, message_id=sent["message_id"])
    assert same["photo"] == second["photo"]


@pytest.mark.parametrize(("width", "height"), [(9_000, 1_001), (210, 10), (10, 210)])
async def test_photos_have_measure(bot: BotSide, chat: int, width: int, height: int) -> None:
    """A photo has 10,000 pixels in width and height together at most, and no side 20 times the other."""
    answer = await bot.upload("sendPhoto", "photo", "a.png", png(width, height), chat_id=chat)
    assert answer.json()["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"


async def test_people_send_photos(bot: BotSide, people: People) -> None:
    """A person's picture comes to the bot as a photo; what is no picture is refused."""
    files = {"photo": ("a.png", png(64, 32), "image/png")}
    response = await people.client.post("/user/chats/7/photos", files=files, data={"caption": "look"})
    (update,) = await bot.updates()
    assert update["message"] == response.json()
    assert (update["message"]["photo"][0]["width"], update["message"]["caption"]) == (64, "look")
    no_picture = {"photo": ("a.png", b"text", "image/png")}
    assert (await people.client.post("/user/chats/7/photos", files=no_picture)).status_code == 400


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendDocument", {"document": "nothing"}, "wrong file identifier/HTTP URL specified"),
        ("sendDocument", {"document": "https://a.bc/d.pdf"}, "failed to get HTTP URL content"),
        ("sendPhoto", {"caption": "x" * 1025}, "message caption is too long"),
        ("getFile", {}, "file_id not specified"),
    ],
)
async def test_what_is_refused(
    bot: BotSide, chat: int, method: str, parameters: dict[str, str], words: str
) -> None:
    """A file must be there, and of the kind that the method sends."""
    assert await bot.refused(method, chat_id=chat, **parameters) == f"Bad Request: {words}"


async def test_a_document_is_no_photo(bot: BotSide, chat: int) -> None:
    """Neither the file_id of a document nor the body of one makes a photo."""
    answer = await bot.upload("sendDocument", "document", "a.txt", b"text", chat_id=chat)
    file_id = answer.json()["result"]["document"]["file_id"]
    refusal = await bot.refused("sendPhoto", chat_id=chat, photo=file_id)
    assert refusal == "Bad Request: can't use file of type Document as Photo"
    text = await bot.upload("sendPhoto", "photo", "a.png", b"text", chat_id=chat)
    assert text.json()["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    empty = await bot.upload("sendDocument", "document", "a.txt", b"", chat_id=chat)
    assert empty.json()["description"] == "Bad Request: file must be non-empty"


async def test_files_over_20_mb_can_be_sent_but_not_fetched(bot: BotSide, chat: int) -> None:
    """As with Telegram, getFile refuses what is too big for a bot to download."""
    answer = await bot.upload("sendDocument", "document", "a.bin", bytes(20 * 1024 * 1024 + 1), chat_id=chat)
    file_id = answer.json()["result"]["document"]["file_id"]
    assert await bot.refused("getFile", file_id=file_id) == "Bad Request: file is too big"


async def test_people_send_documents_and_look_at_them(bot: BotSide, people: People) -> None:
    """A person's file becomes an update; only pictures are shown in the page, all else is saved."""
    files = {"document": ("page.html", b"<script>", "text/html")}
    response = await people.client.post("/user/chats/7/documents", files=files, data={"caption": "look"})
    message = response.json()
    (update,) = await bot.updates()
    assert update["message"] == message
    assert (message["caption"], message["document"]["mime_type"]) == ("look", "text/html")
    shown = await people.client.get(f"/user/files/{message['document']['file_id']}")
    assert shown.headers["content-type"] == "application/octet-stream"
    assert shown.headers["content-disposition"] == "attachment"
    assert (await people.client.get("/user/files/none")).status_code == 404
    nothing = await people.client.post("/user/chats/7/documents", files={}, data={"caption": "x"})
    assert nothing.status_code == 400


async def test_who_begins_with_a_file_is_known_by_name_and_language(bot: BotSide, people: People) -> None:
    """As who begins with words: the bot answers in the language of the browser."""
    who = {"first_name": "Ada", "language_code": "zh"}
    await people.client.post("/user/chats/7/documents", files={"document": ("a.bib", b"@book")}, data=who)
    (update,) = await bot.updates()
    assert update["message"]["from"] == {"id": 7, "is_bot": False, **who}


def test_sizes_of_pictures() -> None:
    """Width and height are read from PNG and JPEG headers; anything else is no picture."""
    assert picture_size(png(640, 480)) == (640, 480)
    assert picture_size(jpeg(640, 480)) == (640, 480)
    for body in (b"GIF89a", b"\xff\xd8", jpeg(1, 1)[:12], b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(BadRequest, match="IMAGE_PROCESS_FAILED"):
            picture_size(body)


def test_only_the_newest_bodies_are_kept() -> None:
    """Bodies beyond the limit go, oldest first; what is told of the files stays."""
    files = Files()
    old = files.add("document", Upload("a", "", b"old"))
    new = files.add("document", Upload("b", "", bytes(MAX_KEPT)))
    assert files.body(old.file_id) is None
    assert files.body(new.file_id) is not None
    assert files.named(old.file_id) == old
