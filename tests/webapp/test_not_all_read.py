"""Is it told, by the command and on the page, what could not be read of a document while the rest was?"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.functional.hostile_repeats import epub
from tests.library import services_at, take_in
from webapp import create_app
from webapp.cli import cli

MISSING = "chapters that are not in the book: 1"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    file = tmp_path / "desk.epub"
    file.write_bytes(epub('<itemref idref="c0"/><itemref idref="lost"/>'))
    return file


def test_the_command_says_that_not_all_was_read(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(cli, ["ingest", str(book)])
    assert result.exit_code == 0
    assert f"not all read: {book.as_uri()}: {MISSING}" in result.output
    monkeypatch.setenv("KB_HOME", str(tmp_path / "other"))
    result = CliRunner().invoke(cli, ["ingest", str(book), "--json"])
    (line,) = [text for text in result.output.splitlines() if text.startswith("{")]
    assert json.loads(line)["warnings"] == [MISSING]


def test_the_page_of_a_document_says_it_too_in_the_language_of_the_page(book: Path, tmp_path: Path) -> None:
    services = services_at(tmp_path / "home")
    (outcome,) = take_in(services, book)
    assert outcome.warnings == (MISSING,)
    client = create_app(services).test_client()
    english = client.get(f"/documents/{outcome.source_id}").get_data(as_text=True)
    spanish = client.get(f"/documents/{outcome.source_id}", headers={"Accept-Language": "es"})
    services.close()
    assert "Not all could be read" in english
    assert "Chapters that are not in the book: 1." in english
    assert "Capítulos que no están en el libro: 1." in spanish.get_data(as_text=True)
