"""How the bot and the people stand in a chat, and what changes it: blocking, roles."""

from bot.playground.acts.act import Act, acting_user, existing_chat
from bot.playground.chats import Chat, User
from bot.playground.encoded import as_json
from bot.playground.errors import UserMistake
from bot.playground.members import ROLES, standing_changed

_BOT_ROLES = ("member", "administrator")


def block(act: Act) -> None:
    """Block the bot; in a group or channel: throw it out.

    Raises:
        UserMistake: where there is no such chat.
    """
    stand(act, existing_chat(act), "kicked")


def unblock(act: Act) -> None:
    """Let the bot write again.

    Raises:
        UserMistake: where there is no such chat.
    """
    chat = existing_chat(act)
    stand(act, chat, usual_standing(chat))


def usual_standing(chat: Chat) -> str:
    """Return how the bot stands where it was just taken in: a channel takes bots as administrators only."""
    return "administrator" if chat.channel else "member"


def stand(act: Act, chat: Chat, standing: str) -> None:
    """Set the bot's standing in a chat and tell it of a change."""
    before, chat.standing = chat.standing, standing
    if before != standing:
        bot, actor = act.desk.profile.user(), acting_user(chat, act.person)
        change = standing_changed(chat, bot, actor, (before, standing), act.now)
        act.desk.updates.add("my_chat_member", as_json(change))


def seat(act: Act, role: str | None, *, anonymous: bool | None) -> None:
    """Give a person of a chat, known from now on, a role and a mask; None leaves it as it is.

    Raises:
        UserMistake: where there is no such chat, or no such role in it.
    """
    chat = existing_chat(act)
    if role is not None and (chat.private or role not in ROLES):
        raise UserMistake(f'"role" is for groups and channels, and one of {", ".join(ROLES)}')
    user_id = act.person.id or 0
    before = chat.role_of(user_id) if user_id in chat.people else "left"
    user = acting_user(chat, act.person)
    _give_role(chat, user_id, role or chat.role_of(user_id))
    if not chat.leads(user_id) or anonymous is False:
        chat.anonymous.discard(user_id)
    elif anonymous:
        chat.anonymous.add(user_id)
    _tell_of(act, chat, user, before)


def seat_bot(act: Act, role: str | None) -> None:
    """Make the bot administrator or member of a group; its creator does so.

    Raises:
        UserMistake: where there is no such group, the bot is not in it, or it is no such role.
    """
    chat = existing_chat(act)
    if role not in _BOT_ROLES or chat.private or chat.channel or not chat.bot_is_in:
        raise UserMistake('in a group that it is in, the bot\'s "role" may be administrator or member')
    before, chat.standing = chat.standing, role
    if before != role:
        bot = act.desk.profile.user()
        change = standing_changed(chat, bot, _creator(chat) or bot, (before, role), act.now)
        act.desk.updates.add("my_chat_member", as_json(change))


def _give_role(chat: Chat, user_id: int, role: str) -> None:
    """Set a role; a chat has one creator, and who was it before stays as administrator."""
    if role == "creator":
        for other in [known for known, theirs in chat.roles.items() if theirs == role]:
            chat.roles[other] = "administrator"
    chat.roles[user_id] = role
    if role == "member":
        del chat.roles[user_id]


def _tell_of(act: Act, chat: Chat, user: User, before: str) -> None:
    after = chat.role_of(user["id"])
    if before != after and chat.bot_leads:
        actor = user if after == "left" else _creator(chat) or user
        change = standing_changed(chat, user, actor, (before, after), act.now)
        act.desk.updates.add("chat_member", as_json(change))


def _creator(chat: Chat) -> User | None:
    return next((chat.people[user_id] for user_id, role in chat.roles.items() if role == "creator"), None)
