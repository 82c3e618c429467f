import json
from pathlib import Path

import pytest

from tests.functional.commands import failing, run


def test_status_and_verify_are_content_with_a_sound_library(guides: Path) -> None:
    run("ingest", guides)
    report = json.loads(run("status", "--json").output)
    assert (report["ok"], report["documents"]["ready"], report["index"]["behind"]) == (True, 2, 0)
    assert report["collections"] == {"guides": 2}
    assert "up to date" in run("status").output
    listed = run("status", "--documents")
    assert "guides/hotline.txt" in listed.output
    assert json.loads(run("verify", "--json").output) == {"ok": True, "faults": [], "healed": []}
    assert run("verify").output.strip() == "all is well"


def test_verify_fails_when_a_stored_copy_is_damaged(guides: Path, home: Path) -> None:
    run("ingest", guides)
    blob = next(path for path in (home / "blobs").rglob("*") if path.is_file())
    blob.write_bytes(b"x")
    result = run("verify")
    assert result.exit_code == 1
    assert "damaged" in result.output
    repaired = run("verify", "--repair")
    assert repaired.exit_code == 0, repaired.output
    assert repaired.output.startswith("healed: the stored copy")


def test_what_cannot_be_healed_is_named(guides: Path, home: Path) -> None:
    run("ingest", guides)
    blob = next(path for path in (home / "blobs").rglob("*") if path.is_file())
    blob.write_bytes(b"x")
    for file in guides.iterdir():
        file.unlink()
    result = run("verify", "--repair")
    assert result.exit_code == 1
    assert "restore a backup" in result.output


def test_a_library_is_kept_in_one_file_and_brought_back(
    guides: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("ingest", guides)
    asked = json.loads(run("search", "hotline", "--json").output)
    kept = run("backup", tmp_path / "library.zip")
    assert kept.exit_code == 0, kept.output
    monkeypatch.setenv("KB_HOME", str(tmp_path / "elsewhere"))
    restored = run("restore", tmp_path / "library.zip")
    assert restored.exit_code == 0, restored.output
    assert "all is well" in restored.output
    again = json.loads(run("search", "hotline", "--json").output)
    assert again["hits"] == asked["hits"]


def test_a_backup_is_not_restored_over_a_library(
    guides: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("ingest", guides)
    run("backup", tmp_path / "library.zip")
    said = failing("restore", tmp_path / "library.zip", monkeypatch=monkeypatch, capsys=capsys)
    assert "has a library already" in said


def test_reindex_builds_a_new_generation_and_rollback_goes_back(guides: Path) -> None:
    run("ingest", guides)
    assert "index 2 is live" in run("reindex").output
    assert "index 1 is live" in run("reindex", "--rollback").output
    assert json.loads(run("search", "hotline", "--json").output)["total"] == 1


def test_removed_documents_are_found_no_more(guides: Path) -> None:
    run("ingest", guides)
    source_id = json.loads(run("search", "hotline", "--json").output)["hits"][0]["source"]["id"]
    assert "removed" in run("remove", source_id).output
    assert json.loads(run("search", "hotline", "--json").output)["total"] == 0
    assert run("remove").exit_code == 2
    run("remove", "--collection", "guides")
    assert json.loads(run("status", "--json").output)["documents"]["ready"] == 0
