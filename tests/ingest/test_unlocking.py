"""Are locked documents opened with the operator's passwords, and are these kept to where they are needed?"""

import logging
import os
from pathlib import Path

import pytest

from ingest.formats import PDF
from ingest.reading import InProcess, Limits, Seen, Task
from ingest.unlocking import PasswordFile, Unlocking
from kb.blobs import BlobStore
from kb.errors import SourceLocked
from tests.ingest.readers.pdf.paper import LEFT, PROSE, TOP, Paper


class Watched(InProcess):
    """Reads, and notes which passwords it was given."""

    def __init__(self, limits: Limits | None = None) -> None:
        super().__init__(limits)
        self.given: list[tuple[str, ...]] = []

    def read(self, task: Task, blobs: BlobStore) -> Seen:
        self.given.append(task.passwords)
        return super().read(task, blobs)


def paper(password: str | None) -> bytes:
    made = Paper(password=password)
    made.prose(PROSE, LEFT, TOP)
    return made.content()


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "passwords.txt"
    path.write_text("# of the archive\n\nbeech\n  acorn \nbeech\n\\#7\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def task(blobs: BlobStore, content: bytes, page: int | None = None) -> Task:
    return Task(blobs.put(content), "plan.pdf", PDF, 1, 1, page=page, width=300)


def test_each_line_is_a_password_but_for_comments_and_blank_ones(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert PasswordFile(file).passwords() == ("beech", "acorn", "#7")
    assert PasswordFile(None).passwords() == ()
    assert not caplog.records


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_file_may_be_in_the_usual_encodings(file: Path, encoding: str) -> None:
    file.write_bytes("contraseña\r\n".encode(encoding))
    assert PasswordFile(file).passwords() == ("contraseña",)


def test_a_change_of_the_file_counts_at_once_and_a_missing_file_is_told_once(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known = PasswordFile(file)
    file.write_text("oak\n", encoding="utf-8")
    assert known.passwords() == ("oak",)
    file.unlink()
    with caplog.at_level(logging.WARNING):
        assert known.passwords() == known.passwords() == ()
    assert [record.getMessage() for record in caplog.records] == [
        f"the file that KB_PASSWORD_FILE names cannot be read: {os.strerror(2)}"
    ]


def test_more_passwords_than_are_tried_are_told(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.write_text("".join(f"word{number}\n" for number in range(600)), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert len(PasswordFile(file).passwords()) == 500
    assert "the first 500" in caplog.text
    assert "word" not in caplog.text.replace("PASSWORD", "").replace("passwords", "")


def test_a_file_that_others_may_read_is_told(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.chmod(0o644)
    with caplog.at_level(logging.WARNING):
        assert "acorn" in PasswordFile(file).passwords()
    assert "chmod 600" in caplog.text


def test_a_locked_pdf_is_read_and_drawn_with_the_password_that_opens_it(blobs: BlobStore, file: Path) -> None:
    reading = Unlocking(InProcess(), PasswordFile(file).passwords)
    locked = paper("acorn")
    seen = reading.read(task(blobs, locked), blobs)
    assert seen.sight is not None
    assert seen.sight.document.text == PROSE
    assert reading.picture(task(blobs, locked, page=1), blobs).startswith(b"\x89PNG")


def test_passwords_are_given_only_for_what_is_locked_and_shown_nowhere(blobs: BlobStore, file: Path) -> None:
    watched = Watched()
    reading = Unlocking(watched, PasswordFile(file).passwords)
    reading.read(task(blobs, paper(None)), blobs)
    assert watched.given == [()]
    with pytest.raises(SourceLocked) as caught:
        reading.read(task(blobs, paper("yew")), blobs)
    assert watched.given[1:] == [(), ("beech", "acorn", "#7")]
    assert "acorn" not in f"{caught.value!r} {caught.value.remedy}"
    assert "acorn" not in repr(Task("ab", "plan.pdf", PDF, 1, 1, passwords=("acorn",)))
