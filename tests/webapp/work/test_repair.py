import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from index.verify import verify
from kb.catalog.tables import documents, passages, sequences, sources
from kb.faults import Cure
from tests.library import services_at, take_in, write
from webapp.wiring import Services
from webapp.work.repair import repair

TEXTS = {
    "hotline": "Call the county hotline at 800-555-0100. It answers day and night.",
    "plan": "A safety plan names the people whom a young person trusts.",
}
Plant = Callable[[Services], None]


@pytest.fixture
def library(tmp_path: Path) -> Services:
    services = services_at(tmp_path / "home")
    take_in(services, write(tmp_path / "guides", **TEXTS))
    return services


def changed(table: sa.Table, **values: object) -> Plant:
    """Return a fault: a value in every row of a table that is not what it should be."""

    def plant(services: Services) -> None:
        with services.catalog.writing() as transaction:
            transaction._connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            transaction._connection.execute(table.update().values(**values))

    return plant


def index_file_lost(services: Services) -> None:
    folder = services.generations.path(1)
    next(folder.glob("*.trm")).unlink()


def index_bit_flipped(suffix: str) -> Plant:
    def plant(services: Services) -> None:
        path = next(services.generations.path(1).glob(f"*.{suffix}"))
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)

    return plant


def index_folder_lost(services: Services) -> None:
    shutil.rmtree(services.settings.index_folder)


def live_pointer_lost(services: Services) -> None:
    (services.settings.index_folder / "live").unlink()


def live_pointer_damaged(services: Services) -> None:
    (services.settings.index_folder / "live").write_text("?")


def manifest_damaged(services: Services) -> None:
    (services.generations.path(1) / "manifest.json").write_text("{}")


def passage_out_of_the_index(services: Services) -> None:
    engine = services.generations.open(1)
    with engine.writer(engine.sequence) as writer:
        writer.delete(sorted(engine.ids())[0])
    engine.close()


def stored_copy_lost(services: Services) -> None:
    with services.catalog.reading() as transaction:
        services.blobs.path(sorted(transaction.documents.all_hashes())[0]).unlink()


def stored_copy_damaged(services: Services) -> None:
    with services.catalog.reading() as transaction:
        path = services.blobs.path(sorted(transaction.documents.all_hashes())[0])
    content = bytearray(path.read_bytes())
    content[3] ^= 1
    path.write_bytes(content)


PLANTS: dict[str, Plant] = {
    "the words of a passage": changed(passages, text="Call 911."),
    "where a passage stands": changed(passages, start=1),
    "the fingerprint of a passage": changed(passages, text_hash="0" * 32),
    "the words of a document": changed(documents, text="Nothing."),
    "which document is served": changed(sources, document_id=99),
    "that a passage was retired": changed(passages, retired_at=sa.func.now()),
    "the served document": changed(sources, document_id=None),
    "the waiting revision": changed(sources, waiting_revision_id=99),
    "the count of changes": changed(sequences, value=0),
    "a file of the index": index_file_lost,
    "a bit of the stored values of the index": index_bit_flipped("pst"),
    "a bit of the arrays of the index": index_bit_flipped("arrays"),
    "a bit of the fingerprints of the index": index_bit_flipped("sums"),
    "the folder of the index": index_folder_lost,
    "the name of the live index": live_pointer_lost,
    "the file that names the live index": live_pointer_damaged,
    "the manifest of the index": manifest_damaged,
    "a passage in the index": passage_out_of_the_index,
    "a stored copy": stored_copy_lost,
    "a bit of a stored copy": stored_copy_damaged,
}


def faults(services: Services) -> list[str]:
    return [fault.text for fault in verify(services.catalog, services.blobs, services.generations)]


def answer(services: Services) -> list[tuple[str, str]]:
    services = services_at(services.settings.home)
    result = services.search.search("county hotline number")
    return [(hit.citation.passage.id, hit.citation.passage.text) for hit in result.hits]


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_a_planted_fault_is_found_and_healed(library: Services, plant: Plant) -> None:
    before = answer(library)
    assert faults(library) == []
    plant(library)
    found = verify(library.catalog, library.blobs, library.generations)
    assert found, "the fault was not found"
    repair(library, found)
    assert faults(library) == []
    assert answer(library) == before


def test_a_stored_copy_whose_file_has_changed_is_not_made_up(library: Services, tmp_path: Path) -> None:
    stored_copy_lost(library)
    write(tmp_path / "guides", **dict.fromkeys(TEXTS, "Other words."))
    found = verify(library.catalog, library.blobs, library.generations)
    repair(library, found)
    assert [fault.cure for fault in verify(library.catalog, library.blobs, library.generations)] == [
        Cure.STORE_AGAIN
    ]
