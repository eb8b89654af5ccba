"""What a newcomer writes of their interests, read into phrases that stand in for votes.

Each wanted phrase is to be embedded as if it were a liked paper, each unwanted one as a disliked paper. A
fixed grammar and no model: the same text always gives the same phrases. English words steer it, and the
negations of Chinese; what is written in another language is taken as plain phrases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from recommender.terms import is_general, may_be_subject, words_of

MAX_CHARACTERS = 2_000
MAX_PHRASES = 30

_LATIN = re.compile(r"[a-z]", re.IGNORECASE | re.ASCII)
_BULLET = re.compile(r"\s*(?:[-*\u2022\u00b7\u2023\u2013\u2014]+|\d{1,2}[.)])\s+")
_SENTENCE_END = re.compile(r"[;:!?()|。؛]|\.(?!\S)|\s[-\u2013\u2014]+\s")
_COMMA = re.compile(r"[,、،]")
_TURN = re.compile(
    r"(?<!anything )(?<!everything )(?<!all )\b(?:but|however|though|although)\b|\band (?=(?:i|we|also)\b)",
    re.IGNORECASE,
)
_OR = re.compile(r"\b(?:or|nor|as well as)\b", re.IGNORECASE)
_AND = re.compile(r"\s(?:and|&|\+)\s", re.IGNORECASE)

_NEGATIONS = (
    "no|not(?! only| just| necessarily)|nothing|never|don't|dont|without|except|excluding|other than"
    "|apart from|rather than|instead of|anything but|everything but|all but"
)
# They negate only where a wish begins: "learning with less data", "robots that avoid obstacles" are subjects.
_NEGATIONS_OF_A_WISH = "less|fewer|avoid|exclude|ignore|hate(?! speech)|dislike|dislikes"
# Chinese has no spaces around words; what begins other words, as the 别 of 识别, is left out.
_CHINESE_NEGATIONS = "不要|不想要?看?|不看|不喜欢|不感兴趣|除了|排除"
_WISH_BEGINS = r"(?:^|(?<=[,、،]))\W*|" + "|".join(
    rf"(?<=\b{word} )" for word in ("and", "i", "we", "to", "like", "want", "prefer", "please")
)
_NEGATION = re.compile(
    rf"(?<![\w-])(?:{_NEGATIONS}|(?:{_WISH_BEGINS})(?:{_NEGATIONS_OF_A_WISH}))(?![\w-])|(?:{_CHINESE_NEGATIONS})",
    re.IGNORECASE,
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that a phrase may open with and that belong to no subject.
_TALK = _set("""
    a about also always am an and any anything are as at be been better by can care concerning currently do
    enjoy especially everything for from get give has have hello hey hi hope i i'd i'm i've im in including
    interest interested interests into is just keen like likes love mainly me more most mostly much my need
    not of on only or our particularly please prefer really regarding related see send show so some something
    such that the these this those to us very want we we'd we're we've what which wish with would you
""")
# Talk only before talk: "papers on", but "paper folding"; "work in", but "work zones".
_TALK_BEFORE_TALK = _set("""
    article articles fan field fields find follow hear latest looking new news paper papers read reading
    research stuff studies study studying subject subjects thing things topic topics work working works
""")
_CLOSING_TALK = _set("also and article articles etc instead or paper papers please thanks too with")
_EDGES = " .,:;!?\"'`*_~<>[]{}/\\-\u2013\u2014\u2018\u201c\u201d\u00ab\u00bb"


@dataclass(frozen=True, slots=True)
class Interests:
    """Phrases in the order written, each once; one that stands on both sides is unwanted."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


def read_interests(text: str) -> Interests:
    """Read free text: "diffusion models for video, no medical imaging".

    Phrases end at commas, sentence ends, line ends and "but"; also at an "or" and, between phrases that can
    stand alone, at an "and". A negation makes unwanted what follows it up to such an end, or up to the end
    of a list that an "or" closes ("no crypto, finance or law"). A heading such as "Not interested in:"
    negates the rest of its line, or else the lines below it up to an empty one. Talk ("I like papers about")
    is left out.

    Of the text the first ``MAX_CHARACTERS`` are read, of the phrases the first ``MAX_PHRASES`` kept.
    """
    read = list(islice(_read_lines(_clean(text)), MAX_PHRASES))
    unwanted = {phrase.casefold(): phrase for phrase, is_wanted in read if not is_wanted}
    wanted = {phrase.casefold(): phrase for phrase, is_wanted in read if is_wanted}
    return Interests(
        wanted=tuple(phrase for key, phrase in wanted.items() if key not in unwanted),
        unwanted=tuple(unwanted.values()),
    )


def is_foreign(phrase: str) -> bool:
    """Tell whether a phrase is in other letters than papers, and the model that reads them, are in."""
    return _LATIN.search(phrase) is None and any(map(str.isalpha, phrase))


def _clean(text: str) -> str:
    """Bound a text, straighten its apostrophes, and take out the signs that cannot be seen."""
    straight = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])[:MAX_CHARACTERS].replace("\u2019", "'")
    return "".join(map(_see, straight))


def _see(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cc" and sign != "\n":
        return " "
    return "" if category in {"Cf", "Cs"} else sign


def _read_lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each phrase and whether it is wanted."""
    below_heading = True
    for bulleted in text.split("\n"):
        line = _BULLET.sub("", bulleted, count=1)
        heading, colon, rest = line.partition(":")
        is_heading = bool(colon) and not any(_read_line(heading, wanted=True))
        if not line.strip():
            below_heading = True
        elif is_heading and not rest.strip():
            below_heading = not _NEGATION.search(heading)
        elif is_heading:
            yield from _read_line(rest, wanted=not _NEGATION.search(heading))
        else:
            yield from _read_line(line, wanted=below_heading)


def _read_line(line: str, *, wanted: bool) -> Iterator[tuple[str, bool]]:
    for sentence in _SENTENCE_END.split(line):
        for stretch in _TURN.split(sentence):
            said, *negated = _NEGATION.split(stretch)
            yield from ((phrase, wanted) for phrase in _phrases(said))
            for words in negated:
                scope, beyond = _end_scope(words)
                yield from ((phrase, False) for phrase in _phrases(scope))
                yield from ((phrase, wanted) for phrase in _phrases(beyond))


def _end_scope(words: str) -> tuple[str, str]:
    """Part what a negation reaches from what stands beyond it."""
    clauses = _COMMA.split(words)
    end = max((place for place, clause in enumerate(clauses) if _OR.search(clause)), default=0) + 1
    return ",".join(clauses[:end]), ",".join(clauses[end:])


def _phrases(words: str) -> Iterator[str]:
    for clause in _COMMA.split(words):
        for alternative in _OR.split(clause):
            for phrase in map(_strip_talk, _part(_strip_talk(alternative))):
                if any(map(may_be_subject, words_of(phrase))):
                    yield phrase


def _part(words: str) -> Iterator[str]:
    """Part at each "and" that has two words or more before it and a subject of its own behind it."""
    phrase, *others = _AND.split(words)
    for other in others:
        if len(phrase.split()) > 1 and not is_general(other.lower()):
            yield phrase
            phrase = other
        else:
            phrase = f"{phrase} and {other}"
    yield phrase


def _strip_talk(phrase: str) -> str:
    words = phrase.split()
    while words and _is_talk(words):
        del words[0]
    while words and words[-1].strip(_EDGES).lower() in _CLOSING_TALK:
        del words[-1]
    return " ".join(words).strip(_EDGES)


def _is_talk(words: list[str]) -> bool:
    """Tell whether a phrase opens with a word that belongs to no subject."""
    first, second = (word.strip(_EDGES).lower() for word in (*words, "")[:2])
    return not first or first in _TALK or (first in _TALK_BEFORE_TALK and (not second or second in _TALK))
