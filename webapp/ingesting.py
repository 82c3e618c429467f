"""How does the command line take in documents and show how far it is?"""

from __future__ import annotations

import json
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
from kb.model import Outcome, OutcomeKind, Source, SourceState
from webapp.wiring import Services

# Seconds between two looks at a source that another process is reading.
_LOOK_AGAIN = 0.1
_WAITING = (SourceState.PENDING, SourceState.READING)


def ingest_paths(
    services: Services, paths: Sequence[Path], *, collection: str | None, wait: bool, as_json: bool
) -> bool:
    """Take in all files at or below the paths and report on each; tell whether all went well."""
    kinds: Counter[str] = Counter()
    reporter = Reporter(as_json=as_json)
    accepted = accept_all(
        services.pipeline,
        paths,
        collection=collection,
        max_bytes=services.settings.max_file_mb * 1_000_000,
    )
    for step in accepted:
        if isinstance(step, Outcome):
            outcome = step
        elif wait:
            outcome = _read(services, step)
        else:
            with services.catalog.reading() as transaction:
                source = transaction.sources.get(step)
            outcome = Outcome(source.uri, OutcomeKind.ADDED, source.id, source.title)
        kinds[outcome.kind] += 1
        reporter.report(outcome)
    if wait and kinds.total():
        sync(services.catalog, services.generations, wait=services.settings.lock_wait)
    reporter.close(kinds, wait=wait)
    return kinds.total() > 0 and kinds[OutcomeKind.FAILED] == 0


def _read(services: Services, source_id: str) -> Outcome:
    """Read a source that was just accepted, or wait for the worker that was quicker."""
    while True:
        outcome = services.pipeline.read_next(source_id)
        if outcome is not None:
            return outcome
        with services.catalog.reading() as transaction:
            source = transaction.sources.get(source_id)
        if source.state not in _WAITING:
            return _outcome_of(source)
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
