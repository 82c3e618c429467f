"""A whole service on a folder of its own: written into by files, as users do."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from index.sync import sync
from ingest.batch import accept_all
from ingest.children import Step
from ingest.pipeline import Pipeline
from ingest.pool import ReadingPool, read_all
from ingest.reading import InProcess
from kb import settings
from kb.model import Outcome
from webapp.wiring import Services, wire


def services_at(home: Path, **overrides: object) -> Services:
    """Return services that keep everything below ``home``, and read in this process."""
    return wire(settings.load({}, home=home, lock_wait=5, **overrides), InProcess)


def take_in(services: Services, *paths: Path, collection: str | None = None) -> list[Outcome]:
    """Ingest files and folders and bring the index up to date; return what became of each file."""
    steps = accept_all(services.pipeline, paths, collection=collection, max_bytes=64_000_000)
    outcomes = outcomes_of(services.pipeline, steps)
    sync(services.catalog, services.generations, wait=5)
    return outcomes


def outcomes_of(pipeline: Pipeline, steps: Iterable[Step]) -> list[Outcome]:
    """Read what there is to read, one after another; return what became of each source."""
    with closing(ReadingPool(pipeline, readers=1)) as pool:
        outcomes = [step for step in read_all(pool, steps) if isinstance(step, Outcome)]
    return outcomes


def write(folder: Path, **texts: str) -> Path:
    """Write text files, named after the keywords, into a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder
