"""How are documents read again from the command line: those that failed, of one type, by older readers?"""

from __future__ import annotations

import signal
import sys

import click

from kb.model import OutcomeKind
from webapp.commands.ingesting import Reporter, do_all
from webapp.layout.kinds import media_type
from webapp.wiring import opened
from webapp.work.rereading import Choice, chosen, steps


@click.command()
@click.argument("source_ids", nargs=-1, metavar="[ID]...")
@click.option("--failed", is_flag=True, help="Only documents that could not be read.")
@click.option("--older-readers", is_flag=True, help="Only documents that an older reader or splitter read.")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only this type: pdf, html, word …")
@click.option("--collection", metavar="NAME", help="Only documents of this collection.")
@click.option("--no-wait", is_flag=True, help="Return when they are accepted; a worker reads them.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each document.")
def reread(
    source_ids: tuple[str, ...],
    failed: bool,
    older_readers: bool,
    types: tuple[str, ...],
    collection: str | None,
    no_wait: bool,
    as_json: bool,
) -> None:
    """Read documents again from what is kept of them: by their ids, or all that the options choose.

    What is served stays until it has been read; links stay. Exit code 0 when all could be read.
    """
    if not (source_ids or failed or older_readers or types or collection):
        raise click.UsageError(
            "name documents by their ids, or choose with --failed, --older-readers, --type …"
        )
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    choice = Choice(source_ids, failed, older_readers, tuple(map(media_type, types)), collection)
    with opened() as services:
        with services.catalog.reading() as transaction:
            for source_id in source_ids:
                transaction.sources.get(source_id)
            count = len(chosen(transaction, choice))
        reporter = Reporter(as_json=as_json, expected=lambda: count)
        do_all(services, steps(services, choice), reporter, wait=not no_wait)
    sys.exit(1 if reporter.kinds[OutcomeKind.FAILED] else 0)
