import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.batch import accept_all
from ingest.pipeline import Pipeline
from kb.catalog import Catalog
from kb.model import OutcomeKind
from tests.ingest.watch.watched import GRACE, START, Sources, Watched, kinds, memo


class TestGoing:
    @pytest.fixture(autouse=True)
    def taken_in(self, watched: Watched, library: Path) -> None:
        for name in ("a", "b", "c"):
            memo(library / "rules", name)
        watched.look_through()
        assert len(watched.after()) == 3

    def test_a_deleted_file_is_taken_out_after_the_grace(
        self, watched: Watched, library: Path, sources: Sources
    ) -> None:
        (library / "rules" / "a.txt").unlink()
        watched.hint(library / "rules" / "a.txt")
        watched.after()
        assert watched.remove(after=GRACE - 1) == []
        assert len(watched.remove(after=1)) == 1
        assert sorted(sources()) == ["b.txt", "c.txt"]

    def test_a_pass_finds_what_was_deleted_meanwhile(
        self, watched: Watched, library: Path, sources: Sources
    ) -> None:
        (library / "rules" / "a.txt").unlink()
        watched.look_through()
        watched.look_through()
        assert len(watched.remove()) == 1
        assert sorted(sources()) == ["b.txt", "c.txt"]

    def test_a_file_that_comes_back_in_time_was_never_away(
        self, watched: Watched, library: Path, sources: Sources
    ) -> None:
        path = library / "rules" / "a.txt"
        words = path.read_text()
        path.unlink()
        watched.hint(path)
        watched.after()
        path.write_text(words)
        watched.hint(path)
        assert kinds(watched.after()) == [OutcomeKind.UNCHANGED]
        assert watched.remove() == []
        assert len(sources()) == 3

    def test_the_very_same_file_put_back_is_noticed_without_reading_it(
        self, watched: Watched, library: Path, catalog: Catalog
    ) -> None:
        path = library / "rules" / "a.txt"
        with catalog.writing() as transaction:
            (source,) = transaction.sources.at(path.as_uri())
            transaction.files.missed([source.id], since=START)
        watched.look_through()
        with catalog.reading() as transaction:
            assert transaction.files.count_missing() == 0

    def test_a_file_that_comes_back_late_gets_its_ids_back(
        self, watched: Watched, library: Path, catalog: Catalog, sources: Sources
    ) -> None:
        path = library / "rules" / "a.txt"
        words = path.read_text()
        before = sources()["a.txt"].id
        with catalog.reading() as transaction:
            passages = [passage.id for passage in transaction.passages.of_source(before)]
        path.unlink()
        watched.look_through()
        watched.remove()
        assert "a.txt" not in sources()
        path.write_text(words)
        watched.look_through()
        watched.after()
        assert sources()["a.txt"].id == before
        with catalog.reading() as transaction:
            assert [passage.id for passage in transaction.passages.of_source(before)] == passages

    def test_a_renamed_file_keeps_its_source(self, watched: Watched, library: Path, sources: Sources) -> None:
        before = sources()["a.txt"].id
        old, new = library / "rules" / "a.txt", library / "elsewhere.txt"
        os.rename(old, new)
        watched.hint(old, new)
        assert kinds(watched.after()) == [OutcomeKind.UNCHANGED]
        assert sources()["elsewhere.txt"].id == before
        assert watched.remove() == []
        assert len(sources()) == 3

    def test_a_name_in_other_letters_is_a_new_name(
        self, watched: Watched, library: Path, sources: Sources
    ) -> None:
        before = sources()["a.txt"].id
        os.rename(library / "rules" / "a.txt", library / "rules" / "A.txt")
        watched.look_through()
        watched.after()
        assert sources()["A.txt"].id == before
        assert len(sources()) == 3

    def test_where_names_are_written_in_any_case_a_new_one_is_still_noticed(
        self, watched: Watched, library: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = sources()["a.txt"].id
        os.rename(library / "rules" / "a.txt", library / "rules" / "A.txt")
        exists = Path.exists
        # As on macOS and Windows: the old name still opens the file.
        monkeypatch.setattr(Path, "exists", lambda path: exists(path) or path.name == "a.txt")
        watched.hint(library / "rules" / "A.txt")
        watched.after()
        assert sources()["A.txt"].id == before

    def test_a_renamed_folder_takes_its_sources_along(
        self, watched: Watched, library: Path, sources: Sources
    ) -> None:
        before = {name: source.id for name, source in sources().items()}
        os.rename(library / "rules", library / "laws")
        watched.hint(library / "rules", library / "laws")
        watched.after()
        assert {name: source.id for name, source in sources().items()} == before
        assert all("/laws/" in source.uri for source in sources().values())
        assert watched.remove() == []

    def test_what_a_person_took_out_stays_out(
        self, watched: Watched, library: Path, pipeline: Pipeline, sources: Sources
    ) -> None:
        pipeline.remove(sources()["a.txt"].id)
        (library / "rules" / "a.txt").write_text("Even when somebody writes into it.")
        watched.look_through()
        assert watched.after() == []
        assert sorted(sources()) == ["b.txt", "c.txt"]

    def test_a_file_that_is_there_but_left_out_of_passes_is_not_gone(
        self, watched: Watched, pipeline: Pipeline, library: Path, catalog: Catalog
    ) -> None:
        hidden = memo(library / ".hidden", "d")
        list(accept_all(pipeline, [hidden], collection="library", max_bytes=1_000_000))
        watched.look_through()
        with catalog.reading() as transaction:
            assert transaction.files.count_missing() == 0

    def test_a_folder_that_may_not_be_opened_loses_nothing(
        self,
        watched: Watched,
        library: Path,
        catalog: Catalog,
        sources: Sources,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        # Permission bits do not stop root, who may run these tests, so the system calls refuse here.
        scandir, look = os.scandir, os.stat

        def refuse(call: Callable[..., object]) -> Callable[..., object]:
            def refusing(path: str, *more: object, **named: object) -> object:
                if "/rules" in str(path):
                    raise PermissionError(13, "Permission denied")
                return call(path, *more, **named)

            return refusing

        monkeypatch.setattr(os, "scandir", refuse(scandir))
        monkeypatch.setattr(os, "stat", refuse(look))
        (outcome,) = watched.look_through()
        assert "Permission denied" in outcome.reason
        with catalog.reading() as transaction:
            assert transaction.files.count_missing() == 0
        assert watched.remove() == []
        assert len(sources()) == 3
