"""How does the live index come to reflect the catalog? By replaying what changed since its sequence.

Idempotent and killable: each batch is committed together with the sequence it reaches, so a process that
dies is followed by one that goes on from the last commit.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import closing

from index.engine import Engine, IndexedPassage
from index.generations import Generations
from index.library import beside, filling
from kb.catalog import Catalog
from kb.errors import IndexIncompatible, KBError
from kb.model import Change

log = logging.getLogger("kb.index")

# Passages in one commit: enough that the commit's own cost is small beside that of adding, few enough
# that memory stays flat and a killed process loses little work.
BATCH = 10_000
# Seconds after which an index that is held open is opened anew, which finds and mends what was damaged since.
_HELD_FOR = 600.0

Progress = Callable[[int], None]


class Syncing:
    """Brings the live index up to the catalog, again and again, and holds it open in between.

    To open an index reads all of it, for its checksums: at a million passages a changed document would wait
    1.5 s for that, and half a second without. Not safe to share between threads.
    """

    def __init__(self, catalog: Catalog, generations: Generations) -> None:
        self._catalog, self._generations = catalog, generations
        self._held: tuple[int, Engine] | None = None
        self._opened_at = 0.0

    def sync(self, *, wait: float, progress: Progress | None = None) -> int:
        """Apply what changed; see ``sync``."""
        try:
            with self._generations.lock(wait=wait):
                applied = self._apply(progress)
                if time.monotonic() - self._opened_at > _HELD_FOR:
                    self.close()
                return applied
        except KBError:
            # Who opens it anew sees what is wrong with it, and mends what can be mended.
            self.close()
            raise

    def close(self) -> None:
        """Let go of the index."""
        if self._held is not None:
            self._held[1].close()
            self._held = None

    def _apply(self, progress: Progress | None) -> int:
        live = _live(self._generations)
        number, engine = self._engine(live)
        folder = self._generations.path(number)
        with beside.caught_up(self._catalog, folder, changes=behind(self._catalog, engine)):
            applied = catch_up(self._catalog, engine, progress=progress)
        if live is None:
            self._generations.swap(number)
        return applied

    def _engine(self, live: int | None) -> tuple[int, Engine]:
        """Return the engine to be written: the live one, else the newest that is sound, else a new one."""
        if self._held is not None and self._held[0] == live:
            return self._held
        self.close()
        number = self._generations.newest_sound() if live is None else live
        if number is None:
            self._held = self._generations.create()
        else:
            self._held = number, self._generations.open(number)
        self._opened_at = time.monotonic()
        return self._held


def sync(catalog: Catalog, generations: Generations, *, wait: float, progress: Progress | None = None) -> int:
    """Bring the live index up to the catalog, making the first generation if there is none.

    ``progress`` is told the number of changes applied so far. Returns how many were applied. Raises
    IndexBusy when another process writes for longer than ``wait`` seconds, IndexIncompatible when the live
    index is another version's (then it must be rebuilt).
    """
    with closing(Syncing(catalog, generations)) as syncing:
        return syncing.sync(wait=wait, progress=progress)


def note(catalog: Catalog, generations: Generations, *, wait: float, most: int) -> int:
    """Note what answers need of passages of the live index that lack it; return of how many it was.

    What changed can be found without: so this is for when there is nothing else to do. Raises as ``sync``.
    """
    with generations.lock(wait=wait):
        number = _live(generations)
        return 0 if number is None else filling.note(catalog, generations.path(number), most=most)


def _live(generations: Generations) -> int | None:
    """Return the live generation, or None when the file that names it is missing or damaged."""
    try:
        return generations.live()
    except IndexIncompatible as error:
        log.error("%s; it is written anew", error)
        return None


def behind(catalog: Catalog, engine: Engine) -> int:
    """Return about how many changes an engine lacks, at most."""
    with catalog.reading() as transaction:
        return transaction.passages.last_sequence() - engine.sequence


def catch_up(catalog: Catalog, engine: Engine, *, progress: Progress | None = None) -> int:
    """Apply the changes that an engine lacks, batch by batch; return how many."""
    applied = 0
    while True:
        with catalog.reading() as transaction:
            changes = transaction.passages.changes_since(engine.sequence, limit=BATCH)
        if not changes:
            return applied
        with engine.writer(changes[-1].sequence) as writer:
            for change in changes:
                if change.retired:
                    writer.delete(change.passage.id)
                else:
                    writer.put(indexed(change))
        applied += len(changes)
        if progress is not None:
            progress(applied)


def indexed(change: Change) -> IndexedPassage:
    """Return the passage of a change as an engine sees it."""
    passage = change.passage
    return IndexedPassage(
        id=passage.id,
        title=change.title,
        headings=passage.headings,
        text=passage.text,
        language=passage.language,
        collection=change.collection,
        source_id=passage.source_id,
        media_type=change.media_type,
        day=change.day.isoformat(),
    )
