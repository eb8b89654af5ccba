"""What counts as a word, and which terms say something to a reader.

Owns the reading of text into words. It weighs nothing: how much a term tells in a corpus is the feature
space's affair.
"""

from __future__ import annotations

import re

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from recommender.common_words import BOILERPLATE, GENERAL

# Runs of letters and digits, with a version number ("gpt-4", "covid-19") or the ends of "c++" and "c#" kept.
# Any other hyphen parts two words, so that "vision-language" meets "vision language".
_WORD = re.compile(r"\w+(?:-\d\w*|\+\+|#)?")

# Words of scikit-learn's list that are subjects of papers ("thin film", "fire spread", "operating system").
_SUBJECTS = frozenset({"fire", "interest", "mill", "mine", "system", "thick", "thin"})
STOP_WORDS = ENGLISH_STOP_WORDS - _SUBJECTS

_SHORTEST_PLURAL = 4  # letters: "cats" is one, "gas" is none
_ABBREVIATION = 4  # letters, at most, of nearly all abbreviations


def words_of(text: str) -> list[str]:
    """Read the lower-case words of a text in their order, stop words and all."""
    return _WORD.findall(text.lower())


def fold_plural(word: str) -> str:
    """Give a word without its plural s, so that "models" meets "model".

    Only for telling words apart, never to be shown: "bias" loses its s as well, but always.
    """
    if len(word) < _SHORTEST_PLURAL or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    for plural, singular in (("ies", "y"), ("sses", "ss"), ("xes", "x")):
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    return word[:-1]


def may_be_subject(word: str) -> bool:
    """Tell whether a word can be a feature at all: neither a stop word nor a lone letter or digit."""
    return len(word) > 1 and word not in STOP_WORDS


def is_general(term: str) -> bool:
    """Tell whether no word of a term names a subject: "results", "simple approach"."""
    return all(word in GENERAL or word in BOILERPLATE for word in term.split())


def is_telling(term: str) -> bool:
    """Tell whether a word or pair says something to a reader.

    It does where one word names a subject and none is boilerplate or a number: "diffusion" and "diffusion
    models", but neither "models" nor "propose diffusion". A name beside its own abbreviation does not.
    """
    words = term.split()
    silent = any(word in BOILERPLATE or word.isdigit() for word in words)
    return not (silent or is_general(term) or _repeats_itself(words))


def _repeats_itself(words: list[str]) -> bool:
    """Find pairs such as "models llms", from "language models (LLMs)": the short word ends on the initial."""
    *first, last = words
    return bool(first) and len(last) <= _ABBREVIATION and last.rstrip("s").endswith(first[0][0])
