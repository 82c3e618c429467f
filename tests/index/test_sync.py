import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import generations as generations_module
from index import manifest
from index.engine import Ranking
from index.engines.whoosh import WhooshEngine
from index.generations import LiveIndex
from index.query import Query
from index.queryparser import parse
from index.rebuild import rebuild, roll_back
from index.sync import sync
from index.verify import verify
from ingest.batch import accept_all
from kb.errors import IndexBusy, IndexIncompatible, IndexMissing, SearchIndexError, StorageError
from kb.faults import Cure, Fault
from tests.library import take_in, write
from webapp.wiring import Services


@pytest.fixture
def library(services: Services, tmp_path: Path) -> Services:
    take_in(
        services, write(tmp_path / "guides", a="The duty desk answers at night.", b="Visits are on Monday.")
    )
    return services


def catch_up(library: Services) -> int:
    return sync(library.catalog, library.generations, wait=5)


def faults(library: Services) -> list[str]:
    return [fault.text for fault in verify(library.catalog, library.blobs, library.generations)]


def once(act: Callable[[int], None]) -> Callable[[int], None]:
    """Return what acts at the first call only."""
    left = [act]
    return lambda count: left.pop()(count) if left else None


def found(library: Services, question: str) -> int:
    engine, _ = LiveIndex(library.generations).engine()
    return engine.search(parse(question)).total


class TestSync:
    def test_an_index_that_is_up_to_date_is_left_alone(self, library: Services) -> None:
        assert catch_up(library) == 0

    def test_only_what_changed_is_applied(self, library: Services, tmp_path: Path) -> None:
        (tmp_path / "guides" / "a.txt").write_text("The duty desk answers by day.")
        take_in(library, tmp_path / "guides")
        assert (found(library, "night"), found(library, "duty")) == (0, 1)
        assert faults(library) == []

    def test_many_small_batches_come_to_the_same(
        self, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("index.sync.BATCH", 3)
        texts = {f"n{number}": f"Note number {number} on the visit." for number in range(10)}
        take_in(services, write(tmp_path / "notes", **texts))
        assert found(services, "visit") == 10
        assert faults(services) == []

    def test_a_writer_waits_its_turn_and_says_so_when_it_takes_too_long(self, library: Services) -> None:
        with library.generations.lock(wait=1), pytest.raises(IndexBusy, match="another process"):
            sync(library.catalog, library.generations, wait=0.05)

    def test_a_removed_source_leaves_the_results(self, library: Services) -> None:
        with library.catalog.reading() as transaction:
            source = transaction.sources.all()[0]
        library.pipeline.remove(source.id)
        catch_up(library)
        assert found(library, "duty") == 0
        assert faults(library) == []


class TestRebuild:
    def test_a_rebuild_gives_the_same_answers_from_a_new_generation(self, library: Services) -> None:
        before = library.search.search("duty desk")
        assert rebuild(library.catalog, library.generations, wait=5) == 2
        engine, number = LiveIndex(library.generations).engine()
        assert (number, engine.count()) == (2, 2)
        after = library.search.search("duty desk")
        assert [(h.citation.passage.id, h.score) for h in before.hits] == [
            (h.citation.passage.id, h.score) for h in after.hits
        ]

    def test_searches_follow_a_swap(self, library: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(generations_module, "_LOOK_AGAIN", 0.0)
        live = LiveIndex(library.generations)
        assert live.engine()[1] == 1
        rebuild(library.catalog, library.generations, wait=5)
        assert live.engine()[1] == 2

    def test_the_previous_generation_is_kept_and_one_step_brings_it_back(self, library: Services) -> None:
        for _ in range(3):
            rebuild(library.catalog, library.generations, wait=5)
        assert library.generations.all() == [3, 4]
        assert roll_back(library.catalog, library.generations, wait=5) == 3
        assert library.generations.live() == 3

    def test_without_an_earlier_generation_there_is_nothing_to_go_back_to(self, library: Services) -> None:
        with pytest.raises(SearchIndexError, match="no earlier index"):
            roll_back(library.catalog, library.generations, wait=5)

    def test_a_new_index_that_is_wrong_is_not_used(
        self, library: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "index.rebuild.compare", lambda *_: [Fault("2 passages are missing", Cure.REBUILD)]
        )
        with pytest.raises(SearchIndexError, match="2 passages are missing"):
            rebuild(library.catalog, library.generations, wait=5)
        assert library.generations.live() == 1

    def test_a_rebuild_that_was_broken_off_goes_on_where_it_was(
        self, services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("index.sync.BATCH", 3)
        texts = {f"n{number}": f"Note number {number} on the visit." for number in range(10)}
        take_in(services, write(tmp_path / "notes", **texts))
        done: list[int] = []

        def break_off(count: int) -> None:
            done.append(count)
            if count >= 6:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rebuild(services.catalog, services.generations, wait=5, progress=break_off)
        assert (services.generations.live(), services.generations.unfinished()) == (1, 2)
        done.clear()
        assert rebuild(services.catalog, services.generations, wait=5, progress=done.append) == 2
        assert done == [3, 4], "only the last four of the ten were left to do"
        assert services.generations.unfinished() is None
        assert faults(services) == []

    def test_a_rebuild_that_was_broken_off_and_damaged_begins_anew(self, library: Services) -> None:
        number, engine = library.generations.create(building=True)
        engine.close()
        (library.generations.path(number) / manifest.NAME).write_text("{}")
        rebuild(library.catalog, library.generations, wait=5)
        assert faults(library) == []
        assert library.generations.all() == [1, library.generations.live()]

    def test_documents_that_change_during_a_rebuild_are_found_in_both_indexes(
        self, library: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def change(number: int) -> None:
            write(tmp_path / "guides", **{f"c{number}": f"Parking, place {number}."})
            take_in(library, tmp_path / "guides")

        def meanwhile(_count: int) -> None:
            change(1)
            assert (found(library, "parking"), library.generations.live()) == (1, 1)

        def at_the_check(*_: object) -> list[str]:
            change(2)
            assert (found(library, "parking"), library.generations.live()) == (2, 1)
            return []

        monkeypatch.setattr("index.sync.BATCH", 2)
        begun = rebuild(
            library.catalog, library.generations, wait=5, progress=once(meanwhile), check=at_the_check
        )
        assert (begun, found(library, "parking"), faults(library)) == (2, 2, [])

    def test_going_back_keeps_what_changed_since(self, library: Services, tmp_path: Path) -> None:
        rebuild(library.catalog, library.generations, wait=5)
        (tmp_path / "guides" / "a.txt").write_text("The duty desk answers by day.")
        take_in(library, write(tmp_path / "guides", c="Parking is behind the house."))
        assert roll_back(library.catalog, library.generations, wait=5) == 1
        assert (found(library, "parking"), found(library, "night"), faults(library)) == (1, 0, [])

    def test_a_disk_that_is_too_small_is_told_before_anything_is_written(
        self, library: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "index.rebuild.shutil.disk_usage", lambda _: shutil._ntuple_diskusage(9, 8, 10**6)
        )
        with pytest.raises(StorageError, match=r"may take \d+ MB, and 1 MB are free"):
            rebuild(library.catalog, library.generations, wait=5)
        assert library.generations.all() == [1]
        assert found(library, "duty") == 1

    def test_an_index_that_does_not_find_its_own_passages_is_not_used(
        self, library: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        search = WhooshEngine.search

        def forgetful(engine: WhooshEngine, query: Query, **how: Any) -> Ranking:
            ranking = search(engine, query, **how)
            return replace(ranking, hits=[])

        monkeypatch.setattr(WhooshEngine, "search", forgetful)
        with pytest.raises(SearchIndexError, match="2 of 2 passages are not found by their own words"):
            rebuild(library.catalog, library.generations, wait=5)
        assert library.generations.all() == [1]

    def test_an_index_below_the_floors_is_not_used(self, library: Services) -> None:
        with pytest.raises(SearchIndexError, match="below its floor"):
            rebuild(
                library.catalog,
                library.generations,
                wait=5,
                check=lambda _: ["ndcg@10 is 0.1, below its floor of 0.9"],
            )
        assert (library.generations.live(), library.generations.all()) == (1, [1])

    def test_an_index_that_is_gone_is_built_again_from_the_catalog(self, library: Services) -> None:
        shutil.rmtree(library.generations.folder)
        with pytest.raises(IndexMissing):
            LiveIndex(library.generations).engine()
        catch_up(library)
        assert found(library, "duty") == 1


class TestLostFiles:
    @pytest.mark.parametrize("damage", [None, b"", b"\xff\x00", b"77"])
    def test_an_open_index_goes_on_answering_whatever_happens_to_the_pointer(
        self, library: Services, damage: bytes | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(generations_module, "_LOOK_AGAIN", 0.0)
        live = LiveIndex(library.generations)
        live.engine()
        pointer = library.generations.folder / "live"
        pointer.unlink()
        if damage is not None:
            pointer.write_bytes(damage)
        engine, number = live.engine()
        assert (engine.count(), number) == (2, 1)

    @pytest.mark.parametrize("damage", [None, b"", b"\xff\x00"])
    def test_the_next_sync_names_the_index_that_is_there(
        self, library: Services, damage: bytes | None
    ) -> None:
        pointer = library.generations.folder / "live"
        pointer.unlink()
        if damage is not None:
            pointer.write_bytes(damage)
        assert catch_up(library) == 0
        assert (library.generations.live(), found(library, "duty")) == (1, 1)

    def test_a_number_that_readers_may_hold_open_is_never_given_again(self, library: Services) -> None:
        shutil.rmtree(library.generations.path(1))
        assert rebuild(library.catalog, library.generations, wait=5) == 2


class TestIncompatible:
    def test_an_index_of_another_version_is_refused_with_a_remedy(self, library: Services) -> None:
        path = library.generations.path(1) / manifest.NAME
        facts = json.loads(path.read_text())
        path.write_text(json.dumps({**facts, "fields_version": facts["fields_version"] + 1}))
        with pytest.raises(IndexIncompatible, match="another version") as caught:
            LiveIndex(library.generations).engine()
        assert "kb reindex" in caught.value.remedy
        assert any("another version" in fault for fault in faults(library))
        assert rebuild(library.catalog, library.generations, wait=5) == 2
        assert faults(library) == []

    def test_an_index_of_another_catalog_is_refused(self, library: Services) -> None:
        library.generations.catalog_id = "another"
        with pytest.raises(IndexIncompatible, match="another catalog"):
            LiveIndex(library.generations).engine()

    @pytest.mark.parametrize("damage", ["", "not a number", "\xff"])
    def test_a_damaged_pointer_is_named(self, library: Services, damage: str) -> None:
        (library.generations.folder / "live").write_text(damage, encoding="latin-1")
        with pytest.raises(IndexIncompatible):
            library.generations.live()


def write_as_the_first_version(folder: Path) -> None:
    """Take the checksums out of an index, which the first version did not write."""
    (folder / "live").write_text((folder / "live").read_text().partition(" ")[0])
    for file in (*folder.glob("0*/*.sums"), *folder.glob("0*/sequences.json")):
        content = json.loads(file.read_text())
        content.pop("check")
        file.write_text(json.dumps(content))
    for file in folder.glob("0*/tocs.json"):
        file.unlink()


class TestFirstFormat:
    def test_an_index_of_the_first_version_is_opened_and_goes_on(
        self, library: Services, tmp_path: Path
    ) -> None:
        write_as_the_first_version(library.generations.folder)
        assert (found(library, "duty"), faults(library)) == (1, [])
        take_in(library, write(tmp_path / "guides", c="Parking is behind the house."))
        assert (found(library, "parking"), faults(library)) == (1, [])
        assert (library.generations.path(1) / "tocs.json").exists()


class TestVerify:
    def test_a_sound_library_has_no_fault(self, library: Services) -> None:
        assert faults(library) == []

    def test_a_stored_copy_that_changed_is_found(self, library: Services) -> None:
        with library.catalog.reading() as transaction:
            sha256 = next(iter(transaction.documents.all_hashes()))
        library.blobs.path(sha256).write_bytes(b"x")
        assert any("damaged" in fault for fault in faults(library))

    def test_an_index_that_is_behind_is_found(self, library: Services, tmp_path: Path) -> None:
        (tmp_path / "guides" / "c.txt").write_text("A third note about parking.")
        list(accept_all(library.pipeline, [tmp_path / "guides"], collection=None, max_bytes=1000))
        library.pipeline.read_next()
        assert any("reflects change" in fault for fault in faults(library))

    def test_passages_missing_from_the_index_are_found(self, library: Services) -> None:
        engine = library.generations.open(1)
        with library.catalog.reading() as transaction:
            last = transaction.passages.last_sequence()
            lost = next(iter(transaction.passages.live_ids()))
        with engine.writer(last) as writer:
            writer.delete(lost)
        engine.close()
        assert faults(library) == [f"1 passages are missing from the index, {lost} among them"]
