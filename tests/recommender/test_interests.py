from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.interests import MAX_CHARACTERS, MAX_PHRASES, Interests, is_foreign, read_interests


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        (
            "diffusion models for video, no medical imaging",
            ["diffusion models for video"],
            ["medical imaging"],
        ),
        (
            "I like RL for robotics and protein folding. Not interested in crypto; nothing about bones",
            ["RL for robotics", "protein folding"],
            ["crypto", "bones"],
        ),
        ("RL without robotics", ["RL"], ["robotics"]),
        ("agents except web agents", ["agents"], ["web agents"]),
        ("vision but not faces", ["vision"], ["faces"]),
        ("avoid surveys\nless crypto", [], ["surveys", "crypto"]),
        ("More robotics, less crypto", ["robotics"], ["crypto"]),
        ("robotics and less crypto", ["robotics"], ["crypto"]),
        ("I don’t like blockchain but I love X-ray physics", ["X-ray physics"], ["blockchain"]),
        ("I'm really not a fan of papers about GANs", [], ["GANs"]),
        ("anything but crypto", [], ["crypto"]),
        ("not only vision but also language", ["vision", "language"], []),
        ("protein design (not antibodies), binders", ["protein design", "binders"], ["antibodies"]),
        ("视频扩散模型，不要医学影像", ["视频扩散模型"], ["医学影像"]),
        ("video diffusion、语音识别，不想看 surveys", ["video diffusion", "语音识别"], ["surveys"]),
    ],
)
def test_wishes_and_negations_are_told_apart(text: str, wanted: list[str], unwanted: list[str]) -> None:
    """What is asked for and what is refused land on their sides, without the talk around them."""
    assert read_interests(text) == Interests(tuple(wanted), tuple(unwanted))


@pytest.mark.parametrize("end", [", ", "; ", ". ", "! ", "\n", " but ", ", but also ", " and I like "])
def test_a_negation_ends(end: str) -> None:
    """After a comma, a sentence, a line or a "but" phrases are wanted again."""
    assert read_interests(f"no medical imaging{end}robot grasping") == Interests(
        ("robot grasping",), ("medical imaging",)
    )


@pytest.mark.parametrize(
    "text", ["no crypto, finance or law", "no crypto or finance, or law", "no crypto, finance nor law"]
)
def test_a_negation_reaches_to_the_end_of_a_list_with_or(text: str) -> None:
    """A list that an "or" closes is refused as a whole."""
    assert read_interests(text) == Interests((), ("crypto", "finance", "law"))


@pytest.mark.parametrize(
    "subject",
    [
        "learning with less data",
        "robots that avoid obstacles",
        "no-reference image quality",
        "few-shot learning",
        "hate speech detection",
        "search and rescue robots",
        "natural language processing and understanding",
        "paper folding",
        "piano music",
        "research agents",
        "GPT-4.5 agents",
        "C++",
        "vision-language models",
        "扩散模型",
        "diffusion de la chaleur",
    ],
)
def test_subjects_stay_whole(subject: str) -> None:
    """Words that elsewhere negate, part phrases or are mere talk belong to these subjects."""
    assert read_interests(f"I like {subject}, please.") == Interests((subject,))
    assert read_interests(f"nothing about {subject}") == Interests((), (subject,))


@pytest.mark.parametrize(
    "text",
    [
        "speech, music generation, graphs",
        "speech\nmusic generation\n\ngraphs\n",
        "- speech\n- music generation\n- graphs",
        "• speech\r\n• music generation\r\n• graphs",
        "1. speech\n2) music generation\n3. graphs",
        "I am interested in: speech; music generation; graphs.",
        "Interests:\n* papers on speech\n* music generation papers\n* graphs",
        "speech，music generation、graphs。",
    ],
)
def test_lists_are_read_in_any_form(text: str) -> None:
    """Commas, lines, bullets and numbers all list phrases, in their order."""
    assert read_interests(text) == Interests(("speech", "music generation", "graphs"))


@pytest.mark.parametrize(
    ("phrase", "is_so"), [("机器人", True), ("β", True), ("LLM 推理", False), ("Öl", False), ("2024", False)]
)
def test_foreign_are_letters_that_no_paper_is_in_and_numbers_are_at_home_everywhere(
    phrase: str, *, is_so: bool
) -> None:
    assert is_foreign(phrase) is is_so


def test_a_heading_speaks_for_its_list() -> None:
    """A negating heading counts for its line, or for the lines below it up to an empty one."""
    text = "Not interested in:\n- crypto\n- finance\n\nrobotics\nDislikes: law, tax\nLikes: speech"
    assert read_interests(text) == Interests(("robotics", "speech"), ("crypto", "finance", "law", "tax"))


def test_a_phrase_counts_once_and_a_refusal_most() -> None:
    """Repetition adds nothing, and what was refused anywhere is not wanted."""
    assert read_interests("video, Video, robots, no VIDEO, not robots, speech") == Interests(
        ("speech",), ("VIDEO", "robots")
    )


@pytest.mark.parametrize(
    "text", ["", " \n\t", "hello", "no", "I like", "?!", "🚀", ",,,;;;...", "no, nothing!", "-\n-\n"]
)
def test_saying_nothing_gives_nothing(text: str) -> None:
    """Talk and signs are no interests."""
    assert read_interests(text) == Interests()


def test_a_long_text_is_bounded() -> None:
    """A book is read to the limit, and gives no more phrases than are of use."""
    assert len(read_interests("\n".join(f"subject{n}" for n in range(1_000))).wanted) == MAX_PHRASES
    assert read_interests("x " * (MAX_CHARACTERS // 2) + "robots") == Interests()
    assert len(read_interests("ﷺ" * MAX_CHARACTERS).wanted[0]) <= MAX_CHARACTERS


def test_signs_that_cannot_be_seen_are_left_out() -> None:
    """Control characters part words, and marks without a width are dropped."""
    assert read_interests("ro\u200bbot\x00grasping\u202e, no\x1bcrypto") == Interests(
        ("robot grasping",), ("crypto",)
    )


@pytest.mark.parametrize(
    "text",
    [
        "no " * 700,
        "and " * 500,
        "i like " * 290,
        "a,or," * 400,
        ": " * 1_000,
        "- " * 1_000,
        " " * 2_000,
        "ﷺ" * 500_000,
    ],
)
def test_a_hostile_text_is_read_quickly(text: str) -> None:
    """No text makes the patterns search for long."""
    start = time.process_time()
    read_interests(text)
    assert time.process_time() - start < 0.25


pieces = st.sampled_from(
    ["no", "but", "and", "or", "not", ":", ".", ",", "\n", "-", "robots", "crypto", "I like"]
)


@given(st.text(max_size=300) | st.lists(pieces).map(" ".join))
def test_any_text_gives_clean_phrases(text: str) -> None:
    """Whatever was written: visible signs on one line, none on both sides, none twice, and the same again."""
    found = read_interests(text)
    phrases = [*found.wanted, *found.unwanted]
    assert len({phrase.casefold() for phrase in phrases}) == len(phrases) <= MAX_PHRASES
    for phrase in phrases:
        assert phrase == " ".join(phrase.split()) != ""
        assert not {unicodedata.category(sign) for sign in phrase} & {"Cc", "Cf", "Cs"}
    assert read_interests(text) == found
