"""How does the index live on disk? Whoosh keeps it: segments that never change, and commits that are atomic.

    _MAIN_<g>.toc          generation g: its segments, and what is deleted from them; the rename is the commit
    MAIN_<id>.*            one segment: postings and stored values
    MAIN_<id>.arrays       the same segment as arrays (``index.sidecars``), which searches read instead
    MAIN_<id>.sums         the fingerprints of its files, for ``kb verify``
    sequences.json         the catalog sequence of each generation: written before the commit, true with it
    tocs.json              the fingerprints of the lists of segments

Whoosh's searchers are slow and must not be shared between threads, so none is ever opened. The folder holds
pickles: it is private, and one from elsewhere must not be opened.
"""

from __future__ import annotations

import functools
import itertools
import logging
import os
import pickle
import struct
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index as whoosh_index

from index import impacts, merging, sidecars
from index.engine import Capabilities, IndexedPassage, LookUp, Ranking
from index.engines import inspection, segments, sums
from index.engines.plain import PlainRanking
from index.merging import Part
from index.plan import plan
from index.query import Query
from index.ranking.explanation import Explanation
from index.ranking.snapshot import Segment, Snapshot
from kb.errors import IndexBusy, IndexIncompatible, IndexMissing, SearchIndexError
from kb.model import Hit

_log = logging.getLogger("kb.index")

_SEQUENCES = "sequences.json"
# Seconds: how long a writer waits for another, and how often it looks.
_WAIT, _RETRY = 3.0, 0.05
# Seconds between two looks of a reader for a commit, which take 2 µs each, and for memory to give back. A
# changed document is to be found within a second of its commit, and half of that is needed to index it.
_LOOK_AGAIN, _LET_GO_AGAIN = 0.25, 1.0
_OPENED_AT_ONCE = 2
# A folder's time of change may be this coarse, in seconds: a younger one may hide a later change.
_COARSE = 2.0
# Merging keeps searches fast, but writes passages again at some 3,000 a second. So a commit merges the
# smallest segments only when there are enough, and only a few times as many passages as it adds itself, plus
# a second's worth; where segments pile up all the same, that doubles for every further 16.
_MERGE_AT, _MERGE_PASSAGES, _MERGE_SHARE, _MANY = 6, 2_000, 6, 16
# What Python and Whoosh raise for files that are not what they should be.
_DAMAGE = (
    OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ImportError, AssertionError,
    struct.error, zlib.error, pickle.UnpicklingError, whoosh_index.IndexError,
)  # fmt: skip


class WhooshWriter:
    """A batch of changes to a WhooshEngine; nothing is written before the commit."""

    def __init__(self) -> None:
        self.added: dict[str, IndexedPassage] = {}
        self.removed: set[str] = set()

    def put(self, passage: IndexedPassage) -> None:
        """Add a passage, or replace the one with the same id."""
        self.added[passage.id] = passage

    def delete(self, passage_id: str) -> None:
        """Remove a passage; one that is not there is no error."""
        self.added.pop(passage_id, None)
        self.removed.add(passage_id)


class WhooshEngine:
    """The engine for one machine. Any number of threads and processes search; one at a time writes."""

    capabilities = Capabilities(name="whoosh", persistent=True)

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schema = segments.schema()
        self._storage = segments.DurableStorage(str(folder))
        self._loading = threading.Lock()
        self._seen: int | None = None
        self._looked_at = self._let_go_at = time.monotonic()
        self._snapshot = self._load(None)
        self._plain: PlainRanking | None = None

    @classmethod
    def create(cls, folder: Path) -> WhooshEngine:
        """Make an empty index in a folder, which is made too, or open the one that is there."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        storage = segments.DurableStorage(str(folder))
        if whoosh_index.TOC._latest_generation(storage, segments.NAME) < 0:
            folder.chmod(0o700)
            sums.write_checked(folder / _SEQUENCES, {"0": 0})
            whoosh_index.FileIndex.create(storage, segments.schema(), segments.NAME)
        return cls(folder)

    @classmethod
    def open(cls, folder: Path) -> WhooshEngine:
        """Open the index in a folder; raise IndexMissing or IndexIncompatible."""
        return cls(folder)

    @property
    def sequence(self) -> int:
        """Return the catalog sequence that the last commit reflects; 0 before the first."""
        return self._current().sequence

    @contextmanager
    def writer(self, sequence: int) -> Iterator[WhooshWriter]:
        """Open a batch; leaving the block commits it as ``sequence``, an exception discards it."""
        with self._lock():
            self._follow(mend=True)
            batch = WhooshWriter()
            yield batch
            self._commit(batch, sequence)
            self._follow()

    def search(self, query: Query, *, limit: int = 10, offset: int = 0, facets: bool = False) -> Ranking:
        """Rank the passages that match a query. ``limit`` may be 0 to only count."""
        return self._current().search(query, limit=limit, offset=offset, facets=facets)

    def explain(self, query: Query, passage: IndexedPassage, *, anew: bool) -> Explanation:
        """Return the parts of the score of a passage that matches; ``anew``: it was ranked anew."""
        return self._current().explain(query, passage, anew=anew)

    def plain(self, query: Query, *, limit: int = 10) -> list[Hit]:
        """Rank by Whoosh's own BM25F, for comparing: words that are no stop words, without any filter."""
        return self.plain_ranking().best(
            (wanted.term for wanted in plan(query).wanted if not wanted.small), limit=limit
        )

    def plain_ranking(self) -> PlainRanking:
        """Return Whoosh's own ranking of the last committed state."""
        snapshot = self._current()
        if self._plain is None or self._plain.snapshot is not snapshot:
            self._plain = PlainRanking(snapshot)
        return self._plain

    def weights(self, query: Query) -> dict[str, float]:
        """Return each term of a question with its weight in this index."""
        return self._current().weights(query)

    def ids(self) -> Iterable[str]:
        """Return the id of every passage in the index, in no order."""
        return self._current().ids()

    def count(self) -> int:
        """Return the number of passages."""
        return self._current().count()

    def faults(self) -> list[str]:
        """Return which files of the last commit are missing or damaged, as sentences."""
        return [
            fault for segment in self._current().segments for fault in sums.faults(self._folder, segment.name)
        ]

    def differing(self, look_up: LookUp) -> list[str]:
        """Return where segments are not as they should be, as sentences; reads all of them."""
        snapshot = self._current()
        try:
            toc = self._toc()
            if toc.generation != snapshot.generation:
                return []
            return inspection.differing(self._storage, toc.segments, snapshot.segments, look_up)
        except _DAMAGE as error:
            return [f"a segment of the index cannot be read: {error}"]

    def close(self) -> None:
        """Let go of files and memory."""
        self._looked_at = float("inf")
        self._snapshot = Snapshot([], sequence=self._snapshot.sequence, generation=-1)

    def refresh(self) -> None:
        """See the last commit at once, not in a moment."""
        self._follow()

    def _follow(self, *, mend: bool = False) -> None:
        with self._loading:
            self._snapshot = self._load(self._snapshot, mend=mend)

    def _current(self) -> Snapshot:
        """Return the last committed state, or one that was the last a moment ago.

        If the newest cannot be read, the one before goes on answering.
        """
        now = time.monotonic()
        if now - self._looked_at >= _LOOK_AGAIN and self._loading.acquire(blocking=False):
            try:
                self._looked_at = now
                if now - self._let_go_at >= _LET_GO_AGAIN:
                    self._let_go_at = now
                    sidecars.let_go()
                changed = os.stat(self._folder).st_mtime_ns
                if changed != self._seen:
                    self._seen = changed if time.time() - changed / 1e9 > _COARSE else None
                    self._snapshot = self._load(self._snapshot)
            except (SearchIndexError, OSError) as error:
                _log.warning("the index in %s: %s", self._folder, error)
            finally:
                self._loading.release()
        return self._snapshot

    def _load(self, before: Snapshot | None, *, mend: bool = False) -> Snapshot:
        """Return the last committed state. A commit in between may take files away: then look again."""
        gone: Exception | None = None
        for _ in range(10):
            try:
                toc = self._toc()
                if before and _is_of(before, toc) and not (mend and before.makeshift):
                    return before
                known = {segment.name: segment for segment in before.segments} if before else {}
                # Most of opening is adding up checksums, for which Python does not hold its processes to one.
                with ThreadPoolExecutor(_OPENED_AT_ONCE) as pool:
                    load = functools.partial(self._segment, known=known, mend=mend)
                    found = list(pool.map(load, toc.segments))
                sequence = _read_sequences(self._folder)[str(toc.generation)]
                made = Snapshot(found, sequence=sequence, generation=toc.generation, before=before)
                # Who has searched will search again: who asks meanwhile is answered from the one before.
                return made.prepare() if before is not None and before.is_prepared else made
            except whoosh_index.EmptyIndexError as error:
                raise IndexMissing(f"there is no index in {self._folder.name}") from error
            except (FileNotFoundError, KeyError) as error:
                gone = error
                time.sleep(_RETRY)
            except _DAMAGE as error:
                raise IndexIncompatible(
                    f"the index in {self._folder.name} cannot be read: {error}"
                ) from error
        raise IndexIncompatible(f"the index in {self._folder.name} is not complete: {gone}") from gone

    def _segment(self, segment: Any, *, known: dict[str, Segment], mend: bool) -> Segment:
        """Return a segment with its arrays: those in memory, else the file's, else made anew.

        Only who holds the lock may ``mend`` the file; without, the makeshift serves.
        """
        name = segment.segment_id()
        deleted = np.array(sorted(segment.deleted_docs()), np.int64)
        if name in known and not (mend and known[name].makeshift):
            return replace(known[name], deleted=deleted)
        path = _arrays(self._folder, name)
        try:
            return Segment(name, sidecars.load(path), deleted)
        except (FileNotFoundError, IndexIncompatible):
            # What comes of damaged files must not be served, nor kept.
            if damaged := [told for told in sums.faults(self._folder, name) if path.name not in told]:
                if "missing" in damaged[0]:
                    # A commit may have taken the segment away since its list was read.
                    raise FileNotFoundError(damaged[0]) from None
                raise IndexIncompatible(damaged[0]) from None
            made = impacts.build(segments.read(self._storage, segment))
        if mend:
            sidecars.save(made, path)
            sums.renew(self._folder, name, path.name)
            return Segment(name, sidecars.load(path), deleted)
        return Segment(name, made, deleted, makeshift=True)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        lock = self._storage.lock(f"{segments.NAME}_WRITELOCK")
        until = time.monotonic() + _WAIT
        while not lock.acquire():
            if time.monotonic() >= until:
                raise IndexBusy("another process is writing the index")
            time.sleep(_RETRY)
        try:
            yield
        finally:
            lock.release()

    def _commit(self, batch: WhooshWriter, sequence: int) -> None:
        toc = None
        try:
            toc = self._toc()
            before = list(toc.segments)
            for place, number in self._snapshot.find([*batch.removed, *batch.added]):
                before[place].delete_document(number)
            merged, kept = self._to_merge(before, len(batch.added))
            new = self._written(merged, [segments.analysed(each) for each in batch.added.values()])
            kept += [new] if new is not None else []
            self._commit_segments(kept, toc.generation, sequence)
        except _DAMAGE as error:
            if toc is not None:
                with suppress(*_DAMAGE):
                    self._clean(toc.generation)
            raise SearchIndexError(
                f"the index could not be written: {error}",
                remedy="Make room on the disk; if there is room, run `kb reindex`. Searches go on meanwhile.",
            ) from error

    def _written(self, merged: Sequence[Any], added: Sequence[impacts.StoredPassage]) -> Any:
        """Return a new segment of what is live in others, and of more passages; None if there are none."""
        known = {segment.name: segment.sidecar for segment in self._snapshot.segments}
        parts = []
        for segment in merged:
            sidecar = known[segment.segment_id()]
            live = np.delete(np.arange(sidecar.size), sorted(segment.deleted_docs()))
            parts.append(Part(sidecar, live))
        stored = [
            segments.read_packed(self._storage, segment, part.kept.tolist())
            for segment, part in zip(merged, parts, strict=True)
        ]
        if added:
            parts.append(Part(impacts.build(added), np.arange(len(added))))
            stored.append(map(segments.packed, added))
        if not any(len(part.kept) for part in parts):
            return None
        sidecar = merging.merged(parts) if merged else parts[0].sidecar
        segment = segments.write(self._storage, itertools.chain.from_iterable(stored), sidecar)
        sidecars.save(sidecar, _arrays(self._folder, segment.segment_id()))
        sums.write(self._folder, segment.segment_id())
        return segment

    def _commit_segments(self, kept: list[Any], last: int, sequence: int) -> None:
        """Make these segments generation ``last`` + 1: the rename of their list commits it."""
        sequences = {str(last): _read_sequences(self._folder)[str(last)], str(last + 1): sequence}
        sums.write_checked(self._folder / _SEQUENCES, sequences)
        whoosh_index.TOC(self._schema, kept, last + 1).write(self._storage, segments.NAME)
        self._clean(last + 1)

    def _to_merge(self, found: list[Any], added: int) -> tuple[list[Any], list[Any]]:
        """Return the segments to be merged, and those that stay: a damaged one is not to spread."""
        merged, kept = _to_merge(found, added)
        sound = [segment for segment in merged if not sums.faults(self._folder, segment.segment_id())]
        return sound, kept + [segment for segment in merged if segment not in sound]

    def _toc(self) -> Any:
        """Return the last list of segments, or raise ValueError when it is not what was written."""
        toc = whoosh_index.TOC.read(self._storage, segments.NAME, schema=self._schema)
        name = whoosh_index.TOC._filename(segments.NAME, toc.generation)
        if not self._storage.is_as_written(name):
            raise ValueError(f"{name} is damaged")
        return toc

    def _clean(self, generation: int) -> None:
        """Remove all files that are of no segment of a generation."""
        toc = whoosh_index.TOC.read(self._storage, segments.NAME, gen=generation, schema=self._schema)
        whoosh_index.clean_files(self._storage, segments.NAME, generation, toc.segments)


def _is_of(snapshot: Snapshot, toc: Any) -> bool:
    """Tell whether a snapshot is of a list of segments; an index made anew counts from 1 again."""
    names = [segment.segment_id() for segment in toc.segments]
    return snapshot.generation == toc.generation and [each.name for each in snapshot.segments] == names


def _to_merge(found: list[Any], added: int) -> tuple[list[Any], list[Any]]:
    """Return the smallest segments, to become one with what a commit adds, and those that stay."""
    found = sorted(
        (segment for segment in found if segment.doc_count()), key=lambda segment: segment.doc_count()
    )
    room = (_MERGE_PASSAGES + _MERGE_SHARE * added) << (len(found) // _MANY)
    small = 0
    while small < len(found) and found[small].doc_count() <= room:
        room -= found[small].doc_count()
        small += 1
    return (found[:small], found[small:]) if small >= _MERGE_AT else ([], found)


def _arrays(folder: Path, name: str) -> Path:
    # Whoosh removes all files of a segment with the segment, this one among them.
    return folder / f"{name}.arrays"


def _read_sequences(folder: Path) -> dict[str, int]:
    return {
        generation: int(reached) for generation, reached in sums.read_checked(folder / _SEQUENCES).items()
    }
