"""Another process gathers what is known of the library; without it the same comes out."""

import subprocess
import sys
from pathlib import Path

import pytest

from index.library import beside, comparing, store
from index.rebuild import rebuild
from index.sync import sync
from ingest.batch import accept_all
from tests.library import outcomes_of, write
from webapp.wiring import Services


@pytest.fixture
def library(services: Services, tmp_path: Path) -> Services:
    """Two documents that are in the catalog and not in the index."""
    folder = write(
        tmp_path / "guides",
        a="The Department of Public Health (DPH) answers at night.",
        b="Visits to the department are on Monday.",
    )
    steps = accept_all(services.pipeline, [folder], collection=None, max_bytes=1_000_000)
    assert len(outcomes_of(services.pipeline, steps)) == 2
    return services


@pytest.fixture
def helped(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let a process help with however little there is to do; list the codes that these ended with."""
    codes: list[int] = []
    end = beside._end

    def noted(process: "subprocess.Popen[bytes]") -> None:
        end(process)
        codes.append(process.returncode)

    monkeypatch.setattr(beside, "_WORTH", 1)
    monkeypatch.setattr(beside.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(beside, "_end", noted)
    return codes


def words(services: Services) -> set[str]:
    number = services.generations.live()
    assert number is not None
    folder = services.generations.path(number)
    assert comparing.differences(services.catalog, folder) == []
    return {word for (word,) in store.Library(folder).rows("SELECT word FROM words")}


def test_what_another_process_gathers_is_what_this_one_would(library: Services, helped: list[int]) -> None:
    sync(library.catalog, library.generations, wait=5)
    assert helped == [0]
    assert {"department", "visits", "monday"} <= words(library)
    rebuild(library.catalog, library.generations, wait=5)
    assert helped == [0, 0]
    assert {"department", "visits", "monday"} <= words(library)


def test_what_it_left_undone_is_done_here(
    library: Services, helped: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = [sys.executable, "-c", "raise SystemExit(3)"]
    monkeypatch.setattr(
        beside, "_start", lambda _catalog, _folder: subprocess.Popen(broken, stdin=subprocess.PIPE)
    )
    sync(library.catalog, library.generations, wait=5)
    assert helped == [3]
    assert {"department", "visits", "monday"} <= words(library)


def test_it_is_told_to_stop_when_indexing_fails(library: Services, helped: list[int]) -> None:
    def fail(_applied: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(library.catalog, library.generations, wait=5, progress=fail)
    assert len(helped) == 1
    sync(library.catalog, library.generations, wait=5)
    assert {"department", "visits", "monday"} <= words(library)
