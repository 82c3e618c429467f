"""The watcher itself: driven by hand, and once as a thread on the real notifications of the system."""

import logging
import shutil
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import watchfiles

from ingest.pipeline import Pipeline
from ingest.watch.folder import WatchedFolder
from ingest.watch.watching import Watching
from kb.catalog import Catalog
from kb.model import SourceState
from tests.waiting import PATIENCE, wait_until

START = datetime(2026, 1, 2, tzinfo=UTC)


class Clocks:
    """Two clocks that go together."""

    def __init__(self) -> None:
        self.now = 100.0

    def count(self) -> float:
        return self.now

    def today(self) -> datetime:
        return START + timedelta(seconds=self.now)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def folder_at(pipeline: Pipeline, root: Path, *, quiet: float = 2.0) -> WatchedFolder:
    return WatchedFolder(pipeline, root, max_bytes=1_000_000, quiet=quiet, grace=timedelta(seconds=60))


@pytest.fixture
def watching(pipeline: Pipeline, library: Path, clocks: Clocks) -> Watching:
    folder = folder_at(pipeline, library)
    return Watching([folder], threading.Event(), rescan=600, clock=clocks.count, today=clocks.today)


def pending(catalog: Catalog) -> int:
    with catalog.reading() as transaction:
        return transaction.sources.count(states=[SourceState.PENDING])


def write(folder: Path, count: int, *, start: int = 0) -> None:
    for number in range(start, start + count):
        (folder / f"{number:03}.txt").write_text(f"Rule {number} is kept by the desk.")


def test_the_first_tick_looks_at_everything_and_later_ones_follow_the_hints(
    watching: Watching, library: Path, catalog: Catalog, clocks: Clocks
) -> None:
    write(library, 3)
    watching.tick()
    clocks.now += 2
    watching.tick()
    assert pending(catalog) == 3
    write(library, 2, start=3)
    watching.tick([library / "003.txt"])
    clocks.now += 2
    watching.tick()
    assert pending(catalog) == 4
    # The one that nobody told of is found by the next pass.
    clocks.now += 600
    watching.tick()
    clocks.now += 2
    watching.tick()
    assert pending(catalog) == 5


def test_what_is_gone_is_taken_out_in_time(
    watching: Watching, library: Path, catalog: Catalog, clocks: Clocks
) -> None:
    write(library, 3)
    watching.tick()
    clocks.now += 2
    watching.tick()
    (library / "000.txt").unlink()
    watching.tick([library / "000.txt"])
    clocks.now += 2
    watching.tick()
    clocks.now += 70
    watching.tick()
    assert pending(catalog) == 2


def test_that_a_folder_is_lost_is_said_once_and_that_it_is_back(
    watching: Watching, library: Path, tmp_path: Path, clocks: Clocks, caplog: pytest.LogCaptureFixture
) -> None:
    write(library, 3)
    watching.tick()
    clocks.now += 2
    watching.tick()
    library.rename(tmp_path / "unplugged")
    with caplog.at_level(logging.INFO, logger="kb.watch"):
        for _ in range(3):
            clocks.now += 600
            watching.tick()
        (tmp_path / "unplugged").rename(library)
        clocks.now += 600
        watching.tick()
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert "is not there; its 3 documents are kept. Connect the drive again" in told[0]
    assert "as it should be again" in told[1]


def test_nothing_is_taken_in_once_it_is_to_stop(
    pipeline: Pipeline, library: Path, catalog: Catalog, clocks: Clocks
) -> None:
    write(library, 30)
    stop = threading.Event()
    watching = Watching(
        [folder_at(pipeline, library)], stop, rescan=600, clock=clocks.count, today=clocks.today
    )
    watching.tick()
    clocks.now += 2
    stop.set()
    watching.tick()
    assert pending(catalog) == 1


def test_real_changes_are_followed_and_the_end_is_quick(
    pipeline: Pipeline, library: Path, catalog: Catalog
) -> None:
    write(library, 1)
    stop = threading.Event()
    # A pass an hour: whatever is found below, the system told of.
    watching = Watching([folder_at(pipeline, library, quiet=0.05)], stop, rescan=3600)
    thread = threading.Thread(target=watching.run)
    thread.start()
    try:
        wait_until(lambda: pending(catalog) == 1, "the file that was there is taken in")
        write(library, 50, start=1)
        wait_until(lambda: pending(catalog) == 51, "fifty new files are taken in")
        (library / "sub").mkdir()
        write(library / "sub", 1)
        wait_until(lambda: pending(catalog) == 52, "a file in a new folder is taken in")
        (library / "000.txt").unlink()
        wait_until(lambda: missing(catalog) == 1, "that a file is gone is noticed")
        shutil.rmtree(library)
        library.mkdir()
        write(library, 1, start=900)
        wait_until(lambda: pending(catalog) == 53, "another folder at the same place is followed")
    finally:
        began = time.monotonic()
        stop.set()
        thread.join(PATIENCE)
    assert time.monotonic() - began < 3
    assert not thread.is_alive()


def missing(catalog: Catalog) -> int:
    with catalog.reading() as transaction:
        return transaction.files.count_missing()


def test_where_the_system_tells_nothing_the_passes_go_on(
    pipeline: Pipeline, library: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watchfiles, "watch", refuse)
    write(library, 1)
    stop = threading.Event()
    thread = threading.Thread(target=Watching([folder_at(pipeline, library, quiet=0)], stop, rescan=0).run)
    thread.start()
    try:
        wait_until(lambda: pending(catalog) == 1, "the first file is taken in")
        write(library, 1, start=1)
        wait_until(lambda: pending(catalog) == 2, "the second file is taken in")
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert "max_user_watches" in caplog.text
