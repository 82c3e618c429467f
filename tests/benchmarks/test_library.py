from __future__ import annotations

import io
import json
import lzma
import tarfile
from pathlib import Path

import pytest

from benchmarks.library import folder_of_data, questions, real_lines

LINES = [
    {
        "_id": f"guide-{number // 3}#{number}",
        "lang": "es" if number % 2 else "en",
        "title": f"Guide {number // 3}",
        "text": f"The office number {number} answers letters on the second day of each month.",
    }
    for number in range(12)
]
TYPED = [{"_id": str(number), "text": f"which office answers letter {number}"} for number in range(9)]


def as_lines(values: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(each) + "\n" for each in values).encode()


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    folder = tmp_path / "unpacked"
    sets = folder / "dev/retrieval/letters"
    sets.mkdir(parents=True)
    (folder / "scale-100k.jsonl").write_bytes(as_lines(LINES))
    (sets / "queries.jsonl").write_bytes(as_lines(TYPED))
    return folder


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    folder = tmp_path / "packed"
    folder.mkdir()
    (folder / "scale-100k.jsonl.xz").write_bytes(lzma.compress(as_lines(LINES)))
    with tarfile.open(folder / "dev.tar.xz", "w:xz") as archive:
        for name in ("queries.jsonl", "corpus.jsonl"):
            member = tarfile.TarInfo(f"dev/retrieval/letters/{name}")
            member.size = len(as_lines(TYPED))
            archive.addfile(member, io.BytesIO(as_lines(TYPED)))
    return folder


def test_packed_data_give_the_same_passages_and_questions_as_unpacked(
    unpacked: Path, packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert folder_of_data(str(unpacked)) == unpacked
    found = folder_of_data(str(packed))
    assert real_lines(found) == real_lines(unpacked)
    assert questions(real_lines(found), found, 8) == questions(real_lines(unpacked), unpacked, 8)
    assert not list(found.rglob("corpus.jsonl"))
    # Unpacked once: what is packed need not be there any longer.
    written = (found / "scale-100k.jsonl").stat().st_mtime_ns
    assert folder_of_data(str(packed)) == found
    assert (found / "scale-100k.jsonl").stat().st_mtime_ns == written


def test_data_without_sets_of_questions_give_questions_too(
    packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (packed / "dev.tar.xz").unlink()
    found = folder_of_data(str(packed))
    assert len(questions(real_lines(found), found, 8)) == 8


def test_who_has_no_data_reads_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="make bench-quick DATA=FOLDER") as told:
        folder_of_data(str(tmp_path))
    assert str(tmp_path / "scale-100k.jsonl") in str(told.value)
