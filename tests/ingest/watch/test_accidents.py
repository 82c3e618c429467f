import os
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.pipeline import Pipeline
from ingest.watch.folder import WatchedFolder, is_gone
from kb.errors import FolderVanished
from tests.ingest.watch.watched import START, Sources, Watched, memo


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
