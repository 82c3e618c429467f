from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import ingest.reading
from ingest.batch import accept_all
from ingest.pipeline import Claim, Pipeline
from ingest.pool import ReadingPool
from ingest.readers.registry import READERS
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.errors import CatalogError, KBError, SourceUnreadable, StorageError
from kb.model import Document, Outcome, OutcomeKind, Passage, SourceState, Span
from tests.library import outcomes_of

MEMO = """Safety planning

A safety plan names the people a young person can call. It is written together and kept up to date.

Review

Go through the plan at every visit, and after every change at home or at school.

Contacts

The duty desk answers day and night. Leave a number that is safe to call back.
"""


def take_in(pipeline: Pipeline, *paths: Path, collection: str | None = None) -> list[Outcome]:
    return outcomes_of(pipeline, accept_all(pipeline, paths, collection=collection, max_bytes=1_000_000))


def passages_of(catalog: Catalog, source_id: str | None) -> list[Passage]:
    assert source_id is not None
    with catalog.reading() as transaction:
        return transaction.passages.of_source(source_id)


def test_a_file_becomes_passages_that_are_slices_of_its_document(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    (library / "plan.txt").write_text(MEMO)
    (outcome,) = take_in(pipeline, library)
    assert (outcome.kind, outcome.title) == (OutcomeKind.ADDED, "Safety planning")
    assert outcome.passages == len(passages_of(catalog, outcome.source_id)) == 3
    with catalog.reading() as transaction:
        assert list(transaction.faults()) == []


def test_the_bytes_are_kept_as_they_were(
    pipeline: Pipeline, catalog: Catalog, blobs: BlobStore, library: Path
) -> None:
    (library / "plan.txt").write_bytes(MEMO.encode("utf-16"))
    (outcome,) = take_in(pipeline, library)
    assert outcome.source_id is not None
    with catalog.reading() as transaction:
        (revision,) = transaction.documents.revisions(outcome.source_id)
    assert blobs.get(revision.sha256) == MEMO.encode("utf-16")


def test_taking_in_the_same_file_twice_changes_nothing(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    (library / "plan.txt").write_text(MEMO)
    (first,) = take_in(pipeline, library)
    with catalog.reading() as transaction:
        seen = transaction.passages.last_sequence()
    (second,) = take_in(pipeline, library)
    assert (second.kind, second.source_id) == (OutcomeKind.UNCHANGED, first.source_id)
    with catalog.reading() as transaction:
        assert transaction.passages.last_sequence() == seen


def test_editing_one_paragraph_changes_only_the_passage_that_it_touches(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    (library / "plan.txt").write_text(MEMO)
    (outcome,) = take_in(pipeline, library)
    before = [passage.id for passage in passages_of(catalog, outcome.source_id)]
    (library / "plan.txt").write_text(MEMO.replace("every visit", "every second visit"))
    take_in(pipeline, library)
    after = [passage.id for passage in passages_of(catalog, outcome.source_id)]
    assert len(set(before) & set(after)) == len(before) - 1 == len(after) - 1
    with catalog.reading() as transaction:
        (gone,) = set(before) - set(after)
        assert "every visit" in transaction.passages.citation(gone).passage.text


def test_the_same_library_elsewhere_has_the_same_links(tmp_path: Path) -> None:
    ids = []
    for place in ("here", "there"):
        library = tmp_path / place / "guides"
        library.mkdir(parents=True)
        (library / "plan.txt").write_text(MEMO)
        catalog = Catalog.open(f"sqlite:///{tmp_path / place / 'c.sqlite'}")
        pipeline = Pipeline(catalog, BlobStore(tmp_path / place / "blobs"))
        (outcome,) = take_in(pipeline, library)
        ids.append([passage.id for passage in passages_of(catalog, outcome.source_id)])
        catalog.close()
    assert ids[0] == ids[1]


def test_the_same_bytes_under_another_name_are_told_to_be_a_duplicate(
    pipeline: Pipeline, library: Path
) -> None:
    (library / "a.txt").write_text(MEMO)
    (library / "b.txt").write_text(MEMO)
    first, second = take_in(pipeline, library)
    assert (first.kind, second.kind) == (OutcomeKind.ADDED, OutcomeKind.DUPLICATE)
    assert first.source_id is not None
    assert first.source_id in second.reason


def test_two_files_that_claim_the_same_place_do_not_overwrite_each_other(
    pipeline: Pipeline, catalog: Catalog, tmp_path: Path
) -> None:
    for place in ("north", "south"):
        (tmp_path / place / "docs").mkdir(parents=True)
        (tmp_path / place / "docs" / "plan.txt").write_text(f"The plan of the {place} office is kept there.")
    (north,) = take_in(pipeline, tmp_path / "north" / "docs")
    (south,) = take_in(pipeline, tmp_path / "south" / "docs")
    assert (north.kind, south.kind) == (OutcomeKind.ADDED, OutcomeKind.FAILED)
    assert "--collection" in south.remedy
    assert "north" in passages_of(catalog, north.source_id)[0].text
    (named,) = take_in(pipeline, tmp_path / "south" / "docs", collection="south")
    assert named.kind is OutcomeKind.ADDED


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "source-empty"),
        (b" \n\t \r\n ", "source-empty"),
        (b"\x01\x02\x03\x04", "unknown-format"),
        (bytes(range(256)) * 40, "unknown-format"),
        (b"\x89PNG\r\n\x1a\n and more", "unknown-format"),
        (b"PK\x03\x04" + b"\x00" * 50, "source-unreadable"),
        (b"long " * 300_000, "source-too-large"),
    ],
)
def test_what_cannot_be_taken_in_is_a_failed_outcome_with_reason_and_remedy(
    pipeline: Pipeline, catalog: Catalog, library: Path, content: bytes, code: str
) -> None:
    (library / "bad.txt").write_bytes(content)
    (library / "good.txt").write_text(MEMO)
    bad, good = take_in(pipeline, library)
    assert (bad.kind, bad.code) == (OutcomeKind.FAILED, code)
    assert bad.reason
    assert bad.remedy
    assert good.kind is OutcomeKind.ADDED
    with catalog.reading() as transaction:
        (failed,) = transaction.sources.all(states=[SourceState.FAILED])
    assert (failed.error_code, failed.error) == (code, bad.reason)


def test_a_document_that_goes_bad_stays_served_as_it_was(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    (library / "plan.txt").write_text(MEMO)
    (outcome,) = take_in(pipeline, library)
    (library / "plan.txt").write_bytes(b"")
    (failed,) = take_in(pipeline, library)
    assert failed.kind is OutcomeKind.FAILED
    assert len(passages_of(catalog, outcome.source_id)) == 3
    (library / "plan.txt").write_text(MEMO)
    (again,) = take_in(pipeline, library)
    assert again.kind is not OutcomeKind.FAILED
    with catalog.reading() as transaction:
        assert transaction.sources.states() == {SourceState.READY: 1}


def test_a_newer_reader_reads_unchanged_bytes_again(
    pipeline: Pipeline, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library / "plan.txt").write_text(MEMO)
    take_in(pipeline, library)
    newer = replace(READERS["text/plain"], version=READERS["text/plain"].version + 1)
    monkeypatch.setitem(READERS, "text/plain", newer)
    (outcome,) = take_in(pipeline, library)
    assert outcome.kind is OutcomeKind.UPDATED


def test_a_removed_source_leaves_the_catalog_and_comes_back_with_its_links(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    (library / "plan.txt").write_text(MEMO)
    (outcome,) = take_in(pipeline, library)
    assert outcome.source_id is not None
    before = [passage.id for passage in passages_of(catalog, outcome.source_id)]
    assert pipeline.remove(outcome.source_id) == 3
    assert passages_of(catalog, outcome.source_id) == []
    take_in(pipeline, library)
    assert [passage.id for passage in passages_of(catalog, outcome.source_id)] == before


def test_a_reader_that_breaks_off_gives_the_source_back(
    pipeline: Pipeline, catalog: Catalog, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library / "plan.txt").write_text(MEMO)
    (source_id,) = accept_all(pipeline, [library], collection=None, max_bytes=10_000)
    assert isinstance(source_id, str)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ingest.reading.segment, "segment", interrupted)
        with pytest.raises(KeyboardInterrupt):
            pipeline.read_next()
    outcome = pipeline.read_next()
    assert outcome is not None
    assert outcome.kind is OutcomeKind.ADDED


def test_a_revision_that_was_overtaken_while_it_was_read_is_not_served(
    pipeline: Pipeline, catalog: Catalog, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library / "plan.txt").write_text(MEMO)
    accepted = list(accept_all(pipeline, [library], collection=None, max_bytes=10_000))
    segment = ingest.reading.segment.segment

    def overtaken(document: object, *_: object) -> object:
        monkeypatch.undo()
        (library / "plan.txt").write_text("The newer words are these, and they are the ones to serve.")
        list(accept_all(pipeline, [library], collection=None, max_bytes=10_000))
        return segment(document)

    monkeypatch.setattr(ingest.reading.segment, "segment", overtaken)
    first = pipeline.read_next()
    second = pipeline.read_next()
    assert first is not None
    assert second is not None
    assert (first.kind, second.kind) == (OutcomeKind.UNCHANGED, OutcomeKind.ADDED)
    assert isinstance(accepted[0], str)
    assert "newer words" in passages_of(catalog, accepted[0])[0].text


def test_a_lost_stored_copy_is_a_failed_outcome_not_a_crash(
    pipeline: Pipeline, blobs: BlobStore, catalog: Catalog, library: Path
) -> None:
    (library / "plan.txt").write_text(MEMO)
    list(accept_all(pipeline, [library], collection=None, max_bytes=10_000))
    with catalog.reading() as transaction:
        for sha256 in transaction.documents.all_hashes():
            blobs.path(sha256).unlink()
    outcome = pipeline.read_next()
    assert outcome is not None
    assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, CatalogError.code)


def test_a_renamed_file_keeps_its_source_and_its_links(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    (library / "plan.txt").write_text(MEMO)
    (before,) = take_in(pipeline, library)
    links = [passage.id for passage in passages_of(catalog, before.source_id)]
    (library / "plan.txt").rename(library / "safety-plan.txt")
    (after,) = take_in(pipeline, library)
    assert (after.kind, after.source_id) == (OutcomeKind.UNCHANGED, before.source_id)
    (library / "safety-plan.txt").write_text(MEMO.replace("every visit", "every second visit"))
    (edited,) = take_in(pipeline, library)
    assert edited.source_id == before.source_id
    assert len(set(links) & {passage.id for passage in passages_of(catalog, before.source_id)}) == 2


def test_a_copy_beside_the_first_is_a_source_of_its_own(pipeline: Pipeline, library: Path) -> None:
    (library / "plan.txt").write_text(MEMO)
    take_in(pipeline, library)
    (library / "copy.txt").write_text(MEMO)
    copy, first = take_in(pipeline, library)
    assert copy.source_id != first.source_id


def test_a_document_that_a_reader_stumbles_over_does_not_stop_the_others(
    pipeline: Pipeline, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library / "a.txt").write_text("This one makes the splitter stumble, for whatever reason there is.")
    (library / "b.txt").write_text(MEMO)
    segment = ingest.reading.segment.segment

    def stumble(document: Document, *_: object) -> list[Span]:
        if "stumble" in document.text:
            raise ZeroDivisionError
        return segment(document)

    monkeypatch.setattr(ingest.reading.segment, "segment", stumble)
    bad, good = take_in(pipeline, library)
    assert (bad.kind, bad.code) == (OutcomeKind.FAILED, "unexpected")
    assert "ZeroDivisionError" in bad.reason
    assert good.kind is OutcomeKind.ADDED


def claimed(pipeline: Pipeline, library: Path) -> Claim:
    (library / "plan.txt").write_text(MEMO)
    list(accept_all(pipeline, [library], collection=None, max_bytes=10_000))
    claim = pipeline.claim()
    assert claim is not None
    return claim


def test_what_passes_is_tried_again_after_a_while_and_then_forgotten(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    claim = claimed(pipeline, library)
    outcome, _ = pipeline.settle(claim, StorageError("No space left on device"))
    assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "storage")
    with catalog.reading() as transaction:
        (waits,) = transaction.claims.postponed()
    assert (waits.state, waits.error) == (SourceState.PENDING, "No space left on device")
    assert pipeline.claim() is None, "it was tried again at once"
    again = pipeline.read_next(claim.source.id)
    assert again is not None
    assert again.kind is OutcomeKind.ADDED
    with catalog.reading() as transaction:
        source = transaction.sources.get(claim.source.id)
        assert (source.attempts, source.error, transaction.claims.postponed()) == (0, None, [])


def test_what_passes_never_sets_a_document_aside_and_waits_longer_each_time(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    claim, waits = claimed(pipeline, library), []
    for _ in range(8):
        pipeline.settle(claim, StorageError("No space left on device"))
        with catalog.reading() as transaction:
            source = transaction.sources.get(claim.source.id)
        assert source.not_before is not None
        waits.append((source.not_before - datetime.now(UTC)).total_seconds())
        again = pipeline.claim(claim.source.id)
        assert again is not None
        claim = again
    assert 5 < waits[0] < 11
    assert all(50 < wait < 61 for wait in waits[1:])


@pytest.mark.parametrize("late", [SourceUnreadable("too late"), StorageError("too late")])
def test_who_comes_too_late_changes_nothing(
    pipeline: Pipeline, catalog: Catalog, library: Path, late: KBError
) -> None:
    first = claimed(pipeline, library)
    with catalog.writing() as transaction:
        transaction.sources.change(first.source.id, leased_until=datetime(2020, 1, 1, tzinfo=UTC))
    second = pipeline.claim()
    assert second is not None
    assert pipeline.settle(first, late)[0].kind is OutcomeKind.UNCHANGED
    pipeline.release(first)
    assert pipeline.settle(second, pipeline.read(second))[0].kind is OutcomeKind.ADDED
    assert pipeline.settle(first, pipeline.read(first))[0].kind is OutcomeKind.UNCHANGED
    pipeline.remove(first.source.id)
    assert pipeline.settle(first, late)[0].kind is OutcomeKind.UNCHANGED
    with catalog.reading() as transaction:
        assert transaction.sources.get(first.source.id).state is SourceState.REMOVED
        assert len(transaction.documents.versions(first.source.id)) == 1


def test_a_document_that_ended_its_readers_is_read_alone(
    pipeline: Pipeline, catalog: Catalog, library: Path
) -> None:
    suspect = claimed(pipeline, library).source.id
    (library / "other.txt").write_text("Another note, on parking.")
    list(accept_all(pipeline, [library], collection=None, max_bytes=10_000))
    with catalog.writing() as transaction:
        transaction.sources.change(suspect, state=SourceState.PENDING, attempts=2, leased_until=None)
    with closing(ReadingPool(pipeline, readers=2)) as pool:
        assert pool.start()
        assert pool.full, "others are read beside it"
        while pool.busy:
            list(pool.settled())
        assert pool.start()
        assert not pool.full
        assert not pool.start(suspect)
    with catalog.reading() as transaction:
        assert transaction.sources.get(suspect).state is SourceState.READY
