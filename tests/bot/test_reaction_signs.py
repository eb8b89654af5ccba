import pytest

from bot.chat.reactions import weigh


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ({}, None),
        ({"🤔": 9, "": 5}, None),
        ({"👍": 1}, True),
        ({"❤": 1}, True),
        ({"❤\ufe0f": 1}, True),
        ({"❤\ufe0f\u200d🔥": 1}, True),
        ({"👎": 1, "🤔": 9}, False),
        ({"👍": 2, "🔥": 1, "👎": 2}, True),
        ({"👍": 1, "💩": 1}, None),
    ],
)
def test_signs_for_a_paper_are_weighed_against_those_against_it(
    counts: dict[str, int], verdict: bool | None
) -> None:
    """Others say nothing, whatever their number; a heart is a heart in any style."""
    assert weigh(counts) is verdict
