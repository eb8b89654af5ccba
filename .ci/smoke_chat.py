"""Talk to a playground that was just started: wait for its line, send /start and /today, expect picks."""

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


def send(chat: str, text: str) -> None:
    """Write as a reader would."""
    body = json.dumps({"text": text}).encode()
    request = urllib.request.Request(chat, body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request).close()


def bot_says(chat: str, words: str) -> list[dict[str, Any]]:
    """Find the bot's messages with these words."""
    with urllib.request.urlopen(chat) as response:
        messages = json.load(response)
    return [message for message in messages if message["from"]["is_bot"] and words in message.get("text", "")]


said = Path(sys.argv[1])
address = wait_for("line with an address", lambda: re.search(r"http://[\d.]+:\d+", said.read_text()))[0]
chat = f"{address}/user/chats/1/messages"
send(chat, "/start")
wait_for("greeting", lambda: bot_says(chat, "Paperboy"))
send(chat, "/today")
digest = wait_for("digest", lambda: bot_says(chat, "Trending"))[0]
if len(digest["reply_markup"]["inline_keyboard"]) != PICKS:
    raise SystemExit(f"a digest of other than {PICKS} picks: {digest}")
