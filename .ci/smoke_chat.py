"""Talk to a playground that was just started: /start, /today, /stats, and a greeting in another language."""

from __future__ import annotations

import json
import re
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 60.0
PICKS = 3


def wait_for(what: str, look: Callable[[], Any]) -> Any:
    """Look until there is something to see, within bounds."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if seen := look():
            return seen
        time.sleep(0.2)
    raise SystemExit(f"no {what} within {PATIENCE:.0f} s")


def post(address: str, body: dict[str, Any]) -> None:
    """Do something on the people's side of the playground."""
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(address, json.dumps(body).encode(), headers)).close()


def send(chat: str, text: str, language: str = "en") -> None:
    """Write as a reader would."""
    post(chat, {"text": text, "language_code": language})


def bot_says(chat: str, words: str) -> list[dict[str, Any]]:
    """Find the bot's messages with these words."""
    with urllib.request.urlopen(chat) as response:
        messages = json.load(response)
    said = [message for message in messages if message["from"]["is_bot"]]
    return [message for message in said if words in message.get("text", message.get("caption", ""))]


said = Path(sys.argv[1])
address = wait_for("line with an address", lambda: re.search(r"http://[\d.]+:\d+", said.read_text()))[0]
chat = f"{address}/user/chats/1/messages"
send(chat, "/start")
wait_for("greeting", lambda: bot_says(chat, "Paperboy"))
send(chat, "/today")
digest = wait_for("digest", lambda: bot_says(chat, "Trending"))[0]
if len(digest["reply_markup"]["inline_keyboard"]) != PICKS:
    raise SystemExit(f"a digest of other than {PICKS} picks: {digest}")
thumb = digest["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
post(f"{address}/user/chats/1/presses?wait=20", {"message_id": digest["message_id"], "data": thumb})
send(chat, "/stats")
if "photo" not in wait_for("picture", lambda: bot_says(chat, "You like 1 paper"))[0]:
    raise SystemExit("the likes were not drawn")
chinese = f"{address}/user/chats/2/messages"
send(chinese, "/start", "zh-hans")
wait_for("greeting in Chinese", lambda: bot_says(chinese, "你好"))
