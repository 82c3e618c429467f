"""How does the command line take in documents and show how far it is?"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from index.sync import sync
from ingest.batch import accept_all
from ingest.pipeline import file_at
from kb.catalog.sources import WAITING
from kb.model import Outcome, OutcomeKind, Source, SourceState
from webapp.wiring import Services

# Seconds between two looks at a source that another process is reading.
_LOOK_AGAIN = 0.1
# Seconds of reading before what was read is made searchable.
_SYNC_EVERY = 5.0


def ingest_paths(
    services: Services, paths: Sequence[Path], *, collection: str | None, wait: bool, as_json: bool
) -> bool:
    """Take in all files at or below the paths and report on each; tell whether all went well.

    What has been read becomes searchable as it goes, and also when the work is broken off.
    """
    kinds: Counter[str] = Counter()
    reporter = Reporter(as_json=as_json)
    max_bytes = services.settings.max_file_mb * 1_000_000
    synced = time.monotonic()
    try:
        for step in accept_all(services.pipeline, paths, collection=collection, max_bytes=max_bytes):
            outcome = step if isinstance(step, Outcome) else _follow_up(services, step, wait=wait)
            kinds[outcome.kind] += 1
            reporter.report(outcome)
            if wait and time.monotonic() - synced > _SYNC_EVERY:
                _sync(services)
                synced = time.monotonic()
    finally:
        if wait and kinds.total():
            _sync(services)
    reporter.close(kinds, wait=wait)
    reporter.no_longer_there(no_longer_there(services, paths))
    return kinds.total() > 0 and kinds[OutcomeKind.FAILED] == 0


def no_longer_there(services: Services, paths: Sequence[Path]) -> list[Source]:
    """Return the sources below the folders whose files are gone; they stay in the library until removed."""
    folders = [f"{Path(os.path.abspath(path.expanduser())).as_uri()}/" for path in paths if path.is_dir()]
    with services.catalog.reading() as transaction:
        sources = transaction.sources.all() if folders else []
    return [
        source
        for source in sources
        if source.uri.startswith(tuple(folders)) and not file_at(source.uri).exists()
    ]


def _sync(services: Services) -> None:
    sync(services.catalog, services.generations, wait=services.settings.lock_wait)


def _follow_up(services: Services, source_id: str, *, wait: bool) -> Outcome:
    if wait:
        return _read(services, source_id)
    with services.catalog.reading() as transaction:
        source = transaction.sources.get(source_id)
    return Outcome(source.uri, OutcomeKind.ADDED, source.id, source.title)


def _read(services: Services, source_id: str) -> Outcome:
    """Read a source that was just accepted, or wait for the process that was quicker."""
    told = False
    while True:
        outcome = services.pipeline.read_next(source_id)
        if outcome is not None:
            return outcome
        with services.catalog.reading() as transaction:
            source = transaction.sources.get(source_id)
        if source.state not in WAITING:
            return _outcome_of(source)
        if not told:
            click.echo(f"waiting for the process that reads {source.uri}", err=True)
            told = True
        time.sleep(_LOOK_AGAIN)


def _outcome_of(source: Source) -> Outcome:
    if source.state is SourceState.FAILED:
        return Outcome(
            source.uri,
            OutcomeKind.FAILED,
            source.id,
            code=source.error_code or "",
            reason=source.error or "",
            remedy=source.remedy or "",
        )
    return Outcome(source.uri, OutcomeKind.ADDED, source.id, source.title)


class Reporter:
    """Prints outcomes: one line that counts on a terminal, a line for each elsewhere or as JSON."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._on_terminal = not as_json and sys.stdout.isatty()
        self._began = time.monotonic()
        self._done = 0

    def report(self, outcome: Outcome) -> None:
        """Show one outcome."""
        self._done += 1
        if self._as_json:
            click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
        elif outcome.kind is OutcomeKind.FAILED:
            self._clear()
            click.echo(f"failed: {outcome.uri}: {outcome.reason}. {outcome.remedy}", err=True)
        elif self._on_terminal:
            rate = self._done / max(time.monotonic() - self._began, 0.001)
            click.echo(f"\r\x1b[K{self._done} documents, {rate:.0f} a second: {outcome.title[:60]}", nl=False)
        elif outcome.kind is not OutcomeKind.UNCHANGED:
            click.echo(f"{outcome.kind.value}: {outcome.title} ({outcome.passages} passages) {outcome.uri}")

    def close(self, kinds: Counter[str], *, wait: bool) -> None:
        """Show the sums."""
        self._clear()
        if self._as_json:
            return
        if not kinds:
            click.echo("no documents were found there", err=True)
            return
        named = {OutcomeKind.ADDED: "added" if wait else "accepted"}
        sums = [f"{kinds[kind]} {named.get(kind, kind.value)}" for kind in OutcomeKind if kinds[kind]]
        click.echo(f"{kinds.total()} documents: {', '.join(sums)}")

    def no_longer_there(self, sources: Sequence[Source]) -> None:
        """Tell of documents whose files are gone, and how to remove them."""
        if not sources or self._as_json:
            return
        click.echo(
            f"{len(sources)} documents are no longer in the folder but still in the library:", err=True
        )
        for source in sources:
            click.echo(f"    {source.place}: to take it out, kb remove {source.id}", err=True)

    def _clear(self) -> None:
        if self._on_terminal:
            click.echo("\r\x1b[K", nl=False)


@contextmanager
def counter(what: str) -> Iterator[Callable[[int], None]]:
    """Yield a function that shows a growing number: in place on a terminal, not at all elsewhere."""
    on_terminal = sys.stdout.isatty()

    def show(count: int) -> None:
        if on_terminal:
            click.echo(f"\r\x1b[K{count:,} {what}", nl=False)

    yield show
    if on_terminal:
        click.echo("\r\x1b[K", nl=False)
