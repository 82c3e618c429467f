"""How is the index built anew while the old one goes on answering?

Build beside, catch up, verify, swap, keep the previous one for rollback.
"""

from __future__ import annotations

from index.generations import Generations
from index.library import store
from index.sync import Progress, catch_up
from index.verify import compare
from kb.catalog import Catalog
from kb.errors import SearchIndexError


def rebuild(
    catalog: Catalog, generations: Generations, *, wait: float, progress: Progress | None = None
) -> int:
    """Build a new generation from the catalog and make it live; return its number.

    Raises SearchIndexError, leaving the live generation as it is, when the new one does not hold what the
    catalog does.
    """
    with generations.lock(wait=wait):
        number, engine = generations.create()
        try:
            catch_up(catalog, engine, progress=progress)
            store.catch_up(catalog, generations.path(number))
            faults = compare(catalog, engine)
        finally:
            engine.close()
        if faults:
            raise SearchIndexError(f"the new index is not right and was not used: {faults[0].text}")
        generations.swap(number)
        generations.prune()
        return number


def roll_back(generations: Generations, *, wait: float) -> int:
    """Make the generation before the live one live again; return its number."""
    with generations.lock(wait=wait):
        live = generations.live()
        older = [number for number in generations.all() if live is not None and number < live]
        if not older:
            raise SearchIndexError("there is no earlier index to go back to")
        generations.open(older[-1]).close()
        generations.swap(older[-1])
        return older[-1]
