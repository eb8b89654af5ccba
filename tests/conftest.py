"""No example of a property has a time limit, for machines differ; pytest-timeout ends what hangs."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")
