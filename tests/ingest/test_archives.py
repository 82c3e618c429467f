import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archives import check, parts
from ingest.parts import LostPart, Part, harmless, unlike
from kb.errors import SourceEmpty, SourceError, SourceLocked, SourceTooLarge, SourceUnreadable
from tests.ingest.archive_fixtures import declaring, overlapping, with_password, zipped

WORDS = b"The desk answers at any hour. " * 20


def checked(archive: bytes) -> None:
    check(archive, most_parts=20, most_bytes=5_000_000)


def test_the_files_of_an_archive_come_in_its_order() -> None:
    archive = zipped({"b/plan.txt": WORDS, "a.txt": b"Short."})
    checked(archive)
    assert list(parts(archive)) == [Part("b/plan.txt", WORDS), Part("a.txt", b"Short.")]


def test_what_programs_leave_in_archives_is_left_out() -> None:
    left = ["__MACOSX/._a.txt", ".DS_Store", "docs/.DS_Store", "docs/Thumbs.db", "docs/~$a.docx", "docs/"]
    archive = zipped([*((name, b"") for name in left), ("a.txt", WORDS)])
    assert [part.name for part in parts(archive)] == ["a.txt"]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\a.txt", "Windows/a.txt"),
        ("..\\..\\a.txt", "a.txt"),
        ("a/./b/../c.txt", "a/b/c.txt"),
        ("a//b.txt", "a/b.txt"),
        ("two\nlines\x00\u202e.txt", "two lines.txt"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("x" * 500, "x" * 300),
    ],
)
def test_names_are_labels_and_lead_nowhere(name: str, label: str) -> None:
    assert harmless(name) == label
    # What reads archives cuts a name at its first NUL.
    (part,) = parts(zipped([(name, WORDS)]))
    assert part.name == harmless(name.partition("\0")[0])


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_name_leads_out_of_its_archive(name: str) -> None:
    label = harmless(name)
    assert label
    assert not label.startswith("/")
    assert not {"", ".", ".."} & set(label.split("/"))
    assert "\\" not in label
    assert harmless(label) == label


def test_names_of_older_programs_are_decoded() -> None:
    for encoding in ("utf-8", "cp850"):
        raw = "Año de atención Ñ.txt".encode(encoding)
        archive = zipped([("x" * len(raw), WORDS)]).replace(b"x" * len(raw), raw)
        assert [part.name for part in parts(archive)] == ["Año de atención Ñ.txt"]


def test_equal_names_are_told_apart() -> None:
    assert unlike("a/plan.txt", set()) == "a/plan.txt"
    assert unlike("a/plan.txt", {"a/plan.txt"}) == "a/plan (2).txt"
    assert unlike("a/plan.txt", {"a/plan.txt", "a/plan (2).txt"}) == "a/plan (3).txt"


def test_a_file_with_a_password_is_lost_alone_and_an_archive_with_one_as_a_whole() -> None:
    archive = zipped({"open.txt": WORDS, "locked.txt": WORDS})
    opened, locked = parts(with_password(archive, "locked"))
    assert isinstance(opened, Part)
    assert isinstance(locked, LostPart)
    assert "password" in str(locked.error)
    with pytest.raises(SourceLocked, match="the archive is locked with a password"):
        list(parts(with_password(with_password(archive, "locked"), "open")))


def test_a_damaged_file_is_lost_alone() -> None:
    archive = bytearray(zipped({"bad.txt": WORDS, "good.txt": WORDS}))
    archive[40:44] = b"\xff\xff\xff\xff"
    bad, good = parts(bytes(archive))
    assert isinstance(bad, LostPart)
    assert isinstance(good, Part)


def test_an_empty_archive_is_empty() -> None:
    with pytest.raises(SourceEmpty):
        list(parts(zipped({})))


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (zipped({"bomb.txt": bytes(3_000_000)}), "200 times its size"),
        (zipped({f"{n}.txt": b"a" for n in range(21)}), "more files than the limit of 20"),
        (declaring(zipped({"image.png": WORDS}), 2_147_483_648), "2,147 MB, more than the limit of 5 MB"),
        (b"PK\x01\x02" * 2_000, "more files"),
    ],
    ids=["ratio", "files", "declared", "directory"],
)
def test_what_unpacks_to_too_much_is_refused_unopened(archive: bytes, words: str) -> None:
    with pytest.raises(SourceTooLarge) as caught:
        checked(archive)
    assert words in str(caught.value)
    assert caught.value.remedy


def test_files_that_lie_over_one_another_are_refused() -> None:
    with pytest.raises(SourceUnreadable, match="over one another"):
        checked(overlapping(WORDS, times=5))


def test_an_archive_that_lies_about_its_sizes_yields_no_more_than_it_declared() -> None:
    archive = declaring(zipped({"long.txt": WORDS * 100}), 100)
    checked(archive)
    (part,) = parts(archive)
    assert isinstance(part, LostPart) or len(part.content) <= 100


@settings(deadline=None)
@given(st.binary(max_size=60), st.integers(0, 400), st.sampled_from([0, 1, 30]))
def test_any_damage_is_a_refusal_never_another_error(damage: bytes, at: int, cut: int) -> None:
    archive = bytearray(zipped({"a.txt": WORDS, "b/c.txt": b"More."}))
    archive[at : at + len(damage)] = damage
    broken = bytes(archive[: len(archive) - cut])
    with contextlib.suppress(SourceError):
        checked(broken)
        list(parts(broken))
