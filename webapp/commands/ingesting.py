"""How does the command line take in documents and show how far it is?"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from index.sync import sync
from ingest.batch import accept_all
from ingest.children import Step
from ingest.fetch import is_web, walk
from ingest.pipeline import file_at
from ingest.pool import ReadingPool, read_all
from kb.catalog.sources import WAITING
from kb.model import Outcome, OutcomeKind, Source, SourceState
from webapp.wiring import Services

# Seconds between two looks at a source that another process is reading.
_LOOK_AGAIN = 0.1
# Seconds of reading before what was read is made searchable.
_SYNC_EVERY = 5.0
# Characters of the bar on a terminal.
# Of one document, as many are told; all of them stand on its page.
_MOST_WARNINGS = 5
_BAR = 20


def ingest_places(
    services: Services,
    places: Sequence[str],
    *,
    collection: str | None,
    wait: bool,
    as_json: bool,
    site: bool = False,
    thorough: bool = False,
) -> bool:
    """Take in all files and pages at or below the places and report on each; tell whether all went well.

    What has been read becomes searchable as it goes, and also when the work is broken off.
    """
    paths = [Path(place) for place in places if not is_web(place)]
    reporter = Reporter(as_json=as_json, expected=lambda: sum(1 for path in paths for _ in walk(path)))
    steps = _steps(services, places, collection=collection, site=site, thorough=thorough)
    do_all(services, steps, reporter, wait=wait)
    reporter.no_longer_there(no_longer_there(services, paths, seen=reporter.seen))
    return reporter.kinds.total() > 0 and reporter.kinds[OutcomeKind.FAILED] == 0


def do_all(services: Services, steps: Iterable[Step], reporter: Reporter, *, wait: bool) -> None:
    """Do all steps and report on each; with ``wait``, until what was read is searchable."""
    synced = time.monotonic()
    try:
        for outcome in _read(services, steps) if wait else _accepted(services, steps):
            reporter.report(outcome)
            if wait and time.monotonic() - synced > _SYNC_EVERY:
                _sync(services)
                synced = time.monotonic()
    finally:
        if wait and reporter.kinds.total():
            _sync(services)
    reporter.close()


def _steps(
    services: Services, places: Sequence[str], *, collection: str | None, site: bool, thorough: bool
) -> Iterator[Step]:
    max_bytes = services.settings.max_file_mb * 1_000_000
    for place in places:
        if is_web(place):
            yield from services.web.take(place, collection=collection, site=site)
        else:
            yield from accept_all(
                services.pipeline,
                [Path(place)],
                collection=collection,
                max_bytes=max_bytes,
                thorough=thorough,
            )


def no_longer_there(services: Services, paths: Sequence[Path], *, seen: Collection[str]) -> list[Source]:
    """Return the sources below the folders whose files are gone; they stay in the library until removed.

    What came in an archive goes with it, and is not named. ``seen`` are the URIs of files that are there.
    """
    folders = [f"{Path(os.path.abspath(path.expanduser())).as_uri()}/" for path in paths if path.is_dir()]
    with services.catalog.reading() as transaction:
        below = [known for folder in folders for known in transaction.files.below(folder, collection=None)]
        gone = [source_id for source_id, uri in below if uri not in seen and not file_at(uri).exists()]
        return [transaction.sources.get(source_id) for source_id in dict.fromkeys(gone)]


def _sync(services: Services) -> None:
    sync(services.catalog, services.generations, wait=services.settings.lock_wait)


def _accepted(services: Services, steps: Iterable[Step]) -> Iterator[Outcome]:
    for step in steps:
        if isinstance(step, Outcome):
            yield step
            continue
        with services.catalog.reading() as transaction:
            source = transaction.sources.get(step)
        yield Outcome(source.uri, OutcomeKind.ACCEPTED, source.id, source.title)


def _read(services: Services, steps: Iterable[Step]) -> Iterator[Outcome]:
    """Read all sources, several at a time; those that other processes have taken come last."""
    elsewhere: list[str] = []
    with closing(ReadingPool(services.pipeline, readers=services.settings.readers)) as pool:
        for step in read_all(pool, steps):
            if isinstance(step, Outcome):
                yield step
            else:
                elsewhere.append(step)
        while elsewhere:
            yield from _awaited(services, pool, elsewhere.pop(0), then=elsewhere)


def _awaited(services: Services, pool: ReadingPool, source_id: str, *, then: list[str]) -> Iterator[Outcome]:
    """Wait for the process that reads a source, or read it should that one end; ``then`` gets its parts."""
    told = False
    while True:
        with services.catalog.reading() as transaction:
            source = transaction.sources.get(source_id)
            parts = transaction.sources.children(source_id)
        if source.state not in WAITING:
            yield _outcome_of(source)
            then.extend(part.id for part in parts)
            return
        taken = False
        for step in read_all(pool, [source_id]):
            if isinstance(step, Outcome):
                yield step
            elif step == source_id:
                taken = True
            else:
                then.append(step)
        if not taken:
            return
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
    """Prints outcomes: one line that grows on a terminal, a line for each elsewhere or as JSON.

    ``expected`` counts the files that there are to read; it is asked on a terminal only.
    """

    def __init__(self, *, as_json: bool, expected: Callable[[], int]) -> None:
        self._as_json = as_json
        self._on_terminal = not as_json and sys.stdout.isatty()
        self._expected = expected() if self._on_terminal else 0
        self._began = time.monotonic()
        self.kinds: Counter[str] = Counter()
        self.seen: set[str] = set()

    def report(self, outcome: Outcome) -> None:
        """Show one outcome."""
        self.kinds[outcome.kind] += 1
        self.seen.add(outcome.uri)
        if self._as_json:
            click.echo(json.dumps(asdict(outcome), ensure_ascii=False))
            return
        if outcome.kind is OutcomeKind.FAILED:
            self._clear()
            click.echo(f"failed: {outcome.uri}: {outcome.reason}. {outcome.remedy}", err=True)
        if outcome.warnings:
            self._clear()
            told = "; ".join(outcome.warnings[:_MOST_WARNINGS])
            more = len(outcome.warnings) - _MOST_WARNINGS
            click.echo(
                f"not all read: {outcome.uri}: {told}{f'; and {more} more' if more > 0 else ''}", err=True
            )
        if self._on_terminal:
            self._draw(outcome.title)
        elif outcome.kind not in {OutcomeKind.FAILED, OutcomeKind.UNCHANGED}:
            passages = f" ({outcome.passages} passages)" if outcome.passages else ""
            click.echo(f"{outcome.kind.value}: {outcome.title}{passages} {outcome.uri}")

    def _draw(self, title: str) -> None:
        done, failed = self.kinds.total(), self.kinds[OutcomeKind.FAILED]
        # The files in archives are not counted beforehand.
        expected = max(self._expected, done)
        filled = _BAR * done // expected
        rate = done / max(time.monotonic() - self._began, 0.001)
        line = f"[{'#' * filled}{'.' * (_BAR - filled)}] {done} of {expected}, {rate:.0f} a second"
        line += f", {failed} failed" if failed else ""
        width = shutil.get_terminal_size().columns - 1
        click.echo(f"\r\x1b[K{f'{line}: {title}'[:width]}", nl=False)

    def close(self) -> None:
        """Show the sums."""
        self._clear()
        if self._as_json:
            return
        if not self.kinds:
            click.echo("no documents were found there", err=True)
            return
        sums = [f"{self.kinds[kind]} {kind.value}" for kind in OutcomeKind if self.kinds[kind]]
        click.echo(f"{self.kinds.total()} documents: {', '.join(sums)}")

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
