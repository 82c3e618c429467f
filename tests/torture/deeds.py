"""Which deeds must survive a kill, and what is the same after each?

Every deed is done on a copy of a library, killed, and done again: then all must be as after an unbroken run.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.rebuild import rebuild
from index.sync import sync
from index.verify import verify
from ingest.batch import accept_all
from kb.backup import back_up, restore
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.model import Outcome, SourceState
from tests.library import services_at
from webapp.wiring import Services

QUESTIONS = ("duty desk at night", "visits on monday", "swimming lessons")
_TOPICS = ("duty desk", "visits", "safety plan", "parking", "school", "medicine", "court", "summer camp")


def write_library(folder: Path, *, version: int) -> None:
    """Write the documents of a library: the second version edits some, adds one and lacks one."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, topic in enumerate(_TOPICS):
        edited = version == 2 and number % 3 == 0
        when = "by day" if edited else "at night"
        parts = [f"{topic.upper()} RULES"]
        parts += [
            f"Rule {rule} on the {topic}: the {topic} is looked after {when} by person {rule} of the team, "
            f"who writes down what happened and tells the next one on duty before leaving the house."
            for rule in range(3)
        ]
        (folder / f"{topic.replace(' ', '-')}.txt").write_text("\n\n".join(parts), encoding="utf-8")
    if version == 2:
        (folder / "swimming.txt").write_text("Swimming lessons are on Friday at four.", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deed is done: the library's home, the folder of its documents, a folder for what it makes."""

    home: Path
    documents: Path
    made: Path

    @classmethod
    def below(cls, folder: Path, documents: Path) -> Place:
        """Return the places below a folder that is made."""
        (folder / "made").mkdir(parents=True, exist_ok=True)
        return cls(folder / "home", documents, folder / "made")

    def copy_to(self, folder: Path) -> Place:
        """Return a copy to do something to."""
        shutil.rmtree(folder, ignore_errors=True)
        copy = Place.below(folder, self.documents)
        if self.home.exists():
            shutil.copytree(self.home, copy.home)
        shutil.copytree(self.made, copy.made, dirs_exist_ok=True)
        return copy


Deed = Callable[[Place], None]


def ingest(place: Place) -> None:
    """Take in the folder, read all and make it searchable, as `kb ingest` does."""
    services = services_at(place.home)
    for step in accept_all(services.pipeline, [place.documents], collection="guides", max_bytes=10**6):
        if not isinstance(step, Outcome):
            services.pipeline.read_next(step)
            sync(services.catalog, services.generations, wait=5)
    while services.pipeline.read_next() is not None:
        pass
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
    place.home.mkdir(exist_ok=True)
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


def state_of(home: Path) -> str:
    """Return all that must be the same, as JSON: documents, passages with their words, answers."""
    services = services_at(home)
    with services.catalog.reading() as transaction:
        sources = [[one.id, one.place, one.state.value, one.title] for one in transaction.sources.all()]
        live = sorted(transaction.passages.live_ids())
        words = [[one.passage.id, one.passage.text] for one in transaction.passages.citations(live)]
        changes = transaction.passages.changes_since(0, limit=10_000)
        retired = sorted(change.passage.id for change in changes if change.retired)
    answers = [answers_to(services, question) for question in QUESTIONS]
    services.close()
    return json.dumps([sources, words, retired, answers], ensure_ascii=False, indent=0)


def answers_to(services: Services, question: str) -> list[tuple[str, float]]:
    """Return the passages that answer a question, with their scores."""
    found = services.search.search(question)
    return [(hit.citation.passage.id, round(hit.score, 9)) for hit in found.hits]


def faults_of(home: Path) -> list[str]:
    """Return what `kb verify` finds."""
    services = services_at(home)
    faults = verify(services.catalog, services.blobs, services.generations)
    services.close()
    return [fault.text for fault in faults]
