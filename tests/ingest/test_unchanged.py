"""Which files are read again, and which are known by their looks?"""

import os
import time
import zipfile
from pathlib import Path

import pytest

from ingest import stamps
from ingest.batch import accept_all
from ingest.fetch import Found, walk
from ingest.pipeline import Pipeline
from ingest.readers.registry import READERS, Reader
from ingest.unchanged import skim
from kb.model import Outcome, OutcomeKind

WORDS = "The rules are kept by the desk."


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that tests have just written are trusted as if they were old."""
    monkeypatch.setattr(stamps, "_TICK_NS", -(10**18))


@pytest.fixture
def memo(library: Path) -> Path:
    path = library / "memo.txt"
    path.write_text(WORDS)
    return path


class Reading:
    """Takes a folder in and tells which files were read for it."""

    def __init__(self, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
        self._pipeline = pipeline
        self._opened: list[str] = []
        read = Path.open

        def opening(path: Path, *more: object, **named: object) -> object:
            self._opened.append(path.name)
            return read(path, *more, **named)  # type: ignore[call-overload]

        monkeypatch.setattr(Path, "open", opening)

    def __call__(self, path: Path, *, thorough: bool = False) -> tuple[list[str], list[OutcomeKind]]:
        self._opened.clear()
        kinds = []
        for step in accept_all(
            self._pipeline, [path], collection=None, max_bytes=1_000_000, thorough=thorough
        ):
            outcome = step if isinstance(step, Outcome) else self._pipeline.read_next(step)
            assert outcome is not None
            kinds.append(outcome.kind)
        return [name for name in self._opened if name.endswith(".txt")], kinds


@pytest.fixture
def reading(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> Reading:
    return Reading(pipeline, monkeypatch)


@pytest.mark.usefixtures("old")
class TestOldFiles:
    def test_a_file_that_looks_as_before_is_not_read(
        self, reading: Reading, library: Path, memo: Path
    ) -> None:
        assert reading(library) == (["memo.txt"], [OutcomeKind.ADDED])
        assert reading(library) == ([], [OutcomeKind.UNCHANGED])

    def test_a_file_is_read_when_it_is_asked_for_thoroughly(
        self, reading: Reading, library: Path, memo: Path
    ) -> None:
        reading(library)
        assert reading(library, thorough=True) == (["memo.txt"], [OutcomeKind.UNCHANGED])

    def test_a_change_that_keeps_size_and_time_is_noticed(
        self, reading: Reading, library: Path, memo: Path
    ) -> None:
        reading(library)
        status = memo.stat()
        memo.write_text(WORDS.replace("desk", "door"))
        os.utime(memo, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert memo.stat().st_size == status.st_size
        assert reading(library) == (["memo.txt"], [OutcomeKind.UPDATED])

    def test_another_file_put_in_its_place_is_noticed(
        self, reading: Reading, library: Path, memo: Path
    ) -> None:
        reading(library)
        other = library / "other"
        other.write_text(WORDS.replace("desk", "door"))
        os.utime(other, ns=(memo.stat().st_atime_ns, memo.stat().st_mtime_ns))
        os.replace(other, memo)
        assert reading(library) == (["memo.txt"], [OutcomeKind.UPDATED])

    def test_what_failed_is_tried_again(self, reading: Reading, library: Path, memo: Path) -> None:
        memo.write_bytes(b"")
        assert reading(library) == (["memo.txt"], [OutcomeKind.FAILED])
        assert reading(library) == (["memo.txt"], [OutcomeKind.FAILED])

    def test_what_was_removed_is_taken_in_again_when_it_is_named(
        self, reading: Reading, library: Path, memo: Path, pipeline: Pipeline
    ) -> None:
        reading(library)
        with pipeline.catalog.reading() as transaction:
            (source,) = transaction.sources.all()
        pipeline.remove(source.id)
        assert reading(library) == (["memo.txt"], [OutcomeKind.ADDED])

    def test_what_an_older_reader_read_is_read_again(
        self, reading: Reading, library: Path, memo: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reading(library)
        reader = READERS["text/plain"]
        monkeypatch.setitem(READERS, "text/plain", Reader(reader.name, reader.version + 1, reader.read))
        assert reading(library) == (["memo.txt"], [OutcomeKind.UPDATED])

    def test_the_same_folder_in_another_collection_is_read(
        self, reading: Reading, library: Path, memo: Path, pipeline: Pipeline
    ) -> None:
        reading(library)
        (step,) = accept_all(pipeline, [library], collection="other", max_bytes=1_000_000)
        assert isinstance(step, str)

    def test_an_archive_is_looked_into_again(self, pipeline: Pipeline, library: Path, memo: Path) -> None:
        # What is in it may have failed, or be for a newer reader: its stamp can't say.
        with zipfile.ZipFile(library / "all.zip", "w") as archive:
            archive.writestr("inside.txt", "The rules of the house are kept in the hall.")
        list(accept_all(pipeline, [library], collection=None, max_bytes=1_000_000))
        while pipeline.read_next():
            pass
        packed, plain = skim(pipeline.catalog, walk(library))
        assert isinstance(packed, Found)
        assert isinstance(plain, Outcome)

    def test_a_thousand_files_keep_their_order(self, pipeline: Pipeline, library: Path) -> None:
        for number in range(1200):
            (library / f"{number:04}.txt").touch()
        files = list(walk(library))
        assert list(skim(pipeline.catalog, files)) == files
        assert all(isinstance(file, Found) for file in files)


def test_a_file_that_changed_a_moment_ago_is_read_once_more(
    reading: Reading, library: Path, memo: Path
) -> None:
    # It may change again within the tick of the clock, and look the same.
    reading(library)
    assert reading(library) == (["memo.txt"], [OutcomeKind.UNCHANGED])


def test_only_a_stamp_that_is_older_than_the_tick_of_the_clock_is_trusted(
    memo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stamps.trusted(memo.stat()) is None
    monkeypatch.setattr(time, "time_ns", lambda: memo.stat().st_ctime_ns + 2_000_000_001)
    assert stamps.trusted(memo.stat()) == stamps.stamp(memo.stat())
