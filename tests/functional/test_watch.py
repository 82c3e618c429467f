"""`kb watch` as a process, and what the command line does about files that are gone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.library import write
from tests.waiting import PATIENCE, wait_until
from webapp.cli import cli


def run(*arguments: str) -> str:
    return CliRunner().invoke(cli, arguments).output


@pytest.fixture
def guides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KB_HOME", str(tmp_path / "home"))
    return write(tmp_path / "guides", hotline="Call the county hotline at 800-555-0100.")


def found(question: str) -> int:
    answer = run("search", question, "--json")
    return int(json.loads(answer)["total"]) if answer.startswith("{") else 0


def test_a_watched_folder_can_be_searched_and_the_watch_ends_within_seconds(guides: Path) -> None:
    write(guides, parking="Parking is behind the house, next to the school.")
    environ = {**os.environ, "KB_WATCH_QUIET": "0.1", "KB_WATCH_GRACE": "0", "KB_WORKER_INTERVAL": "0.05"}
    process = subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", "watch", str(guides)], env=environ, stderr=subprocess.PIPE
    )
    try:
        wait_until(lambda: found("hotline") == 1, "what was there is found")
        (guides / "hotline.txt").unlink()
        wait_until(lambda: found("hotline") == 0, "a deleted file is no longer found")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE)
        assert time.monotonic() - began < 5
        assert process.returncode == 0, log
    finally:
        process.kill()
        process.communicate()


def test_documents_whose_files_are_gone_are_taken_out_together(guides: Path) -> None:
    write(guides, parking="Parking is behind the house, next to the school.")
    run("ingest", str(guides))
    (guides / "hotline.txt").unlink()
    assert "removed" in run("remove", "--missing", "--collection", "guides")
    assert (found("hotline"), found("parking")) == (0, 1)
    # They come back with the file.
    write(guides, hotline="Call the county hotline at 800-555-0100.")
    assert "1 added, 1 unchanged" in run("ingest", str(guides))
    assert "no such document" in run("remove", "--missing")


def test_a_file_can_be_compared_word_by_word(guides: Path) -> None:
    run("ingest", str(guides))
    assert "1 unchanged" in run("ingest", str(guides), "--thorough")
