"""A whole service on a folder of its own: written into by files, as users do."""

from __future__ import annotations

from pathlib import Path

from index.sync import sync
from ingest.batch import accept_all
from kb import settings
from kb.model import Outcome
from webapp.wiring import Services, wire


def services_at(home: Path, **overrides: object) -> Services:
    """Return services that keep everything below ``home``."""
    return wire(settings.load({}, home=home, lock_wait=5, **overrides))


def take_in(services: Services, *paths: Path, collection: str | None = None) -> list[Outcome]:
    """Ingest files and folders and bring the index up to date; return what became of each file."""
    outcomes = []
    for step in accept_all(services.pipeline, paths, collection=collection, max_bytes=64_000_000):
        outcome = step if isinstance(step, Outcome) else services.pipeline.read_next(step)
        assert outcome is not None
        outcomes.append(outcome)
    sync(services.catalog, services.generations, wait=5)
    return outcomes


def write(folder: Path, **texts: str) -> Path:
    """Write text files, named after the keywords, into a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder
