import pytest

from bot.timetable.cities import find_places, offset_of


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
        ("Rome, Italy", "Europe/Rome"),
        ("Portland, ME", "America/New_York"),
        ("Paris!", "Europe/Paris"),
        ("utc+2", "Etc/GMT-2"),
        ("GMT -5", "Etc/GMT+5"),
    ],
)
def test_the_likeliest_place_comes_first(query: str, zone: str) -> None:
    assert find_places(query)[0].zone == zone


def test_cities_of_one_name_are_all_told_apart() -> None:
    labels = [place.label for place in find_places("Portland")]
    assert "Portland, OR, United States" in labels
    assert "Portland, ME, United States" in labels


@pytest.mark.parametrize("query", ["", "   ", "Xyzzyville", "<b>", "a", "UTC+40"])
def test_no_place_is_guessed(query: str) -> None:
    assert find_places(query) == []


def test_a_namesake_that_is_far_smaller_is_not_offered() -> None:
    assert [place.zone for place in find_places("Berlin")] == ["Europe/Berlin"]


def test_an_offset_is_said_as_people_say_it() -> None:
    assert offset_of("Etc/GMT-2") == "UTC+2"
    assert offset_of("Europe/Berlin") is None
