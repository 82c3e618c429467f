from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.batch import accept_all
from ingest.parts import Part
from ingest.pipeline import Pipeline
from ingest.readers.registry import READERS, Reader
from ingest.readers.text import plaintext
from ingest.reading import InProcess, Limits
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.model import Outcome, OutcomeKind, Source, SourceState
from tests.ingest.archive_fixtures import with_password, zipped
from tests.library import outcomes_of

PLAN = "The safety plan names the people whom a young person trusts."
DESK = "The desk answers at any hour, also on holidays."
ROSTER = "The roster hangs at the door of the front room."


def take_in(pipeline: Pipeline, *paths: Path) -> list[Outcome]:
    return outcomes_of(pipeline, accept_all(pipeline, paths, collection=None, max_bytes=1_000_000))


def kinds(outcomes: list[Outcome]) -> dict[str, str]:
    """Return the outcome of each source by the end of its address."""
    return {outcome.uri.rpartition("/library/")[2]: outcome.kind.value for outcome in outcomes}


def live(catalog: Catalog) -> dict[str, Source]:
    with catalog.reading() as transaction:
        return {source.place: source for source in transaction.sources.all()}


def words_of(catalog: Catalog, source: Source) -> list[str]:
    with catalog.reading() as transaction:
        return [passage.text for passage in transaction.passages.of_source(source.id)]


@pytest.fixture
def archive(library: Path) -> Path:
    path = library / "docs.zip"
    path.write_bytes(zipped({"plan.txt": PLAN, "inner/desk.txt": DESK}))
    return path


def test_each_file_of_an_archive_is_a_source_below_it(
    pipeline: Pipeline, catalog: Catalog, archive: Path
) -> None:
    outcomes = take_in(pipeline, archive.parent)
    assert kinds(outcomes) == {
        "docs.zip": "added",
        "docs.zip#plan.txt": "added",
        "docs.zip#inner/desk.txt": "added",
    }
    sources = live(catalog)
    assert set(sources) == {"docs.zip", "docs.zip//plan.txt", "docs.zip//inner/desk.txt"}
    parent, child = sources["docs.zip"], sources["docs.zip//inner/desk.txt"]
    assert (parent.state, parent.document_id, parent.title) == (SourceState.READY, None, "docs.zip")
    assert child.parent_id == parent.id
    assert words_of(catalog, child) == [DESK]


def test_an_archive_that_did_not_change_leaves_all_as_it_is(
    pipeline: Pipeline, catalog: Catalog, archive: Path
) -> None:
    take_in(pipeline, archive.parent)
    with catalog.reading() as transaction:
        seen = transaction.passages.last_sequence()
    assert set(kinds(take_in(pipeline, archive.parent)).values()) == {"unchanged"}
    with catalog.reading() as transaction:
        assert transaction.passages.last_sequence() == seen


def test_a_changed_archive_adds_keeps_updates_and_removes(
    pipeline: Pipeline, catalog: Catalog, archive: Path
) -> None:
    archive.write_bytes(zipped({"plan.txt": PLAN, "desk.txt": DESK, "old.txt": "These words will go away."}))
    take_in(pipeline, archive.parent)
    before = live(catalog)
    archive.write_bytes(zipped({"plan.txt": PLAN, "desk.txt": DESK + " Day and night.", "new.txt": ROSTER}))
    assert kinds(take_in(pipeline, archive.parent)) == {
        "docs.zip": "updated",
        "docs.zip#plan.txt": "unchanged",
        "docs.zip#desk.txt": "updated",
        "docs.zip#new.txt": "added",
        "docs.zip#old.txt": "removed",
    }
    after = live(catalog)
    assert "docs.zip//old.txt" not in after
    assert after["docs.zip//desk.txt"].id == before["docs.zip//desk.txt"].id
    assert words_of(catalog, before["docs.zip//old.txt"]) == []


def test_removing_an_archive_removes_what_is_in_it_and_taking_it_in_again_brings_it_back(
    pipeline: Pipeline, catalog: Catalog, archive: Path
) -> None:
    take_in(pipeline, archive.parent)
    sources = live(catalog)
    links = [words_of(catalog, source) for source in sources.values()]
    assert pipeline.remove(sources["docs.zip"].id) == 2
    assert live(catalog) == {}
    assert set(kinds(take_in(pipeline, archive.parent)).values()) == {"added"}
    assert {place: source.id for place, source in live(catalog).items()} == {
        place: source.id for place, source in sources.items()
    }
    assert [words_of(catalog, source) for source in live(catalog).values()] == links


def test_archives_in_archives_are_opened_to_a_limit(
    catalog: Catalog, blobs: BlobStore, library: Path
) -> None:
    innermost = zipped({"plan.txt": PLAN})
    middle = zipped({"deep.zip": innermost, "desk.txt": DESK})
    (library / "docs.zip").write_bytes(zipped({"middle.zip": middle}))
    two = Pipeline(catalog, blobs, InProcess(Limits(nesting=2)))
    outcomes = take_in(two, library)
    assert kinds(outcomes) == {
        "docs.zip": "added",
        "docs.zip#middle.zip": "added",
        "docs.zip#middle.zip//deep.zip": "failed",
        "docs.zip#middle.zip//desk.txt": "added",
    }
    assert any("KB_MAX_NESTING" in outcome.remedy for outcome in outcomes)
    three = Pipeline(catalog, blobs, InProcess(Limits(nesting=3)))
    again = kinds(take_in(three, library))
    assert again["docs.zip#middle.zip//deep.zip//plan.txt"] == "added"
    assert again["docs.zip#middle.zip//desk.txt"] == "unchanged"


def test_the_limits_hold_for_all_archives_in_one_together(
    catalog: Catalog, blobs: BlobStore, library: Path
) -> None:
    inner = [zipped({f"{name}{n}.txt": f"Words of {name}, number {n}." for n in range(4)}) for name in "abc"]
    (library / "docs.zip").write_bytes(zipped([(f"{n}.zip", each) for n, each in enumerate(inner)]))
    pipeline = Pipeline(catalog, blobs, InProcess(Limits(parts=12)))
    failed = [one for one in take_in(pipeline, library) if one.kind is OutcomeKind.FAILED]
    assert [one.code for one in failed] == ["source-too-large"]
    assert "more files than the limit" in failed[0].reason


def test_what_cannot_be_read_in_an_archive_is_told_and_the_rest_is_read(
    pipeline: Pipeline, archive: Path
) -> None:
    image = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xb5\x05\x00\x00\xb5\x05"
    made = zipped({"plan.txt": PLAN, "photo.png": image, "locked.txt": DESK, "empty.txt": ""})
    archive.write_bytes(with_password(made, "locked"))
    outcomes = {outcome.uri.rpartition("#")[2]: outcome for outcome in take_in(pipeline, archive.parent)}
    assert outcomes["plan.txt"].kind is OutcomeKind.ADDED
    reasons = {name: one.reason for name, one in outcomes.items() if one.kind is OutcomeKind.FAILED}
    assert "a PNG image" in reasons["photo.png"]
    assert "password" in reasons["locked.txt"]
    assert "no words" in reasons["empty.txt"]
    assert set(reasons) == {"photo.png", "locked.txt", "empty.txt"}


def test_two_files_of_one_name_in_an_archive_are_both_taken_in(
    pipeline: Pipeline, catalog: Catalog, archive: Path
) -> None:
    archive.write_bytes(zipped([("plan.txt", PLAN), ("plan.txt", DESK), ("../plan.txt", ROSTER)]))
    take_in(pipeline, archive.parent)
    sources = live(catalog)
    assert words_of(catalog, sources["docs.zip//plan.txt"]) == [PLAN]
    assert words_of(catalog, sources["docs.zip//plan (2).txt"]) == [DESK]
    assert words_of(catalog, sources["docs.zip//plan (3).txt"]) == [ROSTER]


def test_a_renamed_archive_keeps_its_sources_and_they_move_with_it(
    pipeline: Pipeline, catalog: Catalog, archive: Path
) -> None:
    take_in(pipeline, archive.parent)
    before = live(catalog)
    archive.rename(archive.with_name("papers.zip"))
    assert set(kinds(take_in(pipeline, archive.parent))) == {
        "papers.zip",
        "papers.zip#plan.txt",
        "papers.zip#inner/desk.txt",
    }
    after = live(catalog)
    assert {source.id for source in after.values()} == {source.id for source in before.values()}
    assert after["docs.zip//plan.txt"].uri.endswith("papers.zip#plan.txt")


def test_a_file_that_was_in_an_archive_is_no_rename_of_it(
    pipeline: Pipeline, catalog: Catalog, archive: Path
) -> None:
    take_in(pipeline, archive.parent)
    part = live(catalog)["docs.zip//plan.txt"]
    archive.unlink()
    (archive.parent / "plan.txt").write_text(PLAN)
    (outcome,) = take_in(pipeline, archive.parent)
    assert (outcome.kind, outcome.source_id != part.id) == (OutcomeKind.DUPLICATE, True)
    assert live(catalog)["docs.zip//plan.txt"] == part


def test_a_newer_reader_reads_again_what_is_in_an_unchanged_archive(
    pipeline: Pipeline, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write_bytes(zipped({"plan.txt": PLAN, "page.html": f"<p>{DESK}</p>"}))
    take_in(pipeline, archive.parent)
    newer = replace(READERS["text/html"], version=READERS["text/html"].version + 1)
    monkeypatch.setitem(READERS, "text/html", newer)
    assert kinds(take_in(pipeline, archive.parent)) == {
        "docs.zip": "unchanged",
        "docs.zip#plan.txt": "unchanged",
        "docs.zip#page.html": "updated",
    }


def test_an_archive_cut_off_is_a_failure_and_what_was_in_it_stays(
    pipeline: Pipeline, catalog: Catalog, archive: Path
) -> None:
    take_in(pipeline, archive.parent)
    archive.write_bytes(archive.read_bytes()[:-30])
    (outcome,) = take_in(pipeline, archive.parent)
    assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "source-unreadable")
    assert words_of(catalog, live(catalog)["docs.zip//plan.txt"]) == [PLAN]


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Markdown files be letters: the last line names an attachment's words after ``Attached:``."""

    def attached(content: bytes) -> Iterator[Part]:
        _, _, words = content.partition(b"Attached:")
        if words:
            yield Part("attached.txt", words)

    def read(content: bytes, *, name: str = "") -> object:
        return plaintext.read(content.partition(b"Attached:")[0], name=name)

    monkeypatch.setitem(READERS, "text/markdown", Reader("letter", 1, read, attached))  # type: ignore[arg-type]


@pytest.mark.usefixtures("letters")
def test_a_message_has_words_of_its_own_and_parts(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    (library / "letter.md").write_text(f"{PLAN}\nAttached:{DESK}")
    assert kinds(take_in(pipeline, library)) == {"letter.md": "added", "letter.md#attached.txt": "added"}
    sources = live(catalog)
    assert words_of(catalog, sources["letter.md"]) == [PLAN]
    assert words_of(catalog, sources["letter.md//attached.txt"]) == [DESK]
    (library / "letter.md").write_text(f"{ROSTER}")
    assert kinds(take_in(pipeline, library)) == {"letter.md": "updated", "letter.md#attached.txt": "removed"}


@pytest.mark.usefixtures("letters")
def test_a_message_without_words_brings_its_parts_all_the_same(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    (library / "letter.md").write_text(f"Attached:{DESK}")
    assert kinds(take_in(pipeline, library)) == {"letter.md": "added", "letter.md#attached.txt": "added"}
    assert live(catalog)["letter.md"].document_id is None
    (library / "letter.md").write_text(" ")
    (outcome,) = take_in(pipeline, library)
    assert outcome.code == "source-empty"


def test_a_file_that_grows_while_it_is_read_is_read_as_it_was_taken_in(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    (library / "log.txt").write_text(PLAN)
    (source_id,) = accept_all(pipeline, [library], collection=None, max_bytes=1_000)
    (library / "log.txt").write_text(f"{PLAN}\n\n{DESK}")
    assert isinstance(source_id, str)
    pipeline.read_next(source_id)
    assert words_of(catalog, live(catalog)["log.txt"]) == [PLAN]
    (again,) = take_in(pipeline, library)
    assert again.kind is OutcomeKind.UPDATED
