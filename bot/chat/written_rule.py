"""A rule as a reader writes it, or as it is made of a paper. Pure.

No sign in a phrase means anything but itself: there are two prefixes, and no patterns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.messages.rules import LONGEST_PHRASE, Trouble
from recommender.concordance import Field
from recommender.rules import Rule, RuleKind
from recommender.values import Paper

_PREFIX = re.compile(r"(author|org)\s*[:\uff1a]\s*(.*)", re.IGNORECASE)  # also the full-width colon
_FIELDS = {"author": Field.AUTHOR, "org": Field.ORGANIZATION}


def read_rule(kind: RuleKind, written: str) -> Rule | Trouble:
    """Read a phrase, and before it ``author:`` or ``org:`` where it is to be looked for at names alone."""
    phrase = " ".join(written.split())
    field = Field.ANY
    if prefix := _PREFIX.fullmatch(phrase):
        field, phrase = _FIELDS[prefix[1].lower()], prefix[2]
    if len(phrase) > LONGEST_PHRASE:
        return Trouble.LONG
    return Rule(kind, phrase, field) if any(sign.isalnum() for sign in phrase) else Trouble.EMPTY


def rule_of_paper(paper: Paper, terms: Sequence[str], what: str) -> Rule | Trouble | None:
    """Mute what a button names of a paper; None where the paper has nothing of the kind.

    A name is no prefix, whatever it begins with.
    """
    match what:
        case "author" if paper.authors:
            return _mute(paper.authors[0], Field.AUTHOR)
        case "org" if paper.organization:
            return _mute(paper.organization, Field.ORGANIZATION)
        case "t0" | "t1" | "t2" if int(what[1]) < len(terms):
            return _mute(terms[int(what[1])], Field.ANY)
    return None


def _mute(phrase: str, field: Field) -> Rule | Trouble:
    return Trouble.LONG if len(phrase) > LONGEST_PHRASE else Rule(RuleKind.MUTE, phrase, field)
