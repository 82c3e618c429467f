"""A watched folder, driven by hand: what happens is done to real files, and the clocks are given."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest import stamps
from ingest.batch import accept_all
from ingest.pipeline import Pipeline
from ingest.watch.folder import WatchedFolder, is_gone
from kb.catalog import Catalog
from kb.errors import FolderVanished
from kb.model import Outcome, OutcomeKind, Source

START = datetime(2026, 1, 2, tzinfo=UTC)
QUIET, GRACE = 2.0, 600.0


class Watched:
    """A folder with a clock; ``after`` moves it and does what is due."""

    def __init__(self, pipeline: Pipeline, root: Path) -> None:
        self._pipeline = pipeline
        self.folder = WatchedFolder(
            pipeline, root, max_bytes=1_000_000, quiet=QUIET, grace=timedelta(seconds=GRACE)
        )
        self.now = 0.0

    @property
    def at(self) -> datetime:
        return START + timedelta(seconds=self.now)

    def look_through(self) -> list[Outcome]:
        return list(self.folder.look_through(self.now, self.at))

    def hint(self, *paths: Path) -> None:
        for path in paths:
            self.folder.hint(path, self.now)

    def accept(self) -> int:
        """Accept what is settled without reading it; return how many files that were."""
        self.now += QUIET
        return len(list(self.folder.take_settled(self.now, self.at)))

    def after(self, seconds: float = QUIET) -> list[Outcome]:
        self.now += seconds
        outcomes = []
        for step in list(self.folder.take_settled(self.now, self.at)):
            outcome = step if isinstance(step, Outcome) else self._pipeline.read_next(step)
            assert outcome is not None
            outcomes.append(outcome)
        return outcomes

    def remove(self, after: float = GRACE) -> list[str]:
        self.now += after
        return self.folder.remove_missing(self.at)


@pytest.fixture
def watched(pipeline: Pipeline, library: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    # Files that tests have just written are trusted as if they were old.
    monkeypatch.setattr(stamps, "_TICK_NS", -(10**18))
    return Watched(pipeline, library)


@pytest.fixture
def sources(catalog: Catalog) -> Callable[[], dict[str, Source]]:
    """The sources that are not removed, by the name of the file that they stand in now."""

    def read() -> dict[str, Source]:
        with catalog.reading() as transaction:
            return {source.uri.rpartition("/")[2]: source for source in transaction.sources.all()}

    return read


Sources = Callable[[], dict[str, Source]]


def memo(folder: Path, name: str, words: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.txt"
    path.write_text(words or f"The rules of {name} are kept by the desk.")
    return path


def kinds(outcomes: list[Outcome]) -> list[OutcomeKind]:
    return [outcome.kind for outcome in outcomes]


class TestComing:
    def test_what_is_there_at_the_start_is_taken_in_when_it_is_quiet(
        self, watched: Watched, library: Path
    ) -> None:
        memo(library, "a")
        memo(library / "deep", "b")
        watched.look_through()
        assert watched.after(QUIET / 2) == []
        assert kinds(watched.after(QUIET / 2)) == [OutcomeKind.ADDED] * 2

    def test_a_second_pass_finds_nothing_to_do(self, watched: Watched, library: Path) -> None:
        memo(library, "a")
        watched.look_through()
        watched.after()
        watched.look_through()
        assert watched.after() == []

    def test_a_new_file_and_a_change_are_taken_in(
        self, watched: Watched, library: Path, sources: Sources
    ) -> None:
        path = memo(library, "a")
        watched.hint(path)
        (first,) = watched.after()
        path.write_text("Other rules are kept by the desk now.")
        watched.hint(path)
        (second,) = watched.after()
        assert (second.kind, second.source_id) == (OutcomeKind.UPDATED, first.source_id)

    def test_a_half_written_file_is_left_alone(self, watched: Watched, library: Path) -> None:
        path = memo(library, "a", "The first half of")
        watched.hint(path)
        path.write_text("The first half of a sentence, and its end.")
        assert watched.after() == []
        (outcome,) = watched.after()
        assert outcome.kind is OutcomeKind.ADDED

    def test_a_folder_that_is_moved_in_is_taken_in_whole(
        self, watched: Watched, library: Path, tmp_path: Path
    ) -> None:
        memo(tmp_path / "outside" / "x", "a")
        memo(tmp_path / "outside" / "y", "b")
        os.rename(tmp_path / "outside", library / "inside")
        watched.hint(library / "inside")
        assert kinds(watched.after()) == [OutcomeKind.ADDED] * 2

    def test_what_no_person_wrote_and_what_lies_outside_is_left_out(
        self, watched: Watched, library: Path, tmp_path: Path
    ) -> None:
        watched.hint(memo(library / ".git", "a"), memo(library, "~$b"), memo(tmp_path / "outside", "c"))
        assert watched.after() == []

    def test_links_to_files_in_the_folder_are_followed(self, watched: Watched, library: Path) -> None:
        inside = memo(library / "rules", "a")
        watched.after()
        watched.look_through()
        watched.after()
        os.symlink(inside, library / "linked.txt")
        os.symlink(inside.parent, library / "folder")
        watched.hint(library / "linked.txt", library / "folder", library / "folder" / "a.txt")
        (outcome,) = watched.after()
        assert outcome.uri.endswith("/linked.txt")

    def test_links_that_lead_out_of_the_folder_are_not(
        self, watched: Watched, library: Path, tmp_path: Path, sources: Sources
    ) -> None:
        target = memo(tmp_path / "elsewhere", "a")
        os.symlink(target, library / "linked.txt")
        watched.hint(library / "linked.txt")
        assert watched.after() == []
        (told,) = watched.look_through()
        assert (told.code, "kb ingest" in told.remedy) == ("source-forbidden", True)
        assert watched.after() == []
        assert sources() == {}

    def test_a_folder_behind_a_link_is_known_by_its_name(
        self, pipeline: Pipeline, library: Path, tmp_path: Path, sources: Sources
    ) -> None:
        os.symlink(library, tmp_path / "alias")
        watched = Watched(pipeline, tmp_path / "alias")
        # Some systems tell the real path.
        watched.hint(memo(library, "a"))
        (outcome,) = watched.after()
        assert "/alias/a.txt" in outcome.uri

    def test_a_file_that_cannot_be_read_is_told(self, watched: Watched, library: Path) -> None:
        path = library / "noise.txt"
        path.write_bytes(bytes(range(256)) * 8)
        watched.hint(path)
        (outcome,) = watched.after()
        assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "unknown-format")


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


class TestAccidents:
    @pytest.fixture(autouse=True)
    def taken_in(self, watched: Watched, library: Path) -> None:
        for number in range(24):
            memo(library, f"{number:02}")
        watched.look_through()
        assert watched.accept() == 24

    def test_a_drive_that_is_not_connected_deletes_nothing(
        self, watched: Watched, library: Path, tmp_path: Path, sources: Sources
    ) -> None:
        os.rename(library, tmp_path / "unplugged")
        watched.look_through()
        watched.hint(*(library / f"{number:02}.txt" for number in range(24)))
        watched.after()
        with pytest.raises(FolderVanished, match="is not there; its 24 documents are kept"):
            watched.folder.check()
        assert watched.remove() == []
        os.rename(tmp_path / "unplugged", library)
        watched.look_through()
        watched.accept()
        watched.folder.check()
        assert watched.remove() == []
        assert len(sources()) == 24

    def test_an_empty_folder_deletes_nothing(self, watched: Watched, library: Path, sources: Sources) -> None:
        for path in library.iterdir():
            path.unlink()
        watched.look_through()
        with pytest.raises(FolderVanished, match="is empty; its 24 documents are kept"):
            watched.remove()
        assert len(sources()) == 24

    def test_when_more_than_half_is_gone_nothing_is_taken_out_until_it_is_back(
        self, watched: Watched, library: Path, sources: Sources
    ) -> None:
        words = {number: (library / f"{number:02}.txt").read_text() for number in range(13)}
        for number in words:
            (library / f"{number:02}.txt").unlink()
        watched.look_through()
        with pytest.raises(FolderVanished, match="13 of 24 files") as caught:
            watched.remove()
        assert "kb remove --missing" in caught.value.remedy
        memo(library, "00", words[0])
        watched.look_through()
        watched.after()
        assert len(watched.remove()) == 12
        assert len(sources()) == 12

    def test_half_may_go(self, watched: Watched, library: Path, sources: Sources) -> None:
        for number in range(12):
            (library / f"{number:02}.txt").unlink()
        watched.look_through()
        assert len(watched.remove()) == 12

    def test_the_last_of_a_few_files_may_not_go_but_the_one_before_may(
        self, pipeline: Pipeline, tmp_path: Path, sources: Sources
    ) -> None:
        few = tmp_path / "few"
        paths = [memo(few, name) for name in ("x", "y")]
        watched = Watched(pipeline, few)
        watched.look_through()
        watched.after()
        paths[0].unlink()
        watched.look_through()
        assert len(watched.remove()) == 1
        paths[1].unlink()
        watched.look_through()
        with pytest.raises(FolderVanished):
            watched.remove()

    def test_documents_of_other_collections_are_left_alone(
        self, watched: Watched, pipeline: Pipeline, library: Path, sources: Sources
    ) -> None:
        other = WatchedFolder(
            pipeline, library, collection="other", max_bytes=1000, quiet=0, grace=timedelta(0)
        )
        (library / "00.txt").unlink()
        list(other.look_through(0, START))
        assert other.remove_missing(START) == []


def test_a_drive_that_gives_errors_proves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_gone(tmp_path / "gone.txt")
    assert is_gone(memo(tmp_path, "a") / "below a file")
    assert is_gone(tmp_path)
    assert not is_gone(tmp_path / "a.txt")

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "stat", fail)
    assert not is_gone(tmp_path / "gone.txt")
