from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.concordance import Concordance, Field
from recommender.values import Paper

PAPER = Paper(
    title="Vision-language models",
    abstract="We train\non radiology reports. It beats C++ code.",
    authors=("Zoë Williams", "Bo Li", "Wei Chen"),
    summary="Robots read X-rays.",
    keywords=("Gaussian splatting", "GPT-4"),
    organization="Meta AI",
)


def stands(phrase: str, text: str) -> bool:
    """Tell whether a phrase is found in a paper with this title."""
    return Concordance.of([Paper(title=text)]).find(phrase) == {0}


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("vision language", "A Vision-Language model"),
        ("VISION-LANGUAGE", "vision  language"),
        ("vision language", "vision\nlanguage"),
        ("gpt 4", "GPT-4 speaks"),
        ("Schrödinger", "schrodinger bridges"),
        ("schrodinger", "Schro\u0308dinger bridges"),
        ("naive", "ＮＡÏＶＥ Bayes"),
        ("Größe", "GRÖSSE"),
        ("robot", "soft robots grasp"),
        ("diffusion models", "a diffusion model"),
        ("LLMs", "an LLM agent"),
        ("alzheimer", "Alzheimer's disease"),
        ("c++", "fast C++, twice"),
        ("C#", "Größe in C#"),
        ("扩散模型", "基于扩散模型的视频生成"),
        ("GPT", "基于GPT的方法"),
        ("モデル", "拡散モデルによる"),
        ("확산 모델", "확산모델을 위한"),
        ("การแพร่", "แบบจำลองการแพร่ของวิดีโอ"),
        ("видео", "ВИДЕО диффузия"),
        ("the", "the robot"),
    ],
)
def test_a_phrase_is_met_however_it_is_written(phrase: str, text: str) -> None:
    """Case, width, accents, hyphens, line breaks and a plural s make no difference."""
    assert stands(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("video", "videography of birds"),
        ("art", "state of the heart"),
        ("vision language", "language vision"),
        ("vision language", "vision and language"),
        ("new", "fake news"),
        ("news", "a new method"),
        ("los", "loss functions"),
        ("art state", "smart state of the art"),
        ("gas", "ga search"),
        ("C", "C++ and C#"),
        ("C++", "vitamin C"),
        (".*", "anything at all"),
        ("rob.t", "robot"),
        ("(", "( brackets ("),
        ("模扩", "扩散模型"),
        ("か", "が"),
        ("가", "각"),
        ("", "anything"),
        ("?!", "what?!"),
        ("\0", "a \0 b"),
        ("🚀", "to the moon 🚀"),
    ],
)
def test_only_the_phrase_itself_is_met(phrase: str, text: str) -> None:
    """Whole words in their order, and never a pattern; nothing to look for is nowhere."""
    assert not stands(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "fields"),
    [
        ("vision language model", {Field.ANY}),
        ("train on radiology report", {Field.ANY}),
        ("x ray", {Field.ANY}),
        ("gaussian splatting", {Field.ANY}),
        ("zoe williams", {Field.ANY, Field.AUTHOR}),
        ("Chen", {Field.ANY, Field.AUTHOR}),
        ("meta ai", {Field.ANY, Field.ORGANIZATION}),
        ("Zoe William", set()),
        ("Meta AIs", set()),
    ],
)
def test_each_field_has_its_own_words(phrase: str, fields: set[Field]) -> None:
    """Any is all that is said of a paper; a name is met as it is written, plural s and all."""
    papers = Concordance.of([PAPER])
    assert {field for field in Field if papers.find(phrase, field)} == fields


@pytest.mark.parametrize(
    "phrase", ["models we", "Li Wei", "splatting GPT", "code robots", "language models \0 we"]
)
def test_a_phrase_does_not_reach_from_one_part_into_the_next(phrase: str) -> None:
    """The end of a title and the start of an abstract are no phrase, nor are two people one name."""
    assert Concordance.of([PAPER]).find(phrase) == set()


def test_papers_are_named_by_their_place() -> None:
    """Every paper with the phrase is found, also where only some have all of its words side by side."""
    titles = ["video diffusion", "diffusion", "diffusion of video", "", "fast video diffusion"]
    assert Concordance.of([Paper(title=title) for title in titles]).find("video diffusion") == {0, 4}
    assert Concordance.of([]).find("video") == set()


words = st.text(string.ascii_letters + string.digits, min_size=1, max_size=6)
separators = st.sampled_from([" ", "-", "\n", ", ", "/", "_", " – "])
spellings = st.sampled_from(
    [str.upper, str.lower, str.title, lambda word: unicodedata.normalize("NFD", word)]
)


@given(st.data(), st.lists(words, min_size=1, max_size=4), words, words)
def test_words_side_by_side_are_found_whatever_parts_them(
    data: st.DataObject, phrase: list[str], before: str, after: str
) -> None:
    """Any words, spelt and parted in any way, are met in their order."""
    text = before
    for word in [*phrase, after]:
        text += data.draw(separators) + data.draw(spellings)(word)
    assert stands(" ".join(phrase), text)


@given(st.lists(words, max_size=8).map(" ".join), words)
def test_a_foreign_sign_elsewhere_changes_nothing(text: str, phrase: str) -> None:
    """Plain texts are read by a quicker way, to the same words."""
    assert stands(phrase, text) == stands(phrase, f"{text} – 中")


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_text_is_read(text: str, phrase: str) -> None:
    """No text and no phrase is refused."""
    assert stands(phrase, text) in {True, False}
