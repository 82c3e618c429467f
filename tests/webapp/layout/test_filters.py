import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.layout.filters import file_name, file_path, sentence, size, title_text, toggled


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("file:///a/b%20c.txt", "/a/b c.txt"),
        ("upload:desk/b%20c.zip#d.txt", "desk/b c.zip › d.txt"),
        ("https://example.org/x%20y", "https://example.org/x%20y"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_file_paths_are_shown_as_people_write_them(uri: str, shown: str) -> None:
    assert file_path(uri) == shown


def test_a_file_name_has_no_control_characters() -> None:
    assert file_name("file:///a/two%0Alines%E2%80%AE.txt") == "two lines.txt"


def test_errors_are_shown_as_sentences() -> None:
    assert sentence("the file is empty") == "The file is empty."
    assert sentence("broken.pdf is no text!") == "broken.pdf is no text!"


def test_a_title_cannot_turn_text_around() -> None:
    assert title_text("a\u202eb") == "ab"
    assert len(title_text("x" * 500)) == 80


def test_a_value_is_added_or_taken_away() -> None:
    assert toggled(["a"], "b") == ["a", "b"]
    assert toggled(["a", "b"], "a") == ["b"]
    assert toggled(["a"], "a") is None


def test_sizes_are_short(client: FlaskClient) -> None:
    app: Flask = client.application
    with app.test_request_context("/"):
        assert [size(n) for n in (0, 999, 1_500, 25_600_000, 3 * 10**12)] == [
            "0 B", "999 B", "1.5 kB", "26 MB", "3,000 GB",
        ]  # fmt: skip
