"""Are pictures of pages drawn once, and do they take no more space than they may?"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.isolation.isolated import Isolated
from ingest.reading import InProcess, Limits, Reading, Task
from kb.blobs import BlobStore
from kb.errors import KBError, SourceUnreadable
from kb.model import Revision
from tests.ingest.readers.pdf.paper import LEFT, PROSE, TOP, Paper
from webapp.work.pictures import Pictures


class Counting(InProcess):
    """Draws, and counts how often."""

    drawn = 0

    def picture(self, task: Task, blobs: BlobStore) -> bytes:
        self.drawn += 1
        return super().picture(task, blobs)


def paper() -> bytes:
    made = Paper()
    for _ in range(4):
        made.prose(PROSE, LEFT, TOP)
        made.page()
    return made.content()


def revision(blobs: BlobStore, content: bytes, media_type: str = "application/pdf") -> Revision:
    return Revision(1, "s", blobs.put(content), media_type, len(content), datetime.now(UTC))


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def pictures(tmp_path: Path, blobs: BlobStore, reading: Reading, most: int = 10_000_000) -> Pictures:
    return Pictures(tmp_path / "pictures", reading=reading, blobs=blobs, most_bytes=most)


def test_a_page_is_drawn_once_for_each_width(tmp_path: Path, blobs: BlobStore) -> None:
    reading = Counting()
    kept = pictures(tmp_path, blobs, reading)
    pdf = revision(blobs, paper())
    first = kept.page(pdf, 1, width=800)
    assert first.startswith(b"\x89PNG")
    assert kept.page(pdf, 1, width=800) == first
    assert kept.page(pdf, 1, width=1600) != first
    assert reading.drawn == 2


def test_what_was_not_looked_at_for_longest_makes_room(tmp_path: Path, blobs: BlobStore) -> None:
    reading = Counting()
    pdf = revision(blobs, paper())
    size = len(pictures(tmp_path, blobs, reading).page(pdf, 1, width=800))
    kept = pictures(tmp_path, blobs, reading, most=2 * size + size // 2)
    for number in (2, 3, 4):
        kept.page(pdf, number, width=800)
    left = list((tmp_path / "pictures").glob("*/*.png"))
    assert sum(path.stat().st_size for path in left) <= 2 * size + size // 2
    assert any(path.name.endswith("-4-800.png") for path in left)


def test_pictures_go_with_the_bytes_that_they_were_drawn_from(tmp_path: Path, blobs: BlobStore) -> None:
    kept = pictures(tmp_path, blobs, InProcess())
    stays, goes = revision(blobs, paper()), revision(blobs, paper() + b"\n")
    for width in (800, 1600):
        kept.page(goes, 1, width=width)
    kept.page(stays, 1, width=800)
    folder = tmp_path / "pictures" / goes.sha256[:2]
    (folder / ".new-killed").write_bytes(b"half a picture")
    os.utime(folder / ".new-killed", (0, 0))
    (folder / ".new-now").write_bytes(b"half a picture")
    blobs.path(goes.sha256).unlink()
    assert kept.drop_those_without_bytes() == 2
    left = {path.name for path in (tmp_path / "pictures").rglob("*") if path.is_file()}
    assert left == {f"{stays.sha256}-1-800.png", ".new-now"}
    assert kept.drop_those_without_bytes() == 0


@pytest.fixture(scope="module")
def isolated() -> Iterator[Isolated]:
    reading = Isolated(Limits(seconds=30, memory_mb=512))
    yield reading
    reading.close()


def test_a_process_of_its_own_draws_the_same(isolated: Isolated, tmp_path: Path, blobs: BlobStore) -> None:
    pdf = revision(blobs, paper())
    there = pictures(tmp_path / "one", blobs, isolated).page(pdf, 2, width=800)
    assert there == pictures(tmp_path / "other", blobs, InProcess()).page(pdf, 2, width=800)


@pytest.mark.parametrize("content", [b"%PDF-1.4 broken", b"plain words"])
def test_bytes_that_are_no_pdf_are_a_named_failure(
    isolated: Isolated, tmp_path: Path, blobs: BlobStore, content: bytes
) -> None:
    with pytest.raises(KBError):
        pictures(tmp_path, blobs, isolated).page(revision(blobs, content), 1, width=800)


def test_only_pdfs_are_drawn(tmp_path: Path, blobs: BlobStore) -> None:
    with pytest.raises(SourceUnreadable, match="only pages of a PDF"):
        pictures(tmp_path, blobs, InProcess()).page(revision(blobs, b"words", "text/plain"), 1, width=800)
