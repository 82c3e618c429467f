"""What becomes of each file when a whole folder is taken in? Outcomes, one by one, as they happen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.children import Step, failed
from ingest.fetch import Found, Unreachable, as_fetched, read_file, walk
from ingest.pipeline import Pipeline
from ingest.unchanged import skim
from kb.errors import SourceError, SourceMissing
from kb.model import Outcome


def accept_all(
    pipeline: Pipeline,
    paths: Iterable[Path],
    *,
    collection: str | None,
    max_bytes: int,
    thorough: bool = False,
) -> Iterator[Step]:
    """Accept every file at or below the paths; yield the source id of each, or its outcomes if it has some.

    A file that fails never stops the others. Files that look unchanged from outside are only read when
    ``thorough``.
    """
    for path in paths:
        files = walk(path, collection=collection)
        for found in files if thorough else skim(pipeline.catalog, files):
            if isinstance(found, Outcome):
                yield found
            elif isinstance(found, Unreachable):
                yield failed(found.uri, found.error)
            else:
                yield from accept_file(pipeline, found, max_bytes=max_bytes)


def accept_file(pipeline: Pipeline, found: Found, *, max_bytes: int) -> list[Step]:
    """Accept one file; return its source id, or its outcomes if it has some."""
    try:
        fetched = read_file(found, max_bytes=max_bytes)
    except SourceMissing as error:
        # Nothing was there, so there is nothing to keep a record of.
        return [failed(found.uri, error)]
    except SourceError as error:
        return [pipeline.refuse(as_fetched(found), error)]
    return pipeline.accept(fetched)
