"""How Hugging Face tells of a day's list: the API, and the page that holds the same list."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus

from benchmarks.newsstand.serving import Response
from benchmarks.newsstand.values import Json, World

MOST_ENTRIES = 100
_FEW_ENTRIES = 50
_PAGE = """<!doctype html>
<html class="">
<head><meta charset="utf-8" /><title>Daily Papers - Hugging Face</title></head>
<body class="flex flex-col min-h-dvh bg-white dark:bg-gray-950 text-black DailyPapersPage">
<div class="SVELTE_HYDRATER contents" data-target="MainHeader" data-props="{{}}"></div>
<main class="flex flex-1 flex-col">
<div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="{props}">
<section class="container"><h1>Daily Papers</h1>{articles}</section></div></main>
<script>window.plausible = window.plausible || function () {{}};</script>
</body>
</html>
"""
_ARTICLE = '<article><h3><a href="/papers/{id}">{title}</a></h3></article>'


def daily_papers(world: World, now: datetime, query: Mapping[str, str]) -> Response:
    """Answer the API: the list of a day, or the newest entries of all, in pages of ``limit``."""
    try:
        limit, page = int(query.get("limit", _FEW_ENTRIES)), int(query.get("p", 0))
        day = date.fromisoformat(query["date"]) if "date" in query else None
    except ValueError as error:
        return _refuse(str(error))
    if not 1 <= limit <= MOST_ENTRIES or page < 0:
        return _refuse(f"limit is from 1 to {MOST_ENTRIES}")
    if day and day > now.date():
        return _refuse("date is later than today")
    entries = world.on_list(day, now) if day else _newest(world, now, limit * (page + 1))
    return _tagged(json.dumps(entries[limit * page :][:limit]).encode(), "application/json; charset=utf-8")


def day_page(world: World, now: datetime, day_string: str) -> Response:
    """Answer the page of a day; one that cannot be leads to today's."""
    try:
        day = date.fromisoformat(day_string)
    except ValueError:
        return _lead_to(now.date())
    if day > now.date():
        return _lead_to(now.date())
    entries = world.on_list(day, now)
    props = {"periodType": "day", "dateString": day.isoformat(), "dailyPapers": entries, "isPaid": False}
    articles = (
        _ARTICLE.format(id=entry["paper"]["id"], title=html.escape(entry["paper"]["title"]))
        for entry in entries
    )
    page = _PAGE.format(props=html.escape(json.dumps(props)), articles="".join(articles))
    return _tagged(page.encode(), "text/html; charset=utf-8")


def _newest(world: World, now: datetime, count: int) -> list[Json]:
    entries: list[Json] = []
    day = now.date()
    while len(entries) < count and world.days and day >= min(world.days):
        entries += world.on_list(day, now)
        day -= timedelta(days=1)
    return entries


def _lead_to(day: date) -> Response:
    return Response(status=HTTPStatus.FOUND, headers={"Location": f"/papers/date/{day}"})


def _refuse(why: str) -> Response:
    return Response(json.dumps({"error": why}).encode(), HTTPStatus.BAD_REQUEST)


def _tagged(body: bytes, kind: str) -> Response:
    tag = blake2b(body, digest_size=12).hexdigest()
    return Response(body, headers={"Content-Type": kind, "ETag": f'W/"{len(body):x}-{tag}"'})
