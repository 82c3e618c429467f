import socket
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kb import processes
from kb.catalog import Catalog, tables
from kb.errors import PassageUnknown, SourceEmpty, SourceUnknown
from kb.model import SourceState
from tests.kb.catalog_fixtures import accept, document, publish, source, spans

LEASE = timedelta(minutes=1)


class TestSources:
    def test_an_accepted_source_waits_to_be_read(self, catalog: Catalog) -> None:
        source_id = accept(catalog)
        with catalog.reading() as transaction:
            assert transaction.sources.get(source_id).state is SourceState.PENDING
            assert transaction.sources.states() == {SourceState.PENDING: 1}

    def test_a_claimed_source_is_not_claimed_twice_until_its_lease_runs_out(self, catalog: Catalog) -> None:
        source_id = accept(catalog)
        with catalog.writing() as transaction:
            claimed = transaction.claims.take(lease=LEASE)
            assert claimed is not None
            assert claimed.id == source_id
            assert transaction.claims.take(lease=LEASE) is None
        with catalog.writing() as transaction:
            transaction.claims.release(claimed)
            assert transaction.claims.take(lease=-LEASE) is not None
            assert transaction.claims.take(lease=LEASE) is not None

    def test_a_source_whose_reader_was_killed_is_free_at_once(
        self, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        accept(catalog)
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        with monkeypatch.context() as patched:
            patched.setattr(processes, "me", lambda: f"{socket.gethostname()}:{ended.pid}")
            with catalog.writing() as transaction:
                assert transaction.claims.take(lease=LEASE) is not None
        with catalog.writing() as transaction:
            assert transaction.claims.take(lease=LEASE) is not None
            assert transaction.claims.take(lease=LEASE) is None

    def test_of_a_reader_on_another_machine_nothing_is_known_so_its_lease_holds(
        self, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        accept(catalog)
        monkeypatch.setattr(processes, "me", lambda: "elsewhere:1")
        with catalog.writing() as transaction:
            assert transaction.claims.take(lease=LEASE) is not None
            assert transaction.claims.take(lease=LEASE) is None

    def test_the_same_bytes_again_make_no_new_revision(self, catalog: Catalog) -> None:
        source_id = accept(catalog)
        accept(catalog)
        with catalog.reading() as transaction:
            assert len(transaction.documents.revisions(source_id)) == 1

    def test_bytes_that_come_back_after_others_are_a_revision_of_their_own(self, catalog: Catalog) -> None:
        for sha256 in ("a" * 64, "b" * 64, "a" * 64):
            source_id = accept(catalog, sha256=sha256)
        with catalog.reading() as transaction:
            assert [r.sha256[0] for r in transaction.documents.revisions(source_id)] == ["a", "b", "a"]

    def test_a_source_that_failed_keeps_serving_what_it_served(self, catalog: Catalog) -> None:
        made = source()
        ids = publish(catalog, document("One."), of=made)
        with catalog.writing() as transaction:
            transaction.sources.refuse(made, SourceEmpty("the document has no words"))
        with catalog.reading() as transaction:
            failed = transaction.sources.get(made.id)
            assert (failed.state, failed.error_code) == (SourceState.FAILED, "source-empty")
            assert failed.document_id is not None
            assert list(transaction.passages.live_ids()) == ids

    def test_an_unknown_source_is_an_error_that_names_it(self, catalog: Catalog) -> None:
        with catalog.reading() as transaction, pytest.raises(SourceUnknown, match="nosuch"):
            transaction.sources.get("nosuch")

    def test_removed_sources_are_not_listed_unless_asked_for(self, catalog: Catalog) -> None:
        made = source()
        publish(catalog, document("One."), of=made)
        with catalog.writing() as transaction:
            transaction.sources.removed(made.id)
            transaction.passages.retire_all(made.id)
        with catalog.reading() as transaction:
            assert transaction.sources.all() == []
            assert transaction.sources.collections() == {}
            assert [s.id for s in transaction.sources.all(states=[SourceState.REMOVED])] == [made.id]


class TestPassages:
    def test_a_passage_is_cited_with_its_source_and_revision(self, catalog: Catalog) -> None:
        made = source()
        first, second = publish(catalog, document("One.", "Two."), of=made)
        with catalog.reading() as transaction:
            citations = transaction.passages.citations([second, "unknown", first])
        assert [citation.passage.text for citation in citations] == ["Two.", "One."]
        assert citations[0].source.id == made.id
        assert citations[0].revision.sha256 == "0" * 64
        assert (citations[0].prefix, citations[1].suffix) == ("One.\n\n", "\n\nTwo.")
        assert citations[0].permalink == f"/p/{second}"

    def test_an_unknown_passage_is_an_error_that_names_it(self, catalog: Catalog) -> None:
        with catalog.reading() as transaction, pytest.raises(PassageUnknown, match="nosuch"):
            transaction.passages.citation("nosuch")

    def test_a_sound_catalog_has_no_fault(self, catalog: Catalog) -> None:
        publish(catalog, document("Niños y jóvenes.", "Two."), of=source())
        with catalog.reading() as transaction:
            assert list(transaction.faults()) == []

    def test_editing_one_paragraph_changes_one_passage_only(self, catalog: Catalog) -> None:
        before = publish(catalog, document("One.", "Two.", "Three."), of=source())
        with catalog.reading() as transaction:
            seen = transaction.passages.last_sequence()
        after = publish(catalog, document("One.", "Two, edited.", "Three."), of=source(), sha256="1" * 64)
        assert (after[0], after[2]) == (before[0], before[2])
        with catalog.reading() as transaction:
            changes = transaction.passages.changes_since(seen, limit=10)
            assert {(c.passage.id, c.retired) for c in changes} == {(after[1], False), (before[1], True)}
            retired = transaction.passages.citation(before[1])
            assert retired.retired_at is not None
            assert retired.passage.text == "Two."
            old = transaction.documents.get(retired.document_id).document
            assert old.text[retired.passage.start : retired.passage.end] == "Two."

    def test_words_that_come_back_have_their_old_link(self, catalog: Catalog) -> None:
        first = publish(catalog, document("One."), of=source())
        publish(catalog, document("Other."), of=source(), sha256="1" * 64)
        assert publish(catalog, document("One."), of=source(), sha256="2" * 64) == first
        with catalog.reading() as transaction:
            assert transaction.passages.citation(first[0]).retired_at is None

    def test_equal_paragraphs_of_one_document_have_links_of_their_own(self, catalog: Catalog) -> None:
        assert len(set(publish(catalog, document("Same.", "Same.", "Same."), of=source()))) == 3

    def test_a_new_title_tells_the_index_of_every_passage(self, catalog: Catalog) -> None:
        publish(catalog, document("One.", "Two."), of=source())
        with catalog.reading() as transaction:
            seen = transaction.passages.last_sequence()
        publish(catalog, document("One.", "Two.", title="New"), of=source(), sha256="1" * 64)
        with catalog.reading() as transaction:
            assert [c.title for c in transaction.passages.changes_since(seen, limit=9)] == ["New", "New"]

    def test_new_headings_alone_tell_the_index(self, catalog: Catalog) -> None:
        made, of = document("One."), source()
        publish(catalog, made, of=of)
        with catalog.writing() as transaction:
            seen = transaction.passages.last_sequence()
            document_id = transaction.sources.get(of.id).document_id
            assert document_id is not None
            transaction.passages.replace(of.id, document_id, made, spans=spans(made, "New"), restated=False)
        with catalog.reading() as transaction:
            (change,) = transaction.passages.changes_since(seen, limit=9)
        assert change.passage.headings == ("New",)

    def test_changes_come_in_order_and_in_batches(self, catalog: Catalog) -> None:
        publish(catalog, document(*(f"Paragraph {n}." for n in range(10))), of=source())
        with catalog.reading() as transaction:
            first = transaction.passages.changes_since(0, limit=6)
            rest = transaction.passages.changes_since(first[-1].sequence, limit=6)
        assert [change.sequence for change in first + rest] == list(range(1, 11))

    def test_changed_sources_come_in_order_of_their_last_change(
        self, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kb.catalog.passages._STRETCH", 2)
        for name, count in (("a.txt", 5), ("b.txt", 1), ("c.txt", 1)):
            publish(catalog, document(*(f"{name} {n}." for n in range(count))), of=source(name))
        publish(catalog, document("b.txt 1."), of=source("b.txt"), sha256="1" * 64)
        found, reached = [], 0
        with catalog.reading() as transaction:
            while some := transaction.passages.sources_changed_since(reached, limit=1):
                found += some
                reached = some[-1][1]
            assert reached == transaction.passages.last_sequence()
        assert [name for name, _ in found] == [source(name).id for name in ("a.txt", "c.txt", "b.txt")]
        assert [last for _, last in found] == [5, 7, 9]

    def test_the_same_words_elsewhere_are_found(self, catalog: Catalog) -> None:
        (one,) = publish(catalog, document("Call 211."), of=source("a.txt"))
        (other,) = publish(catalog, document("call  211."), of=source("b.txt"))
        with catalog.reading() as transaction:
            text_hash = transaction.passages.citation(one).text_hash
            found = {citation.passage.id for citation in transaction.passages.with_same_words([text_hash])}
            assert transaction.passages.with_words_of([text_hash]) == {one: text_hash, other: text_hash}
        assert found == {one, other}

    def test_a_passage_that_was_read_and_is_then_damaged_is_not_read_again(self, catalog: Catalog) -> None:
        (one,) = publish(catalog, document("Call 211."), of=source())
        with catalog.reading() as transaction:
            assert [found.passage.text for found in transaction.passages.citations([one])] == ["Call 211."]
        with catalog.writing() as transaction:
            damage = tables.passages.update().values(text="Call 911.")
            transaction._connection.execute(damage)
        with catalog.reading() as transaction:
            assert transaction.passages.citations([one]) == []

    def test_a_passage_shows_what_has_changed_around_it(self, catalog: Catalog) -> None:
        (one,) = publish(catalog, document("Call 211."), of=source())
        with catalog.reading() as transaction:
            before = transaction.passages.citation(one)
        with catalog.writing() as transaction:
            transaction._connection.execute(tables.sources.update().values(title="Numbers"))
        with catalog.reading() as transaction:
            after = transaction.passages.citation(one)
        assert after == replace(before, source=replace(before.source, title="Numbers"))

    def test_an_exception_undoes_the_whole_transaction(self, catalog: Catalog) -> None:
        publish(catalog, document("One."), of=source())

        def break_off() -> None:
            with catalog.writing() as transaction:
                transaction.passages.retire_all(source().id)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            break_off()
        with catalog.reading() as transaction:
            assert transaction.passages.count() == 1

    def test_a_view_stays_the_same_while_others_write(self, catalog: Catalog) -> None:
        publish(catalog, document("One."), of=source())
        with catalog.reading() as transaction:
            assert transaction.passages.count() == 1
            publish(catalog, document("Two."), of=source("b.txt"))
            assert transaction.passages.count() == 1
        with catalog.reading() as transaction:
            assert transaction.passages.count() == 2


@pytest.mark.sqlite
class TestVersion:
    def test_it_is_another_after_each_commit_of_any_connection_and_stays_while_all_only_read(
        self, tmp_path: Path
    ) -> None:
        url = f"sqlite:///{tmp_path / 'c.sqlite'}"
        mine, other = Catalog.open(url), Catalog.open(url)
        first = mine.version()
        with other.reading() as transaction:
            transaction.passages.count()
        assert mine.version() == first
        accept(other)
        second = mine.version()
        assert second != first
        accept(mine, sha256="1" * 64)
        third = mine.version()
        assert third not in (first, second)
        with other.writing(aside=True) as transaction:
            transaction.questions.forget(before=date(2020, 1, 1))
        assert mine.version() == other.version() == third
        mine.close()
        other.close()
