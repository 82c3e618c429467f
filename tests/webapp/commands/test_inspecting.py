import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.reading import InProcess
from kb.errors import UnknownFormat
from tests.ingest.archive_fixtures import zipped
from webapp.cli import cli

GUIDE = "# Visits\n\nRelatives may visit on weekdays.\n\n## What to bring\n\n- fruit\n- books\n"


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("webapp.wiring.Isolated", InProcess)
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))


def shown(*arguments: object) -> str:
    result = CliRunner().invoke(cli, ["inspect", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_each_block_is_shown_with_its_place_and_kind(tmp_path: Path) -> None:
    (tmp_path / "visits.md").write_text(GUIDE)
    lines = shown(tmp_path / "visits.md").splitlines()
    assert "text/markdown, read by markdown@" in lines[0]
    assert "title: Visits" in lines
    assert any("0–6" in line and "heading 1" in line and line.endswith("Visits") for line in lines)
    assert sum("list_item 1" in line for line in lines) == 2


def test_programs_get_all_that_was_seen(tmp_path: Path) -> None:
    (tmp_path / "visits.md").write_text(GUIDE)
    seen = json.loads(shown(tmp_path / "visits.md", "--json", "--passages"))
    assert seen["title"] == "Visits"
    assert [block["text"] for block in seen["blocks"]][1] == "Relatives may visit on weekdays."
    assert all(block["end"] - block["start"] == len(block["text"]) for block in seen["blocks"])
    assert [passage["headings"] for passage in seen["passages"]][-1] == ["Visits", "What to bring"]


def test_passages_are_shown_under_their_headings(tmp_path: Path) -> None:
    (tmp_path / "visits.md").write_text(GUIDE)
    assert "Visits › What to bring ‖ " in shown(tmp_path / "visits.md", "--passages")


def test_an_archive_shows_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "docs.zip").write_bytes(zipped({"visits.md": GUIDE, "photo.png": b"\x89PNG\r\n\x1a\n"}))
    lines = shown(tmp_path / "docs.zip").splitlines()
    assert "file in it: visits.md: text/markdown" in lines[1]
    assert "photo.png: it seems to be a PNG image" in lines[2]
    assert [part["name"] for part in json.loads(shown(tmp_path / "docs.zip", "--json"))["parts"]] == [
        "visits.md",
        "photo.png",
    ]


def test_what_cannot_be_read_says_why_and_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(UnknownFormat, match="a PNG image"):
        shown(tmp_path / "photo.png")
    assert not (tmp_path / "home").exists()
