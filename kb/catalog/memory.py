"""What was read of the catalog for answers, and holds until anything in it changes?

The best passages of one question are among those of the next. To read ten of them with their proof takes a
third of a millisecond, to open a transaction for it a fifth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from kb.catalog import Catalog, Transaction
from kb.model import Citation

Value = TypeVar("Value")

# Of each kind; passages with their texts take some 4 KB each.
_REMEMBERED = 4_000


class _Read:
    """What was read since the catalog was at a version."""

    def __init__(self, version: int | None) -> None:
        self.version = version
        self.citations: dict[str, Citation] = {}
        self.same_words: dict[str, tuple[str, ...]] = {}
        self.titles: dict[str, str] = {}


class Memory:
    """What was read of one catalog. Safe to share between threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._read = _Read(None)

    @contextmanager
    def reading(self) -> Iterator[Proofs]:
        """Open a view of the catalog that reads nothing twice, and does without a transaction if it can.

        The version is looked at first: what a commit in between changes may be seen early, but never late.
        """
        version, read = self._catalog.version(), self._read
        if version is None or read.version != version:
            read = self._read = _Read(version)
        with ExitStack() as stack:
            yield Proofs(self._catalog, read, stack)


class Proofs:
    """What answers read of the catalog, in one view."""

    def __init__(self, catalog: Catalog, read: _Read, stack: ExitStack) -> None:
        self._catalog, self._read, self._stack = catalog, read, stack
        self._opened: Transaction | None = None

    def citations(self, passage_ids: Sequence[str]) -> list[Citation]:
        """Return passages with their proof, as ``Passages.citations`` does."""

        def read(missing: list[str]) -> dict[str, Citation]:
            cited = self._transaction().passages.citations(missing)
            return {citation.passage.id: citation for citation in cited}

        found = _found(self._read.citations, passage_ids, read)
        return [found[passage_id] for passage_id in passage_ids if passage_id in found]

    def with_words_of(self, text_hashes: Iterable[str]) -> dict[str, str]:
        """Return the live passages with the same words, as ``Passages.with_words_of`` does."""

        def read(missing: list[str]) -> dict[str, tuple[str, ...]]:
            listed: dict[str, list[str]] = {text_hash: [] for text_hash in missing}
            for passage_id, text_hash in self._transaction().passages.with_words_of(missing).items():
                listed[text_hash].append(passage_id)
            return {text_hash: tuple(passage_ids) for text_hash, passage_ids in listed.items()}

        found = _found(self._read.same_words, text_hashes, read)
        return {passage_id: text_hash for text_hash, listed in found.items() for passage_id in listed}

    def titles(self, source_ids: Sequence[str]) -> dict[str, str]:
        """Return the titles of some sources in the order asked, as ``Sources.titles`` does."""

        def read(missing: list[str]) -> dict[str, str]:
            return self._transaction().sources.titles(missing)

        return _found(self._read.titles, source_ids, read)

    def _transaction(self) -> Transaction:
        if self._opened is None:
            self._opened = self._stack.enter_context(self._catalog.reading())
        return self._opened


def _found(
    known: dict[str, Value], wanted: Iterable[str], read: Callable[[list[str]], Mapping[str, Value]]
) -> dict[str, Value]:
    """Return what is wanted, in that order, of what is known or else can be read, which is known then."""
    every = list(dict.fromkeys(wanted))
    found = {key: known.get(key) for key in every}
    missing = [key for key, value in found.items() if value is None]
    if missing:
        newly = read(missing)
        found.update(newly)
        if len(newly) <= _REMEMBERED:
            if len(known) + len(newly) > _REMEMBERED:
                known.clear()
            known.update(newly)
    return {key: value for key, value in found.items() if value is not None}
