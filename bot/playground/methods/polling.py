"""Methods by which updates reach the bot: long polling, and the webhooks that the playground lacks."""

from typing import Any

from bot.playground.calls import Call
from bot.playground.desk import Desk
from bot.playground.encoded import Json, json_list
from bot.playground.errors import BadRequest

_MOST_UPDATES = 100
_LONGEST_WAIT = 50


async def get_updates(desk: Desk, call: Call) -> Json:
    """Return what came since the offset, waiting for it where nothing came yet."""
    kinds = call.json("allowed_updates") if call.text("allowed_updates") else None
    if isinstance(kinds, list):
        desk.updates.allow(str(kind) for kind in kinds)
    limit = min(max(call.integer("limit", _MOST_UPDATES), 1), _MOST_UPDATES)
    timeout = min(max(call.integer("timeout"), 0), _LONGEST_WAIT)
    updates = await desk.updates.poll(call.integer("offset"), limit, timeout)
    return json_list(updates)


def set_webhook(desk: Desk, call: Call) -> bool:
    """Refuse a webhook in words; an empty address is what deletes one."""
    if call.text("url"):
        raise BadRequest("bad webhook: the playground sends no webhooks, ask it by getUpdates")
    return delete_webhook(desk, call)


def delete_webhook(desk: Desk, call: Call) -> bool:
    """Confirm that there is no webhook, and forget pending updates where asked to."""
    if call.flag("drop_pending_updates"):
        desk.updates.clear()
    return True


def get_webhook_info(desk: Desk, _call: Call) -> dict[str, Any]:
    """Tell that there is no webhook, and how many updates are pending."""
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(desk.updates)}


METHODS = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
