"""What a process notes of its own work, and that no label can hold what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable

import httpx
import pytest
from prometheus_client.metrics_core import Metric

from bot.telling.observations import PlanningTimes, TelegramCalls, UpdateTimes

API = "http://127.0.0.1/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def counted(metrics: Iterable[Metric], name: str) -> dict[tuple[str, ...], float]:
    """Read the values of a name by their labels."""
    return {
        tuple(sample.labels.values()): sample.value
        for metric in metrics
        for sample in metric.samples
        if sample.name == name
    }


async def answer(status: int) -> tuple[int, bytes]:
    return status, b"{}"


async def break_off() -> tuple[int, bytes]:
    raise httpx.ReadTimeout("no answer")


async def test_answers_are_counted_by_method_and_status() -> None:
    calls = TelegramCalls()
    for status in (200, 200, 429):
        await calls.follow(f"{API}/sendMessage", answer(status))
    await calls.follow(f"{API}/getMe", answer(200))
    answers = counted(calls.collect(), "paperboy_telegram_answers_total")
    assert answers == {("sendMessage", "200"): 2, ("sendMessage", "429"): 1, ("getMe", "200"): 1}
    seconds = counted(calls.collect(), "paperboy_telegram_request_seconds_count")
    assert seconds == {("sendMessage",): 3, ("getMe",): 1}


async def test_a_request_without_an_answer_is_counted_and_raises_on() -> None:
    calls = TelegramCalls()
    with pytest.raises(httpx.ReadTimeout):
        await calls.follow(f"{API}/sendMessage", break_off())
    assert counted(calls.collect(), "paperboy_telegram_answers_total") == {("sendMessage", "none"): 1}


@pytest.mark.parametrize("file", ["documents/thoughts", "documents/thoughts.bib", "thoughts"])
async def test_files_that_readers_sent_go_by_one_name(file: str) -> None:
    """Neither their names nor the token, which stands in the address, is a label."""
    calls = TelegramCalls()
    await calls.follow(API.replace("/bot", "/file/bot") + f"/{file}", answer(200))
    assert counted(calls.collect(), "paperboy_telegram_answers_total") == {("download", "200"): 1}


def test_planning_is_told_by_step_and_outcome() -> None:
    times = PlanningTimes()
    times.note(40, 2, {"read": 0.5, "score": 0.25})
    times.note(2, 0, {"read": 0.5})
    assert counted(times.collect(), "paperboy_readers_planned_total") == {("planned",): 42, ("failed",): 2}
    assert counted(times.collect(), "paperboy_planning_step_seconds_sum") == {("read",): 1, ("score",): 0.25}


def test_an_update_is_timed_also_where_it_fails() -> None:
    times = UpdateTimes()
    with pytest.raises(OSError), times.timed():  # noqa: PT011 - any will do
        raise OSError
    assert counted(times.collect(), "paperboy_update_seconds_count") == {(): 1}
