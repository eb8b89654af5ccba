import pytest

from bot.cities import find_places


@pytest.mark.parametrize(
    ("query", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("  münchen ", "Europe/Berlin"),
        ("sao paulo", "America/Sao_Paulo"),
        ("北京", "Asia/Shanghai"),
        ("europe/london", "Europe/London"),
        ("utc", "UTC"),
        ("San Fran", "America/Los_Angeles"),
    ],
)
def test_the_likeliest_place_comes_first(query: str, zone: str) -> None:
    assert find_places(query)[0].zone == zone


def test_cities_of_one_name_are_all_told_apart() -> None:
    labels = [place.label for place in find_places("Portland")]
    assert "Portland, OR, United States" in labels
    assert "Portland, ME, United States" in labels


@pytest.mark.parametrize("query", ["", "   ", "Xyzzyville", "<b>"])
def test_no_place_is_guessed(query: str) -> None:
    assert find_places(query) == []
