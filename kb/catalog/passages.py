"""Which passages can be cited, which could once, and what must an index still learn?

A passage's id comes from its source and its words, so a new revision keeps the ids of all passages whose
words it kept. A passage whose words are gone is retired, never deleted: links to it must resolve.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb import ids
from kb.catalog import seals
from kb.catalog.citations import (
    CITED,
    SAYING,
    change_from,
    change_query,
    citation_of,
    passage_from,
)
from kb.catalog.documents import VERIFY
from kb.catalog.prepared import WANTED, Prepared
from kb.catalog.tables import documents, passages, sequences
from kb.errors import CatalogError, PassageUnknown
from kb.model import Change, Citation, Document, Passage, Span
from kb.selectors import CONTEXT
from kb.text import normalised

log = logging.getLogger("kb.catalog")

_SEQUENCE = "passages"
# Databases limit the number of values in one statement (SQLite: 32,766).
_MOST_VALUES = 5_000
# Passages among which the sources that changed are looked for at once.
_STRETCH = 2_000
_WITH_WORDS = Prepared(
    sa.select(passages.c.id, passages.c.text_hash).where(
        passages.c.text_hash.in_(sa.bindparam(WANTED, expanding=True)), passages.c.retired_at.is_(None)
    )
)
# What an index is told of a passage; a change of anything else needs no re-indexing.
_INDEXED = ("headings", "language")


# Made once: to put one together takes SQLAlchemy longer than the database to do it.
_BEFORE = sa.select(passages.c.id, passages.c.retired_at, passages.c.headings, passages.c.language).where(
    passages.c.source_id == sa.bindparam("which")
)
_ADD = passages.insert()
_OWNERS = sa.select(passages.c.id, passages.c.source_id, passages.c.text_hash, passages.c.text).where(
    passages.c.id.in_(sa.bindparam("wanted", expanding=True))
)
_LAST = sa.select(sequences.c.value).where(sequences.c.name == _SEQUENCE)


class Passages:
    """The passages of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(
        self, source_id: str, document_id: int, document: Document, *, spans: Sequence[Span], restated: bool
    ) -> tuple[int, int]:
        """Make the passages of a source those of a document; return how many came and how many went.

        Passages whose words stay keep their ids. ``restated`` tells that the document's title or day
        changed, which every index must learn for all its passages.
        """
        before = {row.id: row for row in self._connection.execute(_BEFORE, {"which": source_id})}
        rows = self._rows(source_id, document_id, document, spans=spans)
        new, changed, same = [], [], []
        for row in rows:
            known = before.get(row["id"])
            if known is None:
                new.append(row)
            elif (
                known.retired_at is not None or restated or any(row[n] != getattr(known, n) for n in _INDEXED)
            ):
                changed.append(row)
            else:
                same.append(row)
        kept = {row["id"] for row in rows}
        gone = [row.id for row in before.values() if row.retired_at is None and row.id not in kept]
        self._number(new + changed)
        if new:
            self._connection.execute(_ADD, new)
            seals.counted(self._connection, passages, len(new))
        self._overwrite(changed, with_sequence=True)
        self._overwrite(same, with_sequence=False)
        self._retire(gone)
        return len(new), len(gone)

    def retire_all(self, source_id: str) -> int:
        """Retire every passage of a source and return how many there were."""
        live = sa.select(passages.c.id).where(
            passages.c.source_id == source_id, passages.c.retired_at.is_(None)
        )
        gone = [row.id for row in self._connection.execute(live)]
        self._retire(gone)
        return len(gone)

    def citation(self, passage_id: str) -> Citation:
        """Return a passage with its proof, retired ones too, or raise PassageUnknown."""
        rows = CITED.rows(self._connection, [passage_id])
        if not rows:
            raise PassageUnknown(f"no passage has the id {passage_id}")
        citation = citation_of(rows[0])
        if citation is None:
            raise CatalogError(f"passage {passage_id} is damaged in the catalog", remedy=VERIFY)
        return citation

    def citations(self, passage_ids: Sequence[str]) -> list[Citation]:
        """Return passages with their proof in one query, in the order asked.

        Unknown ids are left out, and passages that are not what was written: nobody is to read those.
        """
        if not passage_ids:
            return []
        found = {citation.passage.id: citation for citation in self._whole(CITED, passage_ids)}
        return [found[passage_id] for passage_id in passage_ids if passage_id in found]

    def with_same_words(self, text_hashes: Iterable[str]) -> list[Citation]:
        """Return the live passages whose words have one of these hashes, the newest revision first.

        Those that are not what was written are left out.
        """
        return list(self._whole(SAYING, text_hashes))

    def with_words_of(self, text_hashes: Iterable[str]) -> dict[str, str]:
        """Return the ids of the live passages whose words have one of these hashes, each with its hash."""
        return dict(_WITH_WORDS.rows(self._connection, list(text_hashes)))

    def _whole(self, query: Prepared, wanted: Iterable[str]) -> Iterator[Citation]:
        """Yield the passages that are what was written."""
        for row in query.rows(self._connection, list(wanted)):
            citation = citation_of(row)
            if citation is not None:
                yield citation
            else:
                log.error("passage %s is damaged in the catalog. %s", row[0], VERIFY)

    def of_source(self, source_id: str) -> list[Passage]:
        """Return the live passages of a source in reading order."""
        query = passages.select().where(passages.c.source_id == source_id, passages.c.retired_at.is_(None))
        return [passage_from(row) for row in self._connection.execute(query.order_by(passages.c.start))]

    def of_sources(self, source_ids: Sequence[str]) -> dict[str, list[Passage]]:
        """Return the live passages of each of some sources in reading order."""
        found: dict[str, list[Passage]] = {source_id: [] for source_id in source_ids}
        query = passages.select().where(passages.c.source_id.in_(source_ids), passages.c.retired_at.is_(None))
        for row in self._connection.execute(query.order_by(passages.c.source_id, passages.c.start)):
            found[row.source_id].append(passage_from(row))
        return found

    def counts_by_source(self) -> dict[str, int]:
        """Count the live passages of each source."""
        query = sa.select(passages.c.source_id, sa.func.count()).where(passages.c.retired_at.is_(None))
        return {
            source: count for source, count in self._connection.execute(query.group_by(passages.c.source_id))
        }

    def count(self) -> int:
        """Count the live passages."""
        query = sa.select(sa.func.count()).select_from(passages).where(passages.c.retired_at.is_(None))
        return int(self._connection.execute(query).scalar_one())

    def live_ids(self) -> Iterator[str]:
        """Yield the ids of all live passages."""
        for row in self._connection.execute(sa.select(passages.c.id).where(passages.c.retired_at.is_(None))):
            yield row.id

    def sample(self, size: int, *, until: int) -> list[str]:
        """Return ids of live passages, spread evenly, that have not changed after a sequence number."""
        query = sa.select(passages.c.id).where(passages.c.retired_at.is_(None), passages.c.sequence <= until)
        every = [row.id for row in self._connection.execute(query.order_by(passages.c.id))]
        return every[:: max(1, -(-len(every) // size))]

    def changed_after(self, sequence: int) -> Iterator[str]:
        """Yield the ids of all passages, retired ones too, that have changed after a sequence number."""
        for row in self._connection.execute(sa.select(passages.c.id).where(passages.c.sequence > sequence)):
            yield row.id

    def characters(self) -> int:
        """Return how many characters the live passages have together."""
        query = sa.select(sa.func.sum(sa.func.length(passages.c.text)))
        return int(self._connection.execute(query.where(passages.c.retired_at.is_(None))).scalar() or 0)

    def last_sequence(self) -> int:
        """Return the number of the last change that an index must learn of; 0 before the first."""
        return int(self._connection.execute(_LAST).scalar() or 0)

    def fingerprint(self, source_id: str) -> None:
        """Give each live passage of a source that is as its document says the fingerprint of its words."""
        columns = (passages.c.id, passages.c.text, passages.c.start, passages.c.end)
        of_source = (
            sa.select(*columns, documents.c.text.label("whole"))
            .join(documents, documents.c.id == passages.c.document_id)
            .where(passages.c.source_id == source_id, passages.c.retired_at.is_(None))
        )
        for row in self._connection.execute(of_source).all():
            if row.whole[row.start : row.end] != row.text:
                continue
            which = passages.c.id == row.id
            self._connection.execute(passages.update().where(which).values(text_hash=ids.text_hash(row.text)))

    def renumber(self) -> None:
        """Let the count of changes go on from the highest number that a passage has."""
        highest = self._connection.execute(sa.select(sa.func.max(passages.c.sequence))).scalar() or 0
        self._next_numbers(max(0, int(highest) - self.last_sequence()))

    def sources_changed_since(self, sequence: int, *, limit: int) -> list[tuple[str, int]]:
        """Return sources with changes after a sequence number, each with its last, in order of these.

        At most ``limit``, maybe fewer, but none only if there are none.
        """
        while (end := self._end_of_stretch(sequence)) is not None:
            if found := self._last_changed_within(sequence, end):
                return found[:limit]
            sequence = end
        return []

    def _end_of_stretch(self, sequence: int) -> int | None:
        """Return the sequence number that some changes after another end with; None if there are none.

        To look for the last change of each source among all changes took, for a million, a second each time.
        """
        after = sa.select(passages.c.sequence).where(passages.c.sequence > sequence)
        stretch = after.order_by(passages.c.sequence).limit(_STRETCH).subquery()
        end: int | None = self._connection.execute(sa.select(sa.func.max(stretch.c.sequence))).scalar_one()
        return end

    def _last_changed_within(self, sequence: int, end: int) -> list[tuple[str, int]]:
        """Return the sources whose last change is after a sequence number and not after another."""
        last = sa.func.max(passages.c.sequence).label("last")
        changed = (
            sa.select(passages.c.source_id, last)
            .where(passages.c.sequence > sequence, passages.c.sequence <= end)
            .group_by(passages.c.source_id)
            .subquery()
        )
        later = sa.select(passages.c.id).where(
            passages.c.source_id == changed.c.source_id, passages.c.sequence > end
        )
        query = sa.select(changed).where(~later.exists()).order_by(changed.c.last)
        return [(source_id, int(number)) for source_id, number in self._connection.execute(query)]

    def has_changed_since(self, source_id: str, sequence: int) -> bool:
        """Tell whether passages of a source changed after a sequence number."""
        query = sa.select(passages.c.id).where(
            passages.c.source_id == source_id, passages.c.sequence > sequence
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def changes_since(self, sequence: int, *, limit: int) -> list[Change]:
        """Return the changes after a sequence number in order: the newest of each passage."""
        query = change_query().where(passages.c.sequence > sequence)
        rows = self._connection.execute(query.order_by(passages.c.sequence).limit(limit))
        return [change_from(row) for row in rows]

    def changes_of(self, passage_ids: Sequence[str]) -> list[Change]:
        """Return the newest change of each of some passages."""
        rows = self._connection.execute(change_query().where(passages.c.id.in_(passage_ids)))
        return [change_from(row) for row in rows]

    def _rows(
        self, source_id: str, document_id: int, document: Document, *, spans: Sequence[Span]
    ) -> list[dict[str, Any]]:
        equal: Counter[str] = Counter()
        rows, numbers = [], []
        for ordinal, span in enumerate(spans):
            text = document.text[span.start : span.end]
            text_hash = ids.text_hash(text)
            rows.append(
                {
                    "id": ids.passage_id(source_id, text, ordinal=equal[text_hash]),
                    "source_id": source_id,
                    "document_id": document_id,
                    "ordinal": ordinal,
                    "start": span.start,
                    "end": span.end,
                    "text": text,
                    "text_hash": text_hash,
                    "prefix": document.text[max(0, span.start - CONTEXT) : span.start],
                    "suffix": document.text[span.end : span.end + CONTEXT],
                    "headings": list(span.headings),
                    "language": span.language,
                    "first_page": span.first_page,
                    "last_page": span.last_page,
                    "page_label": span.page_label,
                    "retired_at": None,
                }
            )
            numbers.append(equal[text_hash])
            equal[text_hash] += 1
        self._part_unlike(source_id, rows, numbers)
        for row in rows:
            row["seal"] = seals.seal(passages, row)
        return rows

    def _part_unlike(self, source_id: str, rows: list[dict[str, Any]], numbers: Sequence[int]) -> None:
        """Give another id to a passage whose id stands for other words: by chance, or in other letters.

        The id is made of folded words (see ``kb.ids``); who cited "RENT 10²" did not cite "Rent 102".
        """
        owners = self._owners([row["id"] for row in rows])
        for row, number in zip(rows, numbers, strict=True):
            mine, attempt = (source_id, row["text_hash"], row["text"]), 0
            while _are_unlike(owners.get(row["id"], mine), mine):
                attempt += 1
                row["id"] = ids.passage_id(source_id, row["text"], ordinal=number, attempt=attempt)
                owners = {**self._owners([row["id"]]), **owners}
            owners[row["id"]] = mine

    def _owners(self, passage_ids: Sequence[str]) -> dict[str, tuple[str, str, str]]:
        """Return the source, the hash and the words of each id that is taken."""
        taken = {}
        for part in _parts(passage_ids):
            for found in self._connection.execute(_OWNERS, {"wanted": part}):
                taken[found.id] = (found.source_id, found.text_hash, found.text)
        return taken

    def _number(self, rows: list[dict[str, Any]]) -> None:
        for row, number in zip(rows, self._next_numbers(len(rows)), strict=True):
            row["sequence"] = number

    def _next_numbers(self, count: int) -> range:
        """Return fresh sequence numbers; the row's lock makes them commit in order."""
        if not count:
            return range(0)
        if self._connection.execute(seals.STEP, {"which": _SEQUENCE, "by": count}).rowcount == 0:
            self._connection.execute(sequences.insert().values(name=_SEQUENCE, value=count))
        last = self.last_sequence()
        return range(last - count + 1, last + 1)

    def _overwrite(self, rows: list[dict[str, Any]], *, with_sequence: bool) -> None:
        if not rows:
            return
        names = ["document_id", "ordinal", "start", "end", "text", "text_hash", "prefix", "suffix"]
        names += ["headings", "language", "first_page", "last_page", "page_label", "retired_at", "seal"]
        names += ["sequence"] if with_sequence else []
        statement = (
            passages.update()
            .where(passages.c.id == sa.bindparam("which"))
            .values({name: sa.bindparam(f"new_{name}") for name in names})
        )
        self._connection.execute(
            statement, [{"which": row["id"], **{f"new_{n}": row[n] for n in names}} for row in rows]
        )

    def _retire(self, passage_ids: Sequence[str]) -> None:
        if not passage_ids:
            return
        statement = (
            passages.update()
            .where(passages.c.id == sa.bindparam("which"))
            .values(retired_at=sa.bindparam("new_retired_at"), sequence=sa.bindparam("new_sequence"))
        )
        now = datetime.now(UTC)
        self._connection.execute(
            statement,
            [
                {"which": passage_id, "new_retired_at": now, "new_sequence": number}
                for passage_id, number in zip(passage_ids, self._next_numbers(len(passage_ids)), strict=True)
            ],
        )


def _are_unlike(owner: tuple[str, str, str], mine: tuple[str, str, str]) -> bool:
    """Tell whether an id stands for another source's words, or for the same in other letters.

    Words that are not those of their hash were damaged: they are put right, and keep their id.
    """
    if owner[:2] != mine[:2]:
        return True
    return owner[2].split() != mine[2].split() and normalised(owner[2]) == normalised(mine[2])


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _MOST_VALUES):
        yield values[start : start + _MOST_VALUES]
