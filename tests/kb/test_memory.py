from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kb.catalog import Catalog, Transaction
from kb.catalog.memory import Memory
from tests.kb.catalog_fixtures import document, publish, source


class Counting:
    """A catalog that counts how often a transaction was opened to read it."""

    def __init__(self, catalog: Catalog, *, tells_of_commits: bool = True) -> None:
        self.catalog, self.opened, self._tells = catalog, 0, tells_of_commits

    def version(self) -> int | None:
        return self.catalog.version() if self._tells else None

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        self.opened += 1
        with self.catalog.reading() as transaction:
            yield transaction


@pytest.fixture
def published(catalog: Catalog) -> list[str]:
    return publish(catalog, document("Call 211.", "Ask a nurse.", title="Help"), of=source("a.txt"))


def asked(memory: Memory, what: Callable[[Any], Any]) -> Any:
    with memory.reading() as proofs:
        return what(proofs)


class TestAMemory:
    def test_gives_what_the_catalog_says(self, catalog: Catalog, published: list[str]) -> None:
        wanted = [published[1], "unknown", published[0]]
        with Memory(catalog).reading() as proofs, catalog.reading() as transaction:
            cited = proofs.citations(wanted)
            assert [citation.passage.id for citation in cited] == [published[1], published[0]]
            assert cited == transaction.passages.citations(wanted)
            hashes = [cited[0].text_hash, "unknown"]
            assert proofs.with_words_of(hashes) == transaction.passages.with_words_of(hashes)
            of = [source("b.txt").id, source("a.txt").id]
            assert proofs.titles(of) == transaction.sources.titles(of) == {of[1]: "Help"}

    def test_opens_one_transaction_for_what_it_lacks_and_none_for_what_it_has(
        self, catalog: Catalog, published: list[str]
    ) -> None:
        counting = Counting(catalog)
        memory = Memory(counting)  # type: ignore[arg-type]
        with memory.reading() as proofs:
            first = proofs.citations(published)
            proofs.with_words_of([citation.text_hash for citation in first])
            assert counting.opened == 1
        with memory.reading() as proofs:
            assert proofs.citations(published[::-1]) == first[::-1]
            proofs.with_words_of([first[0].text_hash])
            assert counting.opened == 1

    def test_remembers_that_no_other_passage_has_the_same_words(
        self, catalog: Catalog, published: list[str]
    ) -> None:
        counting = Counting(catalog)
        memory = Memory(counting)  # type: ignore[arg-type]
        for _ in range(2):
            assert asked(memory, lambda proofs: proofs.with_words_of(["of no passage"])) == {}
        assert counting.opened == 1

    def test_forgets_all_when_anything_was_committed(self, catalog: Catalog, published: list[str]) -> None:
        memory = Memory(catalog)
        (before,) = asked(memory, lambda proofs: proofs.citations(published[:1]))
        assert asked(memory, lambda proofs: proofs.with_words_of([before.text_hash])) == {
            published[0]: before.text_hash
        }
        with catalog.writing() as transaction:
            transaction.passages.retire_all(source("a.txt").id)
        (after,) = asked(memory, lambda proofs: proofs.citations(published[:1]))
        assert before.retired_at is None
        assert after.retired_at is not None
        assert asked(memory, lambda proofs: proofs.with_words_of([before.text_hash])) == {}

    def test_finds_a_passage_that_came_after_it_was_asked_for(
        self, catalog: Catalog, published: list[str]
    ) -> None:
        memory = Memory(catalog)
        later = document("Call 311.")
        (unknown,) = publish(catalog, later, of=source("b.txt"))
        with catalog.writing() as transaction:
            transaction.passages.retire_all(source("b.txt").id)
        assert asked(memory, lambda proofs: proofs.citations([unknown]))[0].retired_at is not None
        publish(catalog, later, of=source("b.txt"), sha256="1" * 64)
        assert asked(memory, lambda proofs: proofs.citations([unknown]))[0].retired_at is None

    def test_reads_all_anew_where_the_database_tells_of_no_commits(
        self, catalog: Catalog, published: list[str]
    ) -> None:
        counting = Counting(catalog, tells_of_commits=False)
        memory = Memory(counting)  # type: ignore[arg-type]
        for turn in (1, 2):
            assert len(asked(memory, lambda proofs: proofs.citations(published))) == 2
            assert counting.opened == turn

    def test_holds_no_more_than_so_many_passages(
        self, catalog: Catalog, published: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kb.catalog.memory._REMEMBERED", 1)
        counting = Counting(catalog)
        memory = Memory(counting)  # type: ignore[arg-type]
        for passage_id in (*published, *published):
            (cited,) = asked(memory, lambda proofs, wanted=passage_id: proofs.citations([wanted]))
            assert cited.passage.id == passage_id
        assert counting.opened == 4

    def test_keeps_nothing_of_more_than_it_can_hold_and_what_it_had_stays(
        self, catalog: Catalog, published: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kb.catalog.memory._REMEMBERED", 1)
        (other,) = publish(catalog, document("Call 311."), of=source("b.txt"))
        counting = Counting(catalog)
        memory = Memory(counting)  # type: ignore[arg-type]
        asked(memory, lambda proofs: proofs.citations([other]))
        for turn in (2, 3):
            assert len(asked(memory, lambda proofs: proofs.citations(published))) == 2
            assert counting.opened == turn
        asked(memory, lambda proofs: proofs.citations([other]))
        assert counting.opened == 3
