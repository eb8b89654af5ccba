"""Methods by which updates reach the bot: long polling, and the webhook."""

from typing import Any

from bot.playground.calls import Call
from bot.playground.desk import Desk
from bot.playground.encoded import Json, json_list
from bot.playground.errors import Refusal
from bot.playground.webhook import new_hook

_MOST_UPDATES = 100
_LONGEST_WAIT = 50
_HOOKED = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


async def get_updates(desk: Desk, call: Call) -> Json:
    """Return what came since the offset, waiting for it where nothing came yet."""
    if desk.webhook.hook:
        raise Refusal(f"Conflict: {_HOOKED}", 409)
    _allow_kinds(desk, call)
    limit = min(max(call.integer("limit", _MOST_UPDATES), 1), _MOST_UPDATES)
    timeout = min(max(call.integer("timeout"), 0), _LONGEST_WAIT)
    updates = await desk.updates.poll(call.integer("offset"), limit, timeout)
    return json_list(updates)


def set_webhook(desk: Desk, call: Call) -> bool:
    """Have updates brought to an address; an empty one is what deletes the webhook."""
    if not call.text("url"):
        return delete_webhook(desk, call)
    hook = new_hook(call.text("url"), call.text("secret_token"), call.integer("max_connections"))
    _allow_kinds(desk, call)
    _drop_pending(desk, call)
    desk.updates.interrupt("terminated by setWebhook request")
    desk.webhook.set(hook)
    return True


def delete_webhook(desk: Desk, call: Call) -> bool:
    """Bring updates nowhere any more, and forget pending ones where asked to."""
    _drop_pending(desk, call)
    desk.webhook.set(None)
    return True


def get_webhook_info(desk: Desk, _call: Call) -> dict[str, Any]:
    """Tell where updates are brought, how that goes, and how many are pending."""
    hook, trouble = desk.webhook.hook, desk.webhook.trouble
    info: dict[str, Any] = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(desk.updates),
    }
    if hook:
        info |= {"max_connections": hook.connections, "ip_address": "127.0.0.1"}
    if desk.updates.allowed:
        info["allowed_updates"] = desk.updates.allowed
    if trouble:
        info |= {"last_error_date": trouble.at, "last_error_message": trouble.words}
    return info


def _allow_kinds(desk: Desk, call: Call) -> None:
    kinds = call.json("allowed_updates") if call.text("allowed_updates") else None
    if isinstance(kinds, list):
        desk.updates.allow(str(kind) for kind in kinds)


def _drop_pending(desk: Desk, call: Call) -> None:
    if call.flag("drop_pending_updates"):
        desk.updates.clear()


METHODS = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
