"""How are citations checked from the command line? The links in a memo, and receipts."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from ingest.fetch import is_web
from kb import ids
from kb.errors import QueryError, SourceMissing, StorageError
from kb.settings import load
from webapp.layout.prose import changed_words
from webapp.links.checking import Found, Link, check_links, corrections
from webapp.links.correcting import corrected, left
from webapp.links.receipts import check_receipt, receipt_json
from webapp.security import known_hosts
from webapp.wiring import opened, reading_alone
from webapp.work.aside import kept_aside

_SAID = {
    Found.SAME: "same",
    Found.MOVED: "moved: the same words stand elsewhere now",
    Found.CHANGED: "changed",
    Found.REMOVED: "removed: these words are no longer in the document",
    Found.UNKNOWN: "unknown: no passage has or ever had this link",
}


@click.group()
def links() -> None:
    """Check the links in what you wrote."""


@links.command()
@click.argument("place", metavar="FILE|URL")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option(
    "--write", "target", type=click.Path(path_type=Path), help="Write a copy with moved links corrected."
)
@click.option("--changed", is_flag=True, help="Correct links to words that changed, too.")
def check(place: str, as_json: bool, target: Path | None, changed: bool) -> None:
    """Find the links to this library in a FILE or web page, and say what became of each.

    Reads text, Markdown, web pages, mail, PDF, and Word, OpenDocument and other office files. Links are ours
    when they name this machine, a host in KB_ALLOWED_HOSTS, no host at all, or one of our passages. Exit code
    0 when every link leads to the words that were cited, 1 when one does not.
    """
    if target is not None and not is_web(place) and _same_file(target, Path(place)):
        raise QueryError("the copy would replace the original", remedy="Give --write another name.")
    with opened() as services:
        content = services.web.look(place) if is_web(place) else _bytes(Path(place))
        with kept_aside(content, Path(place).name, services.reading) as (task, blobs):
            texts = services.reading.texts(task, blobs)
        found = check_links(texts, services.catalog, hosts=known_hosts(services.settings))
    if as_json:
        report = [_link_json(link) for link in found]
        click.echo(json.dumps({"links": report}, ensure_ascii=False, indent=2))
    else:
        _show(found)
    if target is not None:
        _write_copy(content, corrections(found, changed=changed), target)
    sys.exit(0 if all(link.found in {Found.SAME, Found.MOVED} for link in found) else 1)


def _same_file(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _write_copy(content: bytes, new_ids: dict[str, str], target: Path) -> None:
    copy = corrected(content, new_ids)
    try:
        target.write_bytes(copy)
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror or error}") from error
    cut = left(copy, new_ids)
    click.echo(f"{len(new_ids) - len(cut)} links corrected in {target}", err=True)
    for passage_id in cut:
        click.echo(f"/p/{passage_id} is left: replace it with /p/{new_ids[passage_id]} by hand", err=True)


def _show(found: Sequence[Link]) -> None:
    if not found:
        click.echo("no links to passages were found")
        return
    for link in found:
        click.echo(f"/p/{link.passage_id}  {_SAID[link.found]}")
        if link.citation is not None:
            click.echo(f"    {link.citation.document_title}: {_beginning(link.citation.passage.text)}")
        for was, becomes in _changes(link):
            click.echo(f"    was: {was or '—'}\n    now: {becomes or '—'}")
        for line in _led_to(link):
            click.echo(f"    {line}")
    counts = Counter(link.found for link in found)
    click.echo(", ".join(f"{counts[kind]} {kind.value}" for kind in Found if counts[kind]))


def _changes(link: Link) -> list[tuple[str, str]]:
    if link.found is not Found.CHANGED or link.citation is None or link.standing is None:
        return []
    now = link.standing.now
    return changed_words(link.citation.passage.text, now.text) if now is not None else []


def _led_to(link: Link) -> list[str]:
    """Return where the words, or those that stand for them now, are found."""
    if link.standing is None or link.found is Found.SAME:
        return []
    now = link.standing.now
    lines = [] if now is None else [f"new link: /p/{now.id}"]
    return lines + [
        f"the same words stand in: {other.document_title}  {other.permalink}"
        for other in link.standing.elsewhere
    ]


def _link_json(link: Link) -> dict[str, Any]:
    now = link.standing.now if link.standing is not None else None
    return {
        "passage_id": link.passage_id,
        "status": link.found.value,
        "text": link.citation.passage.text if link.citation is not None else None,
        "now": {"passage_id": now.id, "permalink": f"/p/{now.id}", "text": now.text} if now else None,
        "changes": [{"was": was, "now": becomes} for was, becomes in _changes(link)],
        "elsewhere": [other.passage.id for other in link.standing.elsewhere] if link.standing else [],
    }


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else f"{line[:90].rsplit(' ', 1)[0]} …"


@click.command()
@click.argument("passage_id")
def receipt(passage_id: str) -> None:
    """Print the receipt of a passage: its words and fingerprints, to keep beside a memo."""
    with opened() as services, services.catalog.reading() as transaction:
        citation = transaction.passages.citation(ids.spoken(passage_id.rpartition("/")[2]))
        reader = transaction.documents.get(citation.document_id).reader
    click.echo(json.dumps(receipt_json(citation, reader=reader), ensure_ascii=False, indent=2))


@click.command("verify-citation")
@click.argument("receipt_file", metavar="RECEIPT", type=click.Path(path_type=Path))
@click.option(
    "--document",
    type=click.Path(path_type=Path),
    help="The original document: prove that the words stand in it.",
)
def verify_citation(receipt_file: Path, document: Path | None) -> None:
    """Check a RECEIPT without the library: its words, and the document that they were read from, if given."""
    try:
        kept = json.loads(_bytes(receipt_file))
    except ValueError as error:
        raise QueryError("this is not a citation receipt", remedy="Save the receipt anew.") from error
    original = _bytes(document) if document is not None else None
    with closing(reading_alone(load())) as reading:
        faults = check_receipt(kept, original, reading=reading)
    for fault in faults:
        click.echo(fault)
    if not faults:
        proved = "the words stand in this document" if document else "the words are those that were cited"
        click.echo(proved)
    sys.exit(1 if faults else 0)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SourceMissing(f"{file} cannot be read: {error.strerror or error}") from error
