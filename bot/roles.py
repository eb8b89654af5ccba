"""Roles: the parts of the work that a process takes on. One that is told nothing takes them all."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """One part of the work."""

    CHAT = "chat"
    """Hears what readers say, and answers."""
    POLL = "poll"
    """Polls the sources and tells when anything is due; one process of this role at a time does so."""
    PLAN = "plan"
    """Picks for readers who are due."""
    DELIVER = "deliver"
    """Sends what is planned."""


ALL_ROLES = frozenset(Role)
