"""How is the library kept safe from the command line? Checks and cures, backups, and bringing one back."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from index.rebuild import rebuild
from index.verify import verify as check
from kb import backup as backups
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.errors import BackupError
from kb.faults import Cure, Fault
from kb.model import SourceState
from kb.settings import Settings, load, prepare_home
from webapp.commands.ingesting import counter
from webapp.wiring import Services, opened
from webapp.work.repair import repair

# Plain files in the home folder that a person edits, and that no other file can be made again from.
PLAIN_FILES = ("synonyms.txt",)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--repair", "healing", is_flag=True, help="Heal what can be made again from what is left.")
def verify(as_json: bool, healing: bool) -> None:
    """Check the catalog, the stored documents and the index against each other."""
    with opened() as services:
        faults = check(services.catalog, services.blobs, services.generations)
        healed: list[Fault] = []
        if faults and healing:
            healed, faults = _heal(services, faults)
    if as_json:
        report = {
            "ok": not faults,
            "faults": [asdict(fault) for fault in faults],
            "healed": [asdict(fault) for fault in healed],
        }
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _show(faults, healed, healing=healing)
    sys.exit(1 if faults else 0)


def _heal(services: Services, faults: list[Fault]) -> tuple[list[Fault], list[Fault]]:
    """Return the faults that were healed and those that are left; one cure may bring others to light."""
    seen = list(faults)
    while True:
        repair(services, faults)
        left = check(services.catalog, services.blobs, services.generations)
        if not left or left == faults:
            return [fault for fault in seen if fault not in left], left
        seen += [fault for fault in left if fault not in seen]
        faults = left


def _show(faults: Sequence[Fault], healed: Sequence[Fault], *, healing: bool) -> None:
    for fault in healed:
        click.echo(f"healed: {fault.text}")
    for fault in faults:
        click.echo(fault.text)
    if not faults:
        click.echo("all is well")
    elif healing or all(fault.cure is Cure.BACKUP for fault in faults):
        click.echo("what is left cannot be made again here: restore a backup", err=True)
    else:
        click.echo("`kb verify --repair` heals what can be made again from what is left", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write the whole library into one FILE, while search and ingest go on.

    It holds every document, revision and link. The index is not in it: it is made again on restore.
    """
    with opened() as services, counter("documents kept") as progress:
        home = services.settings.home
        plain = {name: home / name for name in PLAIN_FILES}
        kept = backups.back_up(
            services.catalog, services.blobs, file.absolute(), plain=plain, progress=progress
        )
    for fault in kept.faults:
        click.echo(f"not in the backup: {fault}", err=True)
    size = file.stat().st_size / 1e6
    click.echo(f"{kept.documents:,} documents kept in {file} ({size:,.1f} MB)")
    sys.exit(1 if kept.faults else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Bring a library back from a backup FILE into an empty KB_HOME, and prove that it is whole."""
    settings = load()
    home = prepare_home(settings.home)
    _refuse_if_used(settings)
    documents = backups.restore(file, settings.catalog_url, BlobStore(settings.blobs_folder), home=home)
    with opened() as services:
        with counter("passages indexed") as progress:
            rebuild(services.catalog, services.generations, wait=settings.lock_wait, progress=progress)
        faults = check(services.catalog, services.blobs, services.generations)
    for fault in faults:
        click.echo(fault.text, err=True)
    click.echo(f"{documents:,} documents restored into {home}" + ("" if faults else "; all is well"))
    sys.exit(1 if faults else 0)


def _refuse_if_used(settings: Settings) -> None:
    """A restore that was broken off leaves a catalog without documents: that is no library."""
    catalog = Catalog.open(settings.catalog_url)
    try:
        with catalog.reading() as transaction:
            used = transaction.sources.count(states=SourceState) > 0
    finally:
        catalog.close()
    if used:
        raise BackupError(
            f"{settings.home} has a library already",
            remedy="Set KB_HOME to an empty folder, and restore there.",
        )
