"""How all tests run: none is timed, and none waits for what it does not use."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import settings

pytest_plugins = ["commands", "databases", "statements"]

# Machines differ, so no example of a property has a time limit; pytest-timeout ends what hangs. Each run
# draws other examples, so half as many as usual find as much in twice as many runs.
settings.register_profile("any-machine", deadline=None, max_examples=50)
settings.load_profile("any-machine")

_SELDOM = 20_000  # objects that are made before those without an owner are looked for


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Look for no garbage while everything is loaded: there is next to none."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Never look for garbage in what is loaded by now: each look would take longer than most tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM)


@pytest.fixture(scope="session", autouse=True)
def _nobody_to_trust(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Know no certificates: to read those of the world takes 25 ms a client, and no test speaks to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE", raising=False)
        patch.setenv("SSL_CERT_DIR", str(tmp_path_factory.mktemp("certificates")))
        yield
