"""Who answers in the chat, and what each handler is handed: all handlers are made here, once."""

from __future__ import annotations

from bot.chat.admin import Admin
from bot.chat.application import Handlers
from bot.chat.ballots import BallotBox
from bot.chat.broadcast import Broadcast
from bot.chat.cards import Cards
from bot.chat.desk import Desk
from bot.chat.explainer import Explainer
from bot.chat.exports import Exports
from bot.chat.farewell import Farewell
from bot.chat.gate import Gate
from bot.chat.groups import Groups
from bot.chat.imports import Imports
from bot.chat.interests import Interests
from bot.chat.invitations import Invitations
from bot.chat.library import Library
from bot.chat.likeness import Likeness
from bot.chat.notes import Notes
from bot.chat.onboarding import Onboarding
from bot.chat.paper import PaperButtons
from bot.chat.patience import Patience
from bot.chat.preferences import Preferences
from bot.chat.reactions import Reactions
from bot.chat.reception import Reception
from bot.chat.rules import Rules
from bot.chat.search import Search
from bot.chat.stats import Stats
from bot.chat.tasting import Tasting
from bot.chat.thumbs import Thumbs
from bot.chat.today import Today
from bot.delivering.delivery import Deliverer
from bot.planning import Planner
from bot.polling.health import Watch
from bot.settings import Settings


def wire_handlers(
    desk: Desk, planner: Planner, deliverer: Deliverer, settings: Settings, watch: Watch
) -> Handlers:
    """Make all handlers. They share the planner's ranker, and the papers whose words it has read."""
    today = Today(desk, planner, deliverer, settings.poll_minutes)
    preferences = Preferences(desk, today.bring)
    return Handlers(
        desk=desk,
        reception=Reception(desk, preferences),
        today=today,
        thumbs=Thumbs(desk, BallotBox(desk)),
        stats=Stats(desk, planner.ranker),
        preferences=preferences,
        library=Library(desk),
        search=Search(desk, planner.ranker),
        papers=_wire_paper_buttons(desk, planner, settings),
        onboarding=Onboarding(desk, preferences, Tasting(desk, planner.ranker, settings.window)),
        interests=Interests(desk, planner.ranker),
        imports=Imports(desk),
        exports=Exports(desk),
        farewell=Farewell(desk),
        rules=Rules(desk, planner.ranker, planner.rulebooks),
        groups=Groups(desk),
        reactions=Reactions(desk),
        admin=_wire_admin(desk, settings, watch),
        gate=Gate(desk, settings.admin_ids, settings.invite_only),
        patience=Patience(desk.clock, settings.admin_ids),
    )


def _wire_admin(desk: Desk, settings: Settings, watch: Watch) -> Admin:
    return Admin(
        desk,
        Broadcast(desk),
        Invitations(desk, settings.invite_only),
        settings.admin_ids,
        watch,
        space=settings.data_dir / "space",
    )


def _wire_paper_buttons(desk: Desk, planner: Planner, settings: Settings) -> PaperButtons:
    explainer = Explainer(desk, planner.ranker, planner.rulebooks, settings.window)
    return PaperButtons(desk, Cards(desk), Notes(desk), Likeness(desk, planner.ranker), explainer)
