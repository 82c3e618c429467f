import os
from pathlib import Path

from ingest.pipeline import Pipeline
from kb.model import OutcomeKind
from tests.ingest.watch.watched import QUIET, Sources, Watched, kinds, memo


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
