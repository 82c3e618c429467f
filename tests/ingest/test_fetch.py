import os
from pathlib import Path

import pytest

from ingest.fetch import Found, Unreachable, is_web, read_file, walk
from kb.errors import SourceMissing, SourceTooLarge


def places(path: Path) -> list[str]:
    return [found.place for found in walk(path) if isinstance(found, Found)]


def test_files_come_in_the_order_of_their_names_with_their_place_below_the_root(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/y.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert places(tmp_path) == ["a/y.html", "a/z.md", "b.txt"]


def test_the_collection_is_named_after_the_folder_unless_one_is_given(tmp_path: Path) -> None:
    folder = tmp_path / "Policies 2026"
    folder.mkdir()
    (folder / "a.txt").write_text("x")
    assert [f.collection for f in walk(folder) if isinstance(f, Found)] == ["Policies 2026"]
    assert [f.collection for f in walk(folder / "a.txt") if isinstance(f, Found)] == ["Policies 2026"]
    assert [f.collection for f in walk(folder, collection="laws") if isinstance(f, Found)] == ["laws"]


def test_what_no_person_wrote_is_left_out(tmp_path: Path) -> None:
    for name in (".git/config", ".DS_Store", "~$memo.docx", "Thumbs.db", "memo.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert places(tmp_path) == ["memo.txt"]


def test_links_to_folders_are_not_followed_so_that_no_walk_goes_in_circles(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "memo.txt").write_text("x")
    os.symlink(tmp_path, tmp_path / "a" / "again")
    os.symlink(tmp_path / "a" / "memo.txt", tmp_path / "linked.txt")
    assert places(tmp_path) == ["a/memo.txt", "linked.txt"]


def test_a_link_to_nothing_is_named(tmp_path: Path) -> None:
    os.symlink(tmp_path / "gone.txt", tmp_path / "link.txt")
    (found,) = walk(tmp_path)
    assert isinstance(found, Unreachable)
    assert "not there" in str(found.error)


def test_a_folder_that_cannot_be_opened_is_named_and_the_walk_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Permission bits do not stop root, who may run these tests, so the system call itself refuses here.
    (tmp_path / "closed").mkdir()
    (tmp_path / "open.txt").write_text("x")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    closed, readable = walk(tmp_path)
    assert isinstance(closed, Unreachable)
    assert "Permission denied" in str(closed.error)
    assert isinstance(readable, Found)


def test_a_path_that_does_not_exist_is_an_error_that_names_it(tmp_path: Path) -> None:
    (found,) = walk(tmp_path / "nowhere.txt")
    assert isinstance(found, Found)
    with pytest.raises(SourceMissing, match=r"nowhere\.txt does not exist"):
        read_file(found, max_bytes=10)


def test_a_file_over_the_limit_is_refused_with_the_limit(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_bytes(b"x" * 2_000_001)
    (found,) = walk(tmp_path)
    assert isinstance(found, Found)
    with pytest.raises(SourceTooLarge, match="limit of 2 MB"):
        read_file(found, max_bytes=2_000_000)


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert places(tmp_path) == []
    (found,) = walk(tmp_path / "pipe.txt")
    assert isinstance(found, Found)
    with pytest.raises(SourceMissing, match="not a file"):
        read_file(found, max_bytes=10)


def test_a_name_from_an_old_disk_is_no_obstacle(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/Se\xf1ales.txt", "wb") as file:
        file.write(b"words")
    (found,) = walk(tmp_path)
    assert isinstance(found, Found)
    assert found.place == "Se\\xf1ales.txt"
    fetched = read_file(found, max_bytes=10)
    assert (fetched.content, fetched.uri[-14:]) == (b"words", "/Se%F1ales.txt")


def test_a_link_to_itself_is_named_and_the_walk_goes_on(tmp_path: Path) -> None:
    os.symlink("loop.txt", tmp_path / "loop.txt")
    (tmp_path / "memo.txt").write_text("x")
    looping, memo = walk(tmp_path)
    assert isinstance(looping, Unreachable)
    assert isinstance(memo, Found)


def test_a_file_that_may_not_be_opened_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Permission bits do not stop root, who may run these tests, so the system call itself refuses here.
    (tmp_path / "closed.txt").write_text("x")
    (found,) = walk(tmp_path)
    assert isinstance(found, Found)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceMissing, match=r"closed\.txt cannot be read: Permission denied"):
        read_file(found, max_bytes=10)


def test_a_path_is_told_from_a_web_address() -> None:
    assert is_web("HTTPS://agency.example")
    assert not is_web("/srv/https/documents")
    assert not is_web("C:\\documents")
