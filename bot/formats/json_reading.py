"""Reads Paperboy's own JSON, and CSL JSON as Zotero and Mendeley export it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.formats.collection import (
    MOST_INTERESTS,
    Collection,
    Obstacle,
    Problem,
    UnreadableCollectionError,
)
from bot.formats.csl import read_csl_item
from bot.formats.fields import Record, read_moment
from bot.formats.gathering import gather, sort_out
from bot.formats.json_values import items_of, text_of, texts_of
from bot.formats.json_writing import FORMAT, VERSION
from recommender.concordance import Field
from recommender.rules import MOST_RULES, Rule, RuleKind
from sources.cleaning import clean

_LONGEST_PHRASE = 200


def read_json(text: str) -> Collection | None:
    """Read a document; None where it is neither ours nor CSL.

    Raises:
        UnreadableCollectionError: It is of a later version than this Paperboy knows.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match document:
        case {"format": str(name), "version": int(version)} if name == FORMAT:
            return _read_ours(document, version)
        case [{"title": _}, *_] | [{"id": _}, *_]:
            return gather(map(_read_csl_piece, document))
        case _:
            return None


def _read_ours(document: dict[str, Any], version: int) -> Collection:
    if version > VERSION:
        raise UnreadableCollectionError(Obstacle.NEWER)
    papers = gather(map(_read_paper, items_of(document, "papers")))
    interests, no_interests = sort_out(map(_read_interest, items_of(document, "interests")), MOST_INTERESTS)
    rules, no_rules = sort_out(map(_read_rule, items_of(document, "rules")), MOST_RULES)
    rejects = (*papers.rejects, *no_interests, *no_rules)
    return replace(papers, interests=interests, rules=rules, rejects=rejects)


def _read_paper(item: Any) -> tuple[str, Record | Problem]:
    if not isinstance(item, dict):
        return "", Problem.NOT_A_PAPER
    title = text_of(item, "title")
    return title, Record(
        title=title,
        abstract=text_of(item, "abstract"),
        authors=texts_of(item, "authors"),
        date=text_of(item, "published") or text_of(item, "year"),
        eprint=text_of(item, "arxiv_id"),
        doi=text_of(item, "doi"),
        url=text_of(item, "url"),
        keywords=texts_of(item, "keywords"),
        up={"up": True, "down": False}.get(text_of(item, "vote")),
        saved=item.get("saved") is True,
        note=text_of(item, "note"),
        at=read_moment(text_of(item, "at")),
    )


def _read_interest(item: Any) -> tuple[str, tuple[str, bool] | Problem]:
    phrase = _read_phrase(item)
    return phrase, (phrase, item.get("wanted") is not False) if phrase else Problem.NOT_A_WISH


def _read_rule(item: Any) -> tuple[str, Rule | Problem]:
    phrase = _read_phrase(item)
    try:
        rule = Rule(RuleKind(text_of(item, "kind")), phrase, Field(text_of(item, "field")))
    except ValueError:
        return phrase, Problem.NOT_A_WISH
    return phrase, rule if phrase else Problem.NOT_A_WISH


def _read_phrase(item: Any) -> str:
    return clean(text_of(item, "phrase")[:_LONGEST_PHRASE])


def _read_csl_piece(item: Any) -> tuple[str, Record | Problem]:
    return text_of(item, "id") or text_of(item, "title"), read_csl_item(item)
