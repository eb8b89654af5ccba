"""Talk to a playground that has just been started: wait for its line, send /start and /today, expect picks."""

import json
import re
import sys
import time
import urllib.request
from pathlib import Path

PATIENCE = 60.0


def wait_for(what, look):
    """Look until there is something to see, within bounds."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if seen := look():
            return seen
        time.sleep(0.2)
    raise SystemExit(f"no {what} within {PATIENCE:.0f} s")


said = Path(sys.argv[1])
address = wait_for("line with an address", lambda: re.search(r"http://[\d.]+:\d+", said.read_text()))[0]
chat = f"{address}/user/chats/1/messages"


def send(text):
    """Write as a reader would."""
    body = json.dumps({"text": text}).encode()
    urllib.request.urlopen(urllib.request.Request(chat, body, {"Content-Type": "application/json"})).close()


def bot_says(words):
    """Find a message of the bot with these words."""
    with urllib.request.urlopen(chat) as response:
        return [m for m in json.load(response) if m["from"]["is_bot"] and words in m.get("text", "")]


send("/start")
wait_for("greeting", lambda: bot_says("Paperboy"))
send("/today")
digest = wait_for("digest", lambda: bot_says("Trending"))[0]
assert len(digest["reply_markup"]["inline_keyboard"]) == 3, digest
