"""A watched folder, and what the library knows of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import stamps
from ingest.pipeline import Pipeline
from kb.catalog import Catalog
from kb.model import Source
from tests.ingest.watch.watched import Watched


@pytest.fixture
def watched(pipeline: Pipeline, library: Path, monkeypatch: pytest.MonkeyPatch) -> Watched:
    # Files that tests have just written are trusted as if they were old.
    monkeypatch.setattr(stamps, "_TICK_NS", -(10**18))
    return Watched(pipeline, library)


@pytest.fixture
def sources(catalog: Catalog) -> Callable[[], dict[str, Source]]:
    """The sources that are not removed, by the name of the file that they stand in now."""

    def read() -> dict[str, Source]:
        with catalog.reading() as transaction:
            return {source.uri.rpartition("/")[2]: source for source in transaction.sources.all()}

    return read
