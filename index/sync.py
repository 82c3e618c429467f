"""How does the live index come to reflect the catalog? By replaying what changed since its sequence.

Idempotent and killable: each batch is committed together with the sequence it reaches, so a process that
dies is followed by one that goes on from the last commit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from index.engine import Engine, IndexedPassage
from index.generations import Generations
from index.library import beside, filling
from kb.catalog import Catalog
from kb.errors import IndexIncompatible
from kb.model import Change

log = logging.getLogger("kb.index")

# Passages in one commit: enough that the commit's own cost is small beside that of adding, few enough
# that memory stays flat and a killed process loses little work.
BATCH = 10_000

Progress = Callable[[int], None]


def sync(catalog: Catalog, generations: Generations, *, wait: float, progress: Progress | None = None) -> int:
    """Bring the live index up to the catalog, making the first generation if there is none.

    ``progress`` is told the number of changes applied so far. Returns how many were applied. Raises
    IndexBusy when another process writes for longer than ``wait`` seconds, IndexIncompatible when the live
    index is another version's (then it must be rebuilt).
    """
    with generations.lock(wait=wait):
        number = _live(generations)
        live = number is not None
        if number is None:
            number = generations.newest_sound()
        if number is None:
            number, engine = generations.create()
        else:
            engine = generations.open(number)
        with beside.caught_up(catalog, generations.path(number), changes=behind(catalog, engine)):
            applied = catch_up(catalog, engine, progress=progress)
        engine.close()
        if not live:
            generations.swap(number)
        return applied


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
