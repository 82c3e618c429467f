from dataclasses import fields
from pathlib import Path

import pytest

from kb import settings
from kb.errors import HomeError, SettingsError


def test_the_table_and_the_class_name_the_same_settings() -> None:
    assert [row.name for row in settings.SETTINGS] == [field.name for field in fields(settings.Settings)]


def test_defaults_hold_without_any_variable() -> None:
    loaded = settings.load({})
    assert (loaded.host, loaded.port) == ("127.0.0.1", 8000)
    assert loaded.home.is_absolute()


def test_a_variable_wins_over_the_default_and_the_command_line_over_both(tmp_path: Path) -> None:
    environ = {"KB_PORT": "9000", "KB_HOME": str(tmp_path)}
    assert settings.load(environ).port == 9000
    assert settings.load(environ, port=9001).port == 9001
    assert settings.load(environ, port=None).port == 9000
    assert settings.load(environ).catalog_url.endswith("catalog.sqlite")


@pytest.mark.parametrize("value", ["eight", "-1", "8.5", "", "nan"])
def test_a_port_that_is_no_whole_number_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="KB_PORT"):
        settings.load({"KB_PORT": value})


@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf"])
def test_a_wait_that_is_no_finite_number_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="KB_LOCK_WAIT"):
        settings.load({"KB_LOCK_WAIT": value})


def test_a_misspelt_variable_is_noticed() -> None:
    assert settings.unknown_variables({"KB_PRT": "1", "KB_PORT": "1", "HOME": "/"}) == ["KB_PRT"]


def test_a_home_below_a_file_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(HomeError, match="cannot be written"):
        settings.prepare_home(tmp_path / "file" / "home")


def test_a_new_home_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    home = settings.prepare_home(tmp_path / "a" / "home")
    assert home.stat().st_mode & 0o077 == 0
