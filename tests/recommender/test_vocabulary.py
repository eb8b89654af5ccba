from __future__ import annotations

from recommender.vocabulary import MAX_WORDS, Vocabulary


def test_counts_are_of_each_text() -> None:
    """Every term of a text is counted, words before pairs."""
    known = Vocabulary.learn(["video diffusion", "diffusion video"])
    counts = known.count(["video video diffusion", "", "diffusion"]).toarray().tolist()
    assert known.names(range(len(known))) == ["video", "diffusion", "video diffusion", "diffusion video"]
    assert counts == [[2, 1, 1, 0], [0, 0, 0, 0], [0, 1, 0, 0]]


def test_a_pair_that_was_not_learned_is_not_counted() -> None:
    """Known words in a new order make no term, also where no pair at all is known."""
    assert Vocabulary.learn(["video"]).count(["video video"]).toarray().tolist() == [[2]]
    known = Vocabulary.learn(["video diffusion"])
    assert known.count(["diffusion diffusion video video"]).toarray().tolist() == [[2, 2, 0]]


def test_texts_beyond_a_chunk_keep_their_rows() -> None:
    """Counting in chunks gives the same as counting at once."""
    known = Vocabulary.learn(["video", "robot"])
    texts = ["video" if n % 3 else "robot robot" for n in range(2_501)]
    assert known.count(texts).toarray().tolist() == [[1, 0] if n % 3 else [0, 2] for n in range(2_501)]


def test_the_commonest_terms_are_kept() -> None:
    """Where there are too many words, those of the most texts stay, of equals those met first."""
    many = [f"word{n}" for n in range(MAX_WORDS + 2)]
    known = Vocabulary.learn([" ".join(many), many[-1]])
    assert list(known.words) == [many[-1], *many[: MAX_WORDS - 1]]
