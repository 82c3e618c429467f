"""Which deeds must survive a kill, and what is the same after each?

Every deed is done on a copy of a library, killed, and done again: then all must be as after an unbroken run.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import index.sync
from index.engine import Engine
from index.engines import ENGINES, open_engine, whoosh
from index.queryparser import parse
from index.rebuild import rebuild, roll_back
from index.sync import catch_up, sync
from index.verify import verify
from ingest.batch import accept_all
from ingest.fetch import Fetched
from ingest.watch.folder import WatchedFolder
from kb.backup import back_up, restore
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.catalog.orders import OrderState, Work
from kb.errors import SearchIndexError
from kb.model import Outcome, SourceState
from kb.settings import prepare_home
from tests.library import services_at
from tests.torture.formats import downgrade
from webapp.wiring import Services
from webapp.work.repair import repair
from webapp.work.retaining import Retaining
from webapp.work.worker import Worker

QUESTIONS = ("duty desk at night", "visits on monday", "swimming lessons")
_TOPICS = ("duty desk", "visits", "safety plan", "court", "summer camp")
UPLOADED = datetime(2026, 1, 2, tzinfo=UTC)


def write_library(folder: Path, *, version: int) -> None:
    """Write the documents of a library.

    The second version edits some and adds one; the third edits one, has one under another name, and one less.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        f"{topic.replace(' ', '-')}.txt": _text(topic, number, version)
        for number, topic in enumerate(_TOPICS)
    }
    if version == 2:
        texts["swimming.txt"] = "Swimming lessons are on Friday at four."
    if version == 3:
        texts["tribunal.txt"] = texts.pop("court.txt")
        del texts["visits.txt"]
    for path in folder.iterdir():
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        _write(folder / name, text)


def _text(topic: str, number: int, version: int) -> str:
    edited = number % 2 == 0 if version == 2 else number == 0 if version == 3 else False
    when = "by day" if edited else "at night"
    parts = [f"{topic.upper()} RULES"]
    parts += [
        f"Rule {rule} on the {topic}: the {topic} is looked after {when} by person {rule} of the team, "
        f"who writes down what happened and tells the next one on duty before leaving the house."
        for rule in range(3)
    ]
    return "\n\n".join(parts)


def _write(path: Path, text: str) -> None:
    # A file that is as it should be keeps its times.
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deed is done: the library's home, the folder of its documents, a folder for what it makes.

    ``version`` is the one that the documents have when the deed is done: copies share their folder, and the
    notes beside it of what was accepted, which thus are not on a disk that gets full.
    """

    home: Path
    documents: Path
    made: Path
    version: int = 1

    @classmethod
    def below(cls, folder: Path, documents: Path) -> Place:
        """Return the places below a folder that is made."""
        (folder / "made").mkdir(parents=True, exist_ok=True)
        return cls(folder / "home", documents, folder / "made")

    def copy_to(self, folder: Path) -> Place:
        """Return a copy to do something to."""
        shutil.rmtree(folder, ignore_errors=True)
        copy = replace(Place.below(folder, self.documents), version=self.version)
        if self.home.exists():
            shutil.copytree(self.home, copy.home)
        shutil.copytree(self.made, copy.made, dirs_exist_ok=True)
        return copy

    def note(self, source_id: str) -> None:
        """Write down that a source was accepted: from here on it must not be lost."""
        with self._notes.open("a", encoding="ascii") as file:
            file.write(f"{source_id}\n")

    def accepted(self) -> set[str]:
        """Return the sources that were accepted."""
        return set(self._notes.read_text(encoding="ascii").split()) if self._notes.exists() else set()

    def forget_accepted(self) -> None:
        """Begin with new notes."""
        self._notes.unlink(missing_ok=True)

    @property
    def _notes(self) -> Path:
        return self.documents.with_name("accepted")


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


def state_of(home: Path, *, versions: bool = True) -> str:
    """Return all that must be the same, as JSON: documents, passages with their words, answers.

    With ``versions`` also how many of each document there are: what heals may read a document once more. The
    answers are those of every engine there is, the one that keeps nothing filled anew from the catalog.
    """
    services = services_at(home)
    with services.catalog.reading() as transaction:
        sources = [[one.id, one.place, one.state.value, one.title] for one in transaction.sources.all()]
        live = sorted(transaction.passages.live_ids())
        words = [[one.passage.id, one.passage.text] for one in transaction.passages.citations(live)]
        changes = transaction.passages.changes_since(0, limit=10_000)
        retired = sorted(change.passage.id for change in changes if change.retired)
        every = transaction.sources.all(states=SourceState)
        counts = [len(transaction.documents.versions(source.id)) for source in every] if versions else []
    answers = [answers_to(services, question) for question in QUESTIONS]
    ranked = [list(map(ranking_of(engine), QUESTIONS)) for engine in engines(services)]
    services.close()
    stored = sorted(path.name for path in (home / "blobs").glob("*/*") if not path.name.startswith("."))
    assert all(each == ranked[0] for each in ranked), "the engines do not agree"
    return json.dumps(
        [sources, words, retired, counts, stored, answers, ranked], ensure_ascii=False, indent=0
    )


def answers_to(services: Services, question: str) -> list[tuple[str, float]]:
    """Return the passages that answer a question, with their scores."""
    found = services.search.search(question)
    return [(hit.citation.passage.id, round(hit.score, 9)) for hit in found.hits]


def engines(services: Services) -> list[Engine]:
    """Return the live engine, and one of each other kind, filled from the catalog."""
    found = [services.live.engine()[0]]
    for name in ENGINES[1:]:
        engine = open_engine(name, services.settings.home)
        catch_up(services.catalog, engine)
        found.append(engine)
    return found


def ranking_of(engine: Engine) -> Callable[[str], list[tuple[str, float]]]:
    """Return what ranks passages for a question by an engine."""

    def ranking(question: str) -> list[tuple[str, float]]:
        return [(hit.passage_id, round(hit.score, 6)) for hit in engine.search(parse(question)).hits]

    return ranking


def is_searchable(home: Path) -> bool:
    """Tell whether there is an index that answers."""
    if not home.exists():
        return False
    services = services_at(home)
    try:
        services.search.search(QUESTIONS[0])
    except SearchIndexError:
        return False
    finally:
        services.close()
    return True


def lost(place: Place) -> list[str]:
    """Return the sources that were accepted and are not served, or whose passages are not in the index."""
    services = services_at(place.home)
    held = set(services.live.engine()[0].ids()) if place.accepted() else set()
    missing = []
    with services.catalog.reading() as transaction:
        for source_id in sorted(place.accepted()):
            source = transaction.sources.find(source_id)
            passages = {passage.id for passage in transaction.passages.of_source(source_id)}
            if source is None or source.state is not SourceState.READY or not passages or passages - held:
                missing.append(source_id)
    services.close()
    return missing


def faults_of(home: Path) -> list[str]:
    """Return what `kb verify` finds."""
    services = services_at(home)
    faults = verify(services.catalog, services.blobs, services.generations)
    services.close()
    return [fault.text for fault in faults]
