import os
import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def test_all_has_a_default(desk: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    assert settings.telegram_bot_token is None
    assert settings.source_names[0] == "dumps"
    assert settings.database == f"sqlite:///{Path('data') / 'paperboy.db'}"


def test_sources_are_split_at_commas(desk: pytest.MonkeyPatch) -> None:
    desk.setenv("SOURCES", " https://example.org/a , more/dumps ,")
    assert load_settings().sources == ("https://example.org/a", "more/dumps")


def test_an_empty_setting_switches_a_source_off(desk: pytest.MonkeyPatch) -> None:
    desk.setenv("SOURCES", "")
    desk.setenv("DUMPS_DIR", "")
    assert load_settings().source_names == ()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("POLL_MINUTES", "soon"),
        ("POLL_MINUTES", "0"),
        ("PLAYGROUND_PORT", "70000"),
        ("LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "mysql://user:secret@host/db"),
        ("TELEGRAM_BOT_TOKEN", "123456:too-secret"),
    ],
)
def test_a_wrong_setting_is_named_and_not_shown(desk: pytest.MonkeyPatch, variable: str, value: str) -> None:
    desk.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable) as caught:
        load_settings()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "wanted"),
    [
        ("POLL_MINUTES", "soon", "a whole number is wanted"),
        ("PICK_PERCENTILE", "500", "it must be at most 99"),
        ("INVITE_ONLY", "perhaps", "true or false is wanted"),
        ("LOG_FORMAT", "xml", "it must be 'pretty' or 'json'"),
    ],
)
def test_a_wrong_setting_is_told_what_is_wanted(
    desk: pytest.MonkeyPatch, variable: str, value: str, wanted: str
) -> None:
    desk.setenv(variable, value)
    with pytest.raises(SettingsError, match=f"{variable}: {wanted}"):
        load_settings()


def test_a_token_is_not_shown_by_its_settings(desk: pytest.MonkeyPatch) -> None:
    desk.setenv("TELEGRAM_BOT_TOKEN", "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")
    assert "AAHdq" not in repr(load_settings())


def test_the_env_file_is_read(desk: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("POLL_MINUTES=7\n")
    assert load_settings().poll_minutes == 7


def test_the_example_names_every_setting_with_its_default(desk: pytest.MonkeyPatch) -> None:
    """An .env copied from the example as it stands changes nothing."""
    before = load_settings()
    named = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))
    assert set(named) == {name.upper() for name in Settings.model_fields}
    for name, value in named.items():
        desk.setenv(name, value)
    assert load_settings() == before
    assert os.environ["POLL_MINUTES"] == named["POLL_MINUTES"]


def test_an_address_of_another_kind_is_refused(desk: pytest.MonkeyPatch) -> None:
    desk.setenv("SOURCES", "htp:/example.org/list")
    with pytest.raises(SettingsError, match=r"SOURCES: an address in it starts neither with http"):
        load_settings()


@pytest.mark.parametrize("address", ["", "hub.example.org", "https://", "http://host:99999"])
@pytest.mark.parametrize("name", ["HF_ENDPOINT", "ARXIV_API", "ARXIV_FEED", "TELEGRAM_API_URL"])
def test_a_server_that_is_no_address_is_refused_in_words(
    desk: pytest.MonkeyPatch, name: str, address: str
) -> None:
    desk.setenv(name, address)
    with pytest.raises(SettingsError, match=f"{name}: is no http or https address"):
        load_settings()


def test_a_category_behind_a_comma_is_refused_with_how_it_is_written(desk: pytest.MonkeyPatch) -> None:
    desk.setenv("SOURCES", "arxiv:cs.AI,cs.CL")
    with pytest.raises(SettingsError, match=r"SOURCES: cs\.CL .* as in arxiv:cs\.AI\+cs\.CL"):
        load_settings()


def test_a_category_that_arxiv_has_not_is_refused(desk: pytest.MonkeyPatch) -> None:
    desk.setenv("SOURCES", "huggingface,arxiv:cs.AI+cs.XX")
    with pytest.raises(SettingsError, match=r"SOURCES: arXiv has no category cs\.XX"):
        load_settings()


@pytest.mark.parametrize(
    ("value", "choice"),
    [("", "installed"), (" Off ", "off"), ("HUB", "hub"), ("models/mine", Path("models/mine"))],
)
def test_the_embedding_model_is_a_word_or_a_folder(
    desk: pytest.MonkeyPatch, value: str, choice: str | Path
) -> None:
    """The known words count in any spelling; whatever else is set names a folder."""
    desk.setenv("EMBEDDING_MODEL", value)
    assert load_settings().embedding_model == choice


def test_the_owner_s_ids_are_split_at_commas(desk: pytest.MonkeyPatch) -> None:
    desk.setenv("ADMIN_IDS", " 7, 42 ,")
    assert load_settings().admin_ids == (7, 42)


@pytest.mark.parametrize("ids", ["ada", "-5", "7 8", "٧"])
def test_an_owner_is_a_number(desk: pytest.MonkeyPatch, ids: str) -> None:
    desk.setenv("ADMIN_IDS", ids)
    with pytest.raises(SettingsError, match="ADMIN_IDS: holds something else than the numbers of people"):
        load_settings()


def test_the_bot_is_open_to_all_unless_told_otherwise(desk: pytest.MonkeyPatch) -> None:
    assert not load_settings().invite_only
    desk.setenv("INVITE_ONLY", "true")
    assert load_settings().invite_only
