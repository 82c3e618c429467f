import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.verify import verify
from kb.blobs import BlobStore
from tests.ingest.readers.pdf.paper import LEFT, TOP, Paper
from tests.library import services_at, take_in, write
from webapp import create_app
from webapp.links.standing import StandingKind, standing
from webapp.wiring import Services
from webapp.work.retaining import Retaining

DAYS = [f"Visits are on {day} at nine, in the small room." for day in ("Monday", "Tuesday", "Friday")]
LATER = datetime.now(UTC) + timedelta(days=40)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Services]:
    """A document in three versions, the first of which was kept in another document too."""
    services = services_at(tmp_path / "home", keep_days=30, keep_versions=1)
    for text in DAYS:
        take_in(services, write(tmp_path / "guides", visits=text))
    yield services
    services.close()


def cited(services: Services, words: str) -> str:
    with services.catalog.reading() as transaction:
        return next(
            change.passage.id
            for change in transaction.passages.changes_since(0, limit=99)
            if words in change.passage.text
        )


def retain(services: Services, now: datetime) -> None:
    retaining = Retaining(services)
    while retaining.step(now):
        pass


def stored(services: Services) -> set[str]:
    return {path.name for path in services.blobs.folder.rglob("*") if path.is_file()}


def age(services: Services) -> None:
    """Make all stored bytes look as if they had been put long ago."""
    for path in services.blobs.folder.rglob("*"):
        if path.is_file():
            os.utime(path, (0, 0))


def versions(services: Services) -> int:
    with services.catalog.reading() as transaction:
        return len(transaction.documents.versions(transaction.sources.all()[0].id))


def test_versions_go_and_what_links_cite_stays(library: Services) -> None:
    monday = cited(library, "Monday")
    age(library)
    retain(library, LATER)
    assert versions(library) == 1
    assert len(stored(library)) == 3, "the bytes stay for another day, for backups that are under way"
    retain(library, LATER + timedelta(days=2))
    assert len(stored(library)) == 1
    with library.catalog.reading() as transaction:
        citation = transaction.passages.citation(monday)
        assert standing(transaction, citation).kind is StandingKind.CHANGED
    assert citation.passage.text == DAYS[0]
    assert citation.revision.sha256
    client = create_app(library).test_client()
    assert "Monday" in client.get(f"/p/{monday}").text
    assert client.get(f"/p/{monday}/cite").status_code == 200
    assert client.get(f"/p/{monday}/receipt.json").get_json()["text"] == DAYS[0]
    assert verify(library.catalog, library.blobs, library.generations) == []


def test_nothing_goes_before_its_time_or_of_the_newest(library: Services) -> None:
    age(library)
    retain(library, datetime.now(UTC) + timedelta(days=29))
    assert (versions(library), len(stored(library))) == (3, 3)


def test_by_default_everything_is_kept(tmp_path: Path) -> None:
    services = services_at(tmp_path / "home")
    for text in DAYS:
        take_in(services, write(tmp_path / "guides", visits=text))
    age(services)
    retain(services, LATER)
    assert (versions(services), len(stored(services))) == (3, 3)
    services.close()


def test_the_pictures_of_pages_go_with_their_bytes(tmp_path: Path) -> None:
    services = services_at(tmp_path / "home", keep_days=30, keep_versions=1)
    (tmp_path / "forms").mkdir()
    for words in DAYS:
        paper = Paper()
        paper.prose(words * 5, LEFT, TOP)
        (tmp_path / "forms" / "visits.pdf").write_bytes(paper.content())
        take_in(services, tmp_path / "forms")
        with services.catalog.reading() as transaction:
            revision = transaction.documents.revisions(transaction.sources.all()[0].id)[0]
        services.pictures.page(revision, 1, width=800)
    age(services)
    retain(services, LATER)
    retain(services, LATER + timedelta(days=2))
    assert stored(services) == {revision.sha256}
    left = [path.name for path in (services.settings.home / "pictures").rglob("*.png")]
    assert left == [f"{revision.sha256}-1-800.png"]
    services.close()


def test_bytes_that_another_document_has_are_kept(library: Services, tmp_path: Path) -> None:
    take_in(library, write(tmp_path / "guides", copy=DAYS[0]))
    age(library)
    retain(library, LATER)
    retain(library, LATER + timedelta(days=2))
    assert len(stored(library)) == 2
    assert verify(library.catalog, library.blobs, library.generations) == []


def test_a_removed_document_can_be_brought_back(library: Services) -> None:
    with library.catalog.reading() as transaction:
        source_id = transaction.sources.all()[0].id
    library.pipeline.remove(source_id)
    age(library)
    retain(library, LATER)
    retain(library, LATER + timedelta(days=2))
    with library.catalog.writing() as transaction:
        assert transaction.sources.read_again(source_id)
    outcome = library.pipeline.read_next(source_id)
    assert outcome is not None
    assert not outcome.reason


def test_bytes_that_come_back_in_the_last_moment_are_kept(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    sha256 = store.put(b"words")
    os.utime(store.path(sha256), (0, 0))
    store.put(b"words")
    assert not store.discard(sha256, needed=lambda: False, quiet=timedelta(hours=1)), "it was put just now"
    os.utime(store.path(sha256), (0, 0))

    def put_meanwhile() -> bool:
        store.put(b"words")
        return False

    store.discard(sha256, needed=put_meanwhile, quiet=timedelta(hours=1))
    assert store.get(sha256) == b"words"


def test_what_a_dead_process_had_set_aside_comes_back(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    needed, unneeded = store.put(b"needed"), store.put(b"not needed")

    class Killed(BaseException):
        pass

    def killed() -> bool:
        raise Killed

    for sha256 in (needed, unneeded):
        with pytest.raises(Killed):
            store.discard(sha256, needed=killed, quiet=timedelta(0))
    store.bring_back(needed=lambda sha256: sha256 == needed)
    assert store.get(needed) == b"needed"
    assert not store.path(unneeded).exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [store.path(needed)]
