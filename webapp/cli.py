"""What can be done from the command line? `kb COMMAND`; each command parses, calls a service, and prints."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from contextlib import closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

import kb
from index.query import Order
from index.rebuild import rebuild, roll_back
from index.sync import sync
from index.testsets import write_run
from ingest.pipeline import file_at, is_file
from ingest.watch.folder import is_gone
from kb import settings as kb_settings
from kb.errors import KBError
from kb.model import Source
from webapp.asking import Asked, asked
from webapp.commands import citing, evaluating, inspecting, judging, keeping, rereading
from webapp.commands.ingesting import counter, ingest_places
from webapp.commands.reports import status_json, status_text
from webapp.commands.watching import beside, named_folders, watched
from webapp.presenters import search_json, search_text
from webapp.server import answer_beside
from webapp.server import serve as run
from webapp.wiring import opened as services
from webapp.wiring import reading_alone
from webapp.work.priority import give_way
from webapp.work.worker import Worker

_FILE = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(kb.__version__, prog_name="kb")
def cli() -> None:
    """Search your own documents, and prove every answer.

    Everything is kept in one folder, KB_HOME (see `kb settings`).
    """
    for name in kb_settings.unknown_variables():
        click.echo(f"kb: no setting is called {name}; it is ignored", err=True)


@cli.command()
@click.argument("places", nargs=-1, required=True, metavar="PATH|URL...")
@click.option(
    "--collection",
    metavar="NAME",
    help="Collection to put the documents in (default: the name of the folder or host).",
)
@click.option("--site", is_flag=True, help="Follow the links of a web page, as far as they stay below it.")
@click.option("--max-pages", type=click.IntRange(1), metavar="N", help="Most pages to ask a site for.")
@click.option(
    "--thorough", is_flag=True, help="Read every file, also those whose size and times are as before."
)
@click.option("--no-wait", is_flag=True, help="Return when the documents are accepted; a worker reads them.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each document.")
def ingest(
    places: tuple[str, ...],
    collection: str | None,
    site: bool,
    max_pages: int | None,
    thorough: bool,
    no_wait: bool,
    as_json: bool,
) -> None:
    """Take in documents: files, folders with all that is in them, web pages, sitemaps, sites.

    Doing so again takes in only what is new or has changed. Returns when all is searchable.
    """
    # So that a document that is being read is given back, and what was read can be found.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    with services(web_pages=max_pages) as wired:
        ok = ingest_places(
            wired,
            places,
            collection=collection,
            wait=not no_wait,
            as_json=as_json,
            site=site,
            thorough=thorough,
        )
    sys.exit(0 if ok else 1)


@cli.command()
@click.argument("question", required=False)
@click.option("--like", metavar="ID", default="", help="Find passages about the same as this one.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option(
    "-n", "limit", default=5, show_default=True, type=click.IntRange(1, 100), help="Passages to show."
)
@click.option("--offset", default=0, type=click.IntRange(0, 10_000), help="Passages to pass over.")
@click.option("--collection", multiple=True, metavar="NAME", help="Search this collection only.")
@click.option("--lang", multiple=True, metavar="CODE", help="Passages in this language only: en, es.")
@click.option("--document", multiple=True, metavar="ID", help="Passages of this document only.")
@click.option("--type", "type_", multiple=True, metavar="TYPE", help="This type only: pdf, html, word …")
@click.option("--since", metavar="DAY", default="", help="Documents of this day (2024-01-31) or later.")
@click.option("--until", metavar="DAY", default="", help="Documents of this day or earlier.")
@click.option(
    "--sort",
    type=click.Choice([order.value for order in Order]),
    default="relevance",
    help="Order of the passages.",
)
@click.option("--exactly", is_flag=True, help="Search your words only, no short forms and synonyms.")
@click.option("--facets", "counts", is_flag=True, help="Count the matches by collection, document, type …")
@click.option("--explain", is_flag=True, help="Tell why each passage ranks where it does.")
def search(question: str | None, as_json: bool, limit: int, offset: int, counts: bool, **narrow: Any) -> None:
    """Ask a question and print the passages that answer it."""
    if (question is None) == (not narrow["like"]):
        raise click.UsageError("give a QUESTION, or --like with the id of a passage")
    wanted = _asked(question or "", **narrow)
    with services() as wired:
        result = wanted.answer(wired.search, limit=limit, offset=offset)
    click.echo(_json(search_json(result)) if as_json else search_text(result, counts=counts))


def _asked(question: str, *, type_: tuple[str, ...], exactly: bool, explain: bool, **given: Any) -> Asked:
    """Return what the options ask for, read as an address is."""
    values: MultiDict[str, str] = MultiDict([("q", question)])
    for name, value in {**given, "type": type_}.items():
        values.setlist(name, [value] if isinstance(value, str) else list(value))
    values["explain"] = str(int(explain))
    values["expand"] = str(int(not exactly))
    try:
        return asked(values, strict=True)
    except BadRequest as error:
        raise click.UsageError(error.description or "") from error


@cli.command()
@click.option("--host", help="Address to serve on (only this machine's own are allowed).")
@click.option("--port", type=int, help="Port to serve on.")
@click.option("--no-worker", is_flag=True, help="Serve the pages only; run `kb worker` yourself.")
def serve(host: str | None, port: int | None, no_worker: bool) -> None:
    """Serve the pages, with a worker beside them."""
    _log_to_stderr()
    with services(host=host, port=port) as wired:
        run(wired, with_worker=not no_worker)


@cli.command(hidden=True)
@click.option("--host", required=True)
@click.option("--port", required=True, type=int)
def pages(host: str, port: int) -> None:
    """Answer on the sockets that `kb serve` listens on."""
    _log_to_stderr()
    with services(host=host, port=port) as wired:
        answer_beside(wired)


@cli.command()
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
@click.option("--once", is_flag=True, help="Do what there is to do, then end.")
def worker(parent: int | None, once: bool) -> None:
    """Read what is pending and keep the index up to date."""
    _log_to_stderr()
    with services() as wired:
        loop = Worker(wired, parent=parent)
        signal.signal(signal.SIGTERM, lambda _number, _frame: loop.stop_in_time())
        if once:
            loop.run_once()
        else:
            give_way()
            with beside(wired, watched(wired, named_folders(wired.settings.watch))):
                loop.run()


@cli.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER...")
@click.option(
    "--collection", metavar="NAME", help="Collection to put the documents in (default: the folder's name)."
)
def watch(folders: tuple[Path, ...], collection: str | None) -> None:
    """Follow folders: take in what is new or changes, take out what is deleted. Stop with Ctrl+C.

    Also asks the pages of the library whether they have changed (KB_RECHECK_HOURS).
    """
    _log_to_stderr()
    with services() as wired:
        loop = Worker(wired)
        signal.signal(signal.SIGTERM, lambda _number, _frame: loop.stop_in_time())
        signal.signal(signal.SIGINT, lambda _number, _frame: loop.stop_in_time())
        with beside(wired, watched(wired, [(collection, folder) for folder in folders])):
            loop.run()


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--documents", is_flag=True, help="List every document.")
def status(as_json: bool, documents: bool) -> None:
    """Show what the library holds, what is waiting, and what failed and why."""
    with services() as wired:
        report = status_json(wired, documents=documents)
    click.echo(_json(report) if as_json else status_text(report))
    sys.exit(0 if report["ok"] else 1)


@cli.command()
@click.option("--rollback", is_flag=True, help="Go back to the index before the last rebuild.")
def reindex(rollback: bool) -> None:
    """Build the index anew from the catalog; the old one answers until the new one is ready."""
    with services() as wired:
        wait = wired.settings.lock_wait
        if rollback:
            number = roll_back(wired.catalog, wired.generations, wait=wait)
        else:
            with counter("passages indexed") as progress:
                number = rebuild(
                    wired.catalog,
                    wired.generations,
                    wait=wait,
                    progress=progress,
                    check=evaluating.floors_check(wired),
                )
    click.echo(f"index {number} is live")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print all that was seen as JSON.")
@click.option("--passages", is_flag=True, help="Show the passages that the document is cut into.")
@click.option("--page", default=1, show_default=True, type=click.IntRange(1), help="Page to draw.")
@click.option("--image", type=_FILE, help="Draw a page of a PDF with a box around each line, as a PNG file.")
@click.option(
    "--password",
    prompt=True,
    prompt_required=False,
    hide_input=True,
    help="Password of a locked PDF; after FILE and without a value, it is asked for.",
)
def inspect(
    file: Path, *, as_json: bool, passages: bool, page: int, image: Path | None, password: str | None
) -> None:
    """Show what a reader sees in a FILE, to check it; nothing is kept.

    Each line is a block: its place in the text, page, kind and level, language, and first words.
    """
    with closing(reading_alone(kb_settings.load(), password)) as reading:
        seen = inspecting.inspect(file, reading)
        picture = inspecting.drawn(seen, page, reading) if image is not None else b""
    if image is not None:
        image.write_bytes(picture)
        click.echo(f"page {page} is drawn in {image}", err=True)
    if as_json:
        click.echo(_json(inspecting.inspection_json(seen, passages=passages)))
    else:
        click.echo(inspecting.inspection_text(seen, passages=passages))


@cli.command()
@click.argument("folder", metavar="SET", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the measures as one JSON object.")
@click.option("--run", "run_file", type=_FILE, help="Write the run in TREC form to a file.")
@click.option("--against", type=_FILE, help="Compare with a run that was written before.")
@click.option("--floors", type=_FILE, help="Fail when a measure is below its floor in this JSON file.")
def evaluate(
    folder: Path, as_json: bool, run_file: Path | None, against: Path | None, floors: Path | None
) -> None:
    """Measure the ranking on a test set, a folder.

    A SET with corpus.jsonl, queries.jsonl and qrels.tsv is indexed by itself, each line of the corpus a
    passage; one with queries.jsonl and expected.jsonl is asked of your library.
    """
    with nullcontext() if evaluating.has_corpus(folder) else services() as wired:
        before = (
            evaluating.stored(folder, against, catalog=None if wired is None else wired.catalog)
            if against
            else None
        )
        result = evaluating.measure(folder, wired)
    sunk = evaluating.sunk(result, floors, folder=folder)
    if run_file is not None:
        write_run(result.run, run_file)
    click.echo(_json(evaluating.as_json(result, before)) if as_json else evaluating.as_text(result, before))
    for sentence in sunk:
        click.echo(f"kb: {sentence}", err=True)
    sys.exit(1 if sunk else 0)


@cli.command()
@click.argument("source_ids", nargs=-1, metavar="[ID]...")
@click.option("--collection", metavar="NAME", help="Remove every document of this collection.")
@click.option("--missing", is_flag=True, help="Remove every document (of the collection) whose file is gone.")
def remove(source_ids: tuple[str, ...], collection: str | None, missing: bool) -> None:
    """Take documents out of the results; links to them still say what was cited."""
    if not source_ids and not collection and not missing:
        raise click.UsageError("name the documents by their ids (`kb status --documents`), or a --collection")
    with services() as wired:
        with wired.catalog.reading() as transaction:
            chosen = [transaction.sources.get(source_id) for source_id in source_ids]
            several = transaction.sources.all(collection=collection) if collection or missing else []
        chosen += [source for source in several if not missing or _has_lost_its_file(source)]
        if not chosen:
            click.echo("kb: there is no such document", err=True)
        for source in chosen:
            if missing:
                # So that a watched folder takes it in again when the file comes back.
                with wired.catalog.writing() as transaction:
                    transaction.files.missed([source.id], since=datetime.now(UTC))
            gone = wired.pipeline.remove(source.id)
            click.echo(f"removed {source.title} ({gone} passages)")
        sync(wired.catalog, wired.generations, wait=wired.settings.lock_wait)
    sys.exit(0 if chosen else 1)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def settings(as_json: bool) -> None:
    """Show every setting: its variable, its value, and what it is for."""
    table = kb_settings.rows(kb_settings.load())
    if as_json:
        click.echo(_json({row.name: value for row, value in table}))
        return
    for row, value in table:
        click.echo(f"{row.variable}={value}\n    {row.help} Default: {row.default or 'empty'}.")


for command in (
    keeping.backup,
    keeping.restore,
    keeping.verify,
    rereading.reread,
    citing.links,
    citing.receipt,
    citing.verify_citation,
    judging.judgments,
):
    cli.add_command(command)


def _has_lost_its_file(source: Source) -> bool:
    return is_file(source.uri) and source.parent_id is None and is_gone(file_at(source.uri))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def _log_to_stderr() -> None:
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    for talkative in ("alembic", "watchfiles"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


def main() -> None:
    """Run a command; an error of ours becomes one line with its remedy and exit code 1."""
    try:
        cli.main(prog_name="kb")
    except KBError as error:
        click.echo(f"kb: {str(error).rstrip('.')}. {error.remedy}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output (`| head`) has enough; say nothing, and keep Python from saying something.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
