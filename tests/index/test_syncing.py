"""Whoever holds the index open for writing sees what others did to it meanwhile."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index import sync as sync_module
from index.engine import Engine
from index.generations import Generations, LiveIndex
from index.queryparser import parse
from index.rebuild import rebuild
from index.sync import Syncing, sync
from ingest.batch import accept_all
from kb.errors import IndexIncompatible
from tests.library import outcomes_of, take_in, write
from webapp.wiring import Services


@pytest.fixture
def library(services: Services, tmp_path: Path) -> Services:
    guides = write(tmp_path / "guides", a="The duty desk answers at night.", b="Visits are on Monday.")
    take_in(services, guides)
    return services


@pytest.fixture
def syncing(library: Services) -> Iterator[Syncing]:
    with closing(Syncing(library.catalog, library.generations)) as held:
        held.sync(wait=5)
        yield held


def accept(library: Services, folder: Path, **texts: str) -> None:
    """Take documents into the catalog and not into the index."""
    steps = accept_all(library.pipeline, [write(folder, **texts)], collection=None, max_bytes=64_000_000)
    outcomes_of(library.pipeline, steps)


def found(library: Services, question: str) -> int:
    engine, _ = LiveIndex(library.generations).engine()
    return engine.search(parse(question)).total


def opened(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note which generations are opened from now on."""
    numbers: list[int] = []
    before = Generations.open

    def noting(self: Generations, number: int) -> Engine:
        numbers.append(number)
        return before(self, number)

    monkeypatch.setattr(Generations, "open", noting)
    return numbers


def test_what_changes_is_indexed_without_opening_the_index_again(
    library: Services, syncing: Syncing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = opened(monkeypatch)
    for number, word in enumerate(("heron", "otter")):
        accept(library, tmp_path / word, **{word: f"Room {number} has a picture of the {word}."})
        assert syncing.sync(wait=5) == 1
    assert numbers == []
    assert (found(library, "heron"), found(library, "otter"), found(library, "duty")) == (1, 1, 1)


def test_it_is_opened_again_once_in_a_while(
    library: Services, syncing: Syncing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_module, "_HELD_FOR", -1.0)
    numbers = opened(monkeypatch)
    syncing.sync(wait=5)
    accept(library, tmp_path / "more", heron="A picture of the heron.")
    syncing.sync(wait=5)
    assert numbers == [1]


def test_what_another_process_indexed_meanwhile_is_kept(
    library: Services, syncing: Syncing, tmp_path: Path
) -> None:
    take_in(library, write(tmp_path / "theirs", heron="A picture of the heron."))
    accept(library, tmp_path / "ours", otter="A picture of the otter.")
    syncing.sync(wait=5)
    assert (found(library, "heron"), found(library, "otter"), found(library, "duty")) == (1, 1, 1)


def test_an_index_that_was_built_anew_is_the_one_that_is_written(
    library: Services, syncing: Syncing, tmp_path: Path
) -> None:
    rebuild(library.catalog, library.generations, wait=5)
    accept(library, tmp_path / "more", heron="A picture of the heron.")
    syncing.sync(wait=5)
    assert (library.generations.live(), found(library, "heron"), found(library, "duty")) == (2, 1, 1)


def test_an_index_that_was_deleted_and_made_again_in_its_place_is_not_taken_for_the_old_one(
    library: Services, syncing: Syncing, tmp_path: Path
) -> None:
    shutil.rmtree(library.generations.folder)
    sync(library.catalog, library.generations, wait=5)
    (tmp_path / "guides" / "a.txt").write_text("The duty desk answers by day.")
    accept(library, tmp_path / "guides")
    syncing.sync(wait=5)
    assert (found(library, "night"), found(library, "duty"), found(library, "visits")) == (0, 1, 1)


def test_who_could_not_write_opens_the_index_anew(
    library: Services, syncing: Syncing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(library, tmp_path / "more", heron="A picture of the heron.")
    toc = next(library.generations.path(1).glob("_MAIN_*.toc"))
    content = toc.read_bytes()
    toc.write_bytes(content[:-9])
    with pytest.raises(IndexIncompatible):
        syncing.sync(wait=5)
    toc.write_bytes(content)
    numbers = opened(monkeypatch)
    syncing.sync(wait=5)
    assert numbers == [1]
    assert found(library, "heron") == 1
