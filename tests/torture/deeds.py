"""Which deeds must survive a kill?

Every deed is done on a copy of a library, killed, and done again: then all must be as after an unbroken run.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import index.sync
from index.engines import whoosh
from index.rebuild import rebuild, roll_back
from index.sync import sync
from index.verify import verify
from ingest.batch import accept_all
from ingest.fetch import Fetched
from ingest.watch.folder import WatchedFolder
from kb.backup import back_up, restore
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.catalog.orders import OrderState, Work
from kb.model import Outcome, SourceState
from kb.settings import prepare_home
from tests.library import services_at
from tests.torture.formats import downgrade
from tests.torture.places import UPLOADED, Place, write_library
from webapp.wiring import Services
from webapp.work.repair import repair
from webapp.work.retaining import Retaining
from webapp.work.worker import Worker

Deed = Callable[[Place], None]


def ingest(place: Place) -> None:
    """Take in the folder, read all and make it searchable, as `kb ingest` does."""
    services = services_at(place.home)
    write_library(place.documents, version=place.version)
    for step in accept_all(services.pipeline, [place.documents], collection="guides", max_bytes=10**6):
        if not isinstance(step, Outcome):
            place.note(step)
            services.pipeline.read_next(step)
            sync(services.catalog, services.generations, wait=5)
    while services.pipeline.read_next() is not None:
        pass
    sync(services.catalog, services.generations, wait=5)
    services.close()


def upload(place: Place) -> None:
    """Take in each document by itself, as the pages do, and have a worker do the rest."""
    services = services_at(place.home)
    _upload(services, place)
    _work(services)


def _upload(services: Services, place: Place) -> None:
    write_library(place.documents, version=place.version)
    for path in sorted(place.documents.iterdir()):
        uri = f"upload:guides/{path.name}"
        uploaded = Fetched("guides", path.name, uri, path.name, path.read_bytes(), fetched_at=UPLOADED)
        for step in services.pipeline.accept(uploaded):
            if not isinstance(step, Outcome):
                place.note(step)


def go_on(place: Place) -> None:
    """Do what there is to do, as a worker does that is started again."""
    _work(services_at(place.home))


def _work(services: Services) -> None:
    with closing(Worker(services)) as worker:
        while worker.step():
            pass
    services.close()


def order(place: Place) -> None:
    """Take in documents and order a rebuild; a worker does both at the same time."""
    services = services_at(place.home)
    _upload(services, place)
    with services.catalog.writing() as transaction:
        given = transaction.orders.all()
        if not given or given[0].state is OrderState.FAILED:
            transaction.orders.give(Work.REBUILD)
    _work(services)


def merge(place: Place) -> None:
    """Take in the folder, and index it in many small commits that merge all they can."""
    services = services_at(place.home)
    write_library(place.documents, version=place.version)
    for step in accept_all(services.pipeline, [place.documents], collection="guides", max_bytes=10**6):
        if not isinstance(step, Outcome):
            place.note(step)
    while services.pipeline.read_next() is not None:
        pass
    with small_commits():
        sync(services.catalog, services.generations, wait=5)
    services.close()


@contextmanager
def small_commits() -> Iterator[None]:
    """Let an index be written in commits of a few changes, each of which merges what it can."""
    before = index.sync.BATCH, whoosh._MERGE_AT
    index.sync.BATCH, whoosh._MERGE_AT = 4, 2
    try:
        yield
    finally:
        index.sync.BATCH, whoosh._MERGE_AT = before


def go_back(place: Place) -> None:
    """Go back to the index before the last rebuild, as `kb reindex --rollback` does."""
    services = services_at(place.home)
    if services.generations.live() == max(services.generations.all()):
        roll_back(services.catalog, services.generations, wait=5)
    services.close()


def heal(place: Place) -> None:
    """Check everything and heal what can be healed, as `kb verify --repair` does."""
    services = services_at(place.home)
    write_library(place.documents, version=place.version)
    for _ in range(3):
        repair(services, verify(services.catalog, services.blobs, services.generations))
    services.close()


def damage(place: Place) -> None:
    """Lose or change a file of each kind, and some words in the catalog."""
    services = services_at(place.home)
    with services.catalog.reading() as transaction:
        first, second, *_ = sorted(transaction.documents.all_hashes())
    services.close()
    services.blobs.path(first).unlink()
    services.blobs.path(second).write_bytes(b"something else")
    generation = services.generations.path(services.generations.live() or 0)
    next(generation.glob("*.arrays")).write_bytes(b"")
    (generation / "manifest.json").unlink()
    with closing(sqlite3.connect(place.home / "catalog.sqlite")) as catalog, catalog:
        catalog.execute("UPDATE passages SET text = 'Nothing.' WHERE ordinal = 0")


def make_old(place: Place) -> None:
    """Bring the catalog down to the first format."""
    downgrade(place.home / "catalog.sqlite", "0001")


def open_it(place: Place) -> None:
    """Open a library that an earlier version wrote, and bring its index up to date."""
    services = services_at(place.home)
    sync(services.catalog, services.generations, wait=5)
    services.close()


def remove(place: Place) -> None:
    """Take one document out, as `kb remove` does."""
    services = services_at(place.home)
    with services.catalog.reading() as transaction:
        every = transaction.sources.all(states=SourceState)
        source = next(one for one in every if one.place == "court.txt")
    services.pipeline.remove(source.id)
    sync(services.catalog, services.generations, wait=5)
    services.close()


def follow(place: Place) -> None:
    """Take in what changed in the folder, what was renamed and what is gone, as `kb watch` does."""
    services = services_at(place.home)
    write_library(place.documents, version=place.version)
    quiet, grace = 2.0, timedelta(minutes=10)
    folder = WatchedFolder(
        services.pipeline, place.documents, collection="guides", max_bytes=10**6, quiet=quiet, grace=grace
    )
    now = datetime.now(UTC)
    assert list(folder.look_through(0, now)) == []
    for step in folder.take_settled(quiet, now):
        if not isinstance(step, Outcome):
            place.note(step)
    while services.pipeline.read_next() is not None:
        pass
    folder.remove_missing(now + 2 * grace)
    sync(services.catalog, services.generations, wait=5)
    services.close()


def edit_often(place: Place) -> None:
    """Take in several versions of the folder, and let their bytes look as if they had been put long ago."""
    for version in (1, 2, 1):
        ingest(replace(place, version=version))
    for path in (place.home / "blobs").rglob("*"):
        if path.is_file():
            os.utime(path, (0, 0))


def let_go(place: Place) -> None:
    """Let go of the earlier versions that need not be kept any longer, as a worker does once a day."""
    services = services_at(place.home, keep_days=30, keep_versions=1)
    retaining = Retaining(services)
    for days in (40, 42):
        while retaining.step(datetime.now(UTC) + timedelta(days=days)):
            pass
    services.close()


def build_anew(place: Place) -> None:
    """Build the index anew, as `kb reindex` does."""
    services = services_at(place.home)
    rebuild(services.catalog, services.generations, wait=5)
    services.close()


def keep(place: Place) -> None:
    """Write a backup; one that a killed run finished is as good."""
    services = services_at(place.home)
    file = place.made / "library.zip"
    if not file.exists():
        back_up(services.catalog, services.blobs, file, plain={})
    services.close()


def bring_back(place: Place) -> None:
    """Restore a backup into an empty home and build its index, as `kb restore` does."""
    prepare_home(place.home)
    url = f"sqlite:///{(place.home / 'catalog.sqlite').as_posix()}"
    catalog = Catalog.open(url)
    with catalog.reading() as transaction:
        empty = not transaction.sources.all()
    catalog.close()
    if empty:
        restore(place.made / "library.zip", url, BlobStore(place.home / "blobs"), home=place.home)
    services = services_at(place.home)
    if services.generations.live() is None:
        rebuild(services.catalog, services.generations, wait=5)
    services.close()
