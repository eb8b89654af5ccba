"""No call can break the playground: it is answered or refused."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.calls import Call
from bot.playground.chats import Chat
from bot.playground.desk import Desk
from bot.playground.encoded import Json, as_json
from bot.playground.errors import Refusal
from bot.playground.keyboards import inline_keyboard
from bot.playground.methods import all_methods
from bot.playground.profile import new_profile

PARAMETERS = """
    chat_id message_id message_ids text caption parse_mode entities reply_markup reply_parameters reaction
    media scope commands link_preview_options message_thread_id action user_id menu_button callback_query_id
"""
FIELDS = "url user language custom_emoji_id text callback_data message_id command emoji chat_id"
words = st.sampled_from(["bold", "text_link", "text_mention", "custom_emoji", "pre", "chat", "commands", "x"])
scalars = st.none() | st.booleans() | st.integers(-1, 3) | words
simple = scalars | st.lists(scalars, max_size=2) | st.just({})
placed = {"type": words | simple, "offset": st.just(0) | simple, "length": st.just(1) | simple}
objects = st.fixed_dictionaries(placed, optional=dict.fromkeys(FIELDS.split(), simple))
lists = st.lists(objects, max_size=2)
values = simple | objects | lists | st.lists(lists, max_size=2)


def desk_with_a_chat() -> Desk:
    """Return a desk on which person 7 wrote and the bot answered."""
    desk = Desk(new_profile("1:x"))
    person = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    chat = desk.chats.put(Chat(7, "private", people={7: person}))
    chat.add(person, 0.0, {"text": "hi"})
    chat.add(desk.profile.user(), 0.0, {"text": "hello"})
    return desk


@settings(max_examples=100, deadline=None)
@given(value=values)
@pytest.mark.parametrize("name", PARAMETERS.split())
def test_any_call_is_answered_or_refused(name: str, value: object) -> None:
    """Whatever stands in a parameter, each method returns something that JSON can tell, or refuses."""
    usual = {"chat_id": "7", "message_id": "2", "text": "x"}
    for method, act in all_methods().items():
        if method != "getupdates":
            with suppress(Refusal):
                result = act(desk_with_a_chat(), Call(method, 1.0, {**usual, name: json.dumps(value)}))
                json.loads(result if isinstance(result, Json) else as_json(result))


@given(values)
def test_any_keyboard_is_taken_or_refused(keyboard: object) -> None:
    """Whatever stands in a keyboard, it is taken or refused."""
    for rows in ([[keyboard]], keyboard):
        with suppress(Refusal):
            inline_keyboard(json.dumps({"inline_keyboard": rows}))
