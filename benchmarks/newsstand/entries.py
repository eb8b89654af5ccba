"""Makes entries of the daily-papers API: what is always there, and now and then each optional path."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from random import Random

from benchmarks.newsstand.values import Json, Preprint

_MEMBER_SHARE, _PRO_SHARE = 0.1, 0.2  # of authors with an account, and of accounts that are paid for
_LINE = re.compile(r"(.{50,78}) ")
_WORD = re.compile(r"[a-z]{6,}")


def new_entry(preprint: Preprint, since: datetime, dice: Random) -> Json:
    """Make the entry of a paper that came onto the list at ``since``. Titles and abstracts break lines."""
    paper: Json = {
        "id": preprint.id,
        "authors": [_author(name, dice) for name in preprint.authors],
        "publishedAt": _moment(preprint.submitted),
        "title": _broken(preprint.title),
        "summary": _broken(preprint.abstract),
    }
    entry: Json = {
        "paper": paper,
        "publishedAt": _moment(preprint.submitted),
        "title": paper["title"],
        "numComments": dice.randrange(9),
    }
    for path, chance, make in _OPTIONAL:
        if dice.random() < chance:
            _put(entry, path, make(preprint, since, dice))
    return entry


def _broken(text: str) -> str:
    return _LINE.sub(r"\1\n", text)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def _mark(dice: Random) -> str:
    return f"{dice.getrandbits(96):024x}"


def _put(entry: Json, path: str, value: object) -> None:
    *outer, last = path.split(".")
    for name in outer:
        entry = entry[name]
    entry[last] = value


def _author(name: str, dice: Random) -> Json:
    author: Json = {"_id": _mark(dice), "name": name, "hidden": False}
    if dice.random() < _MEMBER_SHARE:
        author["user"] = _member(dice)
        author["status"] = "claimed_verified"
        author["statusLastChangedAt"] = "2025-01-02T03:04:05.678Z"
    return author


def _account(dice: Random) -> Json:
    name = f"user-{dice.getrandbits(32):08x}"
    account = {"_id": _mark(dice), "avatarUrl": f"/avatars/{name}.svg", "fullname": name, "name": name}
    return {**account, "type": "user", "isPro": dice.random() < _PRO_SHARE}


def _member(dice: Random) -> Json:
    account = _account(dice)
    return {**account, "user": account["name"]}


def _submitter(dice: Random) -> Json:
    roles = {"isHf": False, "isHfAdmin": False, "isMod": False}
    return {**_account(dice), **roles, "followerCount": dice.randrange(300)}


def _organization(dice: Random) -> Json:
    name = dice.choice(("lake-lab", "hill-works", "bridge-institute"))
    return {"_id": _mark(dice), "name": name, "fullname": name.replace("-", " ").title(), "avatar": "/o.png"}


def _keywords(preprint: Preprint) -> list[str]:
    return list(dict.fromkeys(_WORD.findall(preprint.abstract)))[:5]


_Make = Callable[[Preprint, datetime, Random], object]
_OPTIONAL: tuple[tuple[str, float, _Make], ...] = (
    ("isAuthorParticipating", 0.8, lambda _p, _s, dice: dice.random() < _MEMBER_SHARE),
    ("mediaUrl", 0.01, lambda p, _s, _d: f"https://cdn.example.com/{p.id}.png"),
    ("mediaUrls", 0.2, lambda p, _s, _d: [f"https://cdn.example.com/{p.id}.mp4"]),
    ("organization", 0.3, lambda _p, _s, dice: _organization(dice)),
    ("paper.ai_keywords", 0.65, lambda p, _s, _d: _keywords(p)),
    ("paper.ai_summary", 0.6, lambda p, _s, _d: p.abstract.split(". ")[0] + "."),
    ("paper.ai_summary_model", 0.1, lambda _p, _s, _d: "some-model"),
    ("paper.discussionId", 0.9, lambda _p, _s, dice: _mark(dice)),
    ("paper.githubRepo", 0.4, lambda p, _s, _d: f"https://github.com/lake-lab/{p.id}"),
    ("paper.githubRepoAddedBy", 0.2, lambda _p, _s, _d: "user"),
    ("paper.githubStars", 0.3, lambda _p, _s, dice: dice.randrange(5_000)),
    ("paper.mediaUrls", 0.15, lambda _p, _s, _d: []),
    ("paper.organization", 0.3, lambda _p, _s, dice: _organization(dice)),
    ("paper.projectPage", 0.3, lambda p, _s, _d: f"https://lake-lab.example.com/{p.id}"),
    ("paper.submittedOnDailyAt", 0.7, lambda _p, since, _d: _moment(since)),
    ("paper.submittedOnDailyBy", 0.7, lambda _p, _s, dice: _member(dice)),
    ("submittedBy", 0.97, lambda _p, _s, dice: _submitter(dice)),
    ("submitterOrganization", 0.01, lambda _p, _s, dice: _organization(dice)),
    ("summary", 0.7, lambda p, _s, _d: _broken(p.abstract)),
    ("thumbnail", 0.98, lambda p, _s, _d: f"https://cdn.example.com/social-thumbnails/{p.id}.png"),
)
