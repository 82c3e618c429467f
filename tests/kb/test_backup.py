import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from kb.backup import CATALOG, FORMAT, back_up, restore
from kb.errors import BackupError, StorageError
from kb.model import SourceState
from tests.library import services_at, take_in, write
from tests.torture.formats import downgrade
from webapp.wiring import Services


@pytest.fixture
def library(tmp_path: Path) -> Services:
    services = services_at(tmp_path / "home")
    take_in(services, write(tmp_path / "guides", hotline="Call 800-555-0100, day and night.", plan="A plan."))
    return services


def keep(services: Services, file: Path, **plain: Path) -> Path:
    back_up(services.catalog, services.blobs, file, plain=plain)
    return file


def bring_back(file: Path, home: Path) -> Services:
    services = services_at(home)
    services.close()
    (home / "catalog.sqlite").unlink(missing_ok=True)
    restore(file, services.settings.catalog_url, services.blobs, home=home)
    return services_at(home)


def rewritten(file: Path, name: str, content: bytes) -> Path:
    """Return a copy of a backup in which one member holds something else."""
    changed = file.with_name(f"changed-{file.name}")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return changed


def test_what_was_backed_up_is_all_there_again(library: Services, tmp_path: Path) -> None:
    restored = bring_back(keep(library, tmp_path / "b.zip"), tmp_path / "other")
    assert restored.catalog.id == library.catalog.id
    with library.catalog.reading() as before, restored.catalog.reading() as after:
        assert list(after.passages.live_ids()) == list(before.passages.live_ids())
        assert after.sources.all() == before.sources.all()
        for source in before.sources.all():
            assert source.document_id is not None
            assert after.documents.get(source.document_id) == before.documents.get(source.document_id)
        for sha256 in before.documents.all_hashes():
            assert restored.blobs.get(sha256) == library.blobs.get(sha256)


def test_a_restored_library_goes_on_taking_in_documents(library: Services, tmp_path: Path) -> None:
    restored = bring_back(keep(library, tmp_path / "b.zip"), tmp_path / "other")
    (outcome,) = take_in(restored, write(tmp_path / "more", new="A new page."))
    assert outcome.passages == 1


def test_a_document_that_was_being_read_is_read_after_the_restore(library: Services, tmp_path: Path) -> None:
    with library.catalog.reading() as transaction:
        source = transaction.sources.all()[0]
    with library.catalog.writing() as transaction:
        transaction.sources.change(source.id, state=SourceState.READING, leased_by="elsewhere:1:1")
    restored = bring_back(keep(library, tmp_path / "b.zip"), tmp_path / "other")
    with restored.catalog.reading() as transaction:
        assert transaction.sources.get(source.id).state is SourceState.PENDING


def test_files_that_an_admin_edits_are_kept(library: Services, tmp_path: Path) -> None:
    edited = tmp_path / "words.txt"
    edited.write_text("a = b", encoding="utf-8")
    file = keep(library, tmp_path / "b.zip", **{"words.txt": edited, "absent.txt": tmp_path / "absent"})
    bring_back(file, tmp_path / "other")
    assert (tmp_path / "other" / "words.txt").read_text(encoding="utf-8") == "a = b"
    assert not (tmp_path / "other" / "absent.txt").exists()


def test_a_backup_never_replaces_a_file(library: Services, tmp_path: Path) -> None:
    file = keep(library, tmp_path / "b.zip")
    before = file.read_bytes()
    with pytest.raises(BackupError, match="there already"):
        keep(library, file)
    assert file.read_bytes() == before


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(library: Services, tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        keep(library, tmp_path / "no such folder" / "b.zip")
    assert not list(tmp_path.glob("**/*.part"))


def test_a_missing_stored_document_is_named_and_the_rest_is_kept(library: Services, tmp_path: Path) -> None:
    with library.catalog.reading() as transaction:
        lost = sorted(transaction.documents.all_hashes())[0]
    library.blobs.path(lost).unlink()
    kept = back_up(library.catalog, library.blobs, tmp_path / "b.zip", plain={})
    assert kept.documents == 1
    assert lost[:12] in kept.faults[0]


@pytest.mark.parametrize("part", [CATALOG, "blob", "backup.json"])
def test_a_damaged_backup_is_refused(library: Services, tmp_path: Path, part: str) -> None:
    file = keep(library, tmp_path / "b.zip")
    with zipfile.ZipFile(file) as archive:
        name = next(name for name in archive.namelist() if part in name)
    with pytest.raises(BackupError, match="not a whole backup"):
        bring_back(rewritten(file, name, b"something else"), tmp_path / "other")


def test_a_flipped_bit_is_refused_or_changes_nothing(library: Services, tmp_path: Path) -> None:
    whole = keep(library, tmp_path / "b.zip").read_bytes()
    damaged = tmp_path / "damaged.zip"
    # The beginning has a header and packed bytes, the end the list of the members.
    for number, at in enumerate((*range(0, 600, 23), *range(len(whole) - 500, len(whole), 23))):
        content = bytearray(whole)
        content[at] ^= 1 << number % 8
        damaged.write_bytes(content)
        try:
            restored = bring_back(damaged, tmp_path / f"other-{number}")
        except (BackupError, StorageError):
            continue
        with library.catalog.reading() as before, restored.catalog.reading() as after:
            assert after.sources.all() == before.sources.all(), f"bit {number % 8} of byte {at}"
        restored.close()


def test_a_file_that_is_cut_short_is_refused(library: Services, tmp_path: Path) -> None:
    file = keep(library, tmp_path / "b.zip")
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(BackupError, match="not a whole backup"):
        bring_back(file, tmp_path / "other")


def test_a_backup_of_a_newer_format_is_refused_with_a_sentence(library: Services, tmp_path: Path) -> None:
    file = keep(library, tmp_path / "b.zip")
    with zipfile.ZipFile(file) as archive:
        facts = json.loads(archive.read("backup.json"))
    newer = json.dumps({**facts, "format": FORMAT + 1}).encode()
    with pytest.raises(BackupError, match=f"format {FORMAT + 1}"):
        bring_back(rewritten(file, "backup.json", newer), tmp_path / "other")


def test_a_backup_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="does not exist"):
        bring_back(tmp_path / "none.zip", tmp_path / "other")


def test_a_catalog_in_use_is_never_restored_over(library: Services, tmp_path: Path) -> None:
    file = keep(library, tmp_path / "b.zip")
    with pytest.raises(Exception, match="not empty"):
        restore(file, library.settings.catalog_url, library.blobs, home=library.settings.home)
    with library.catalog.reading() as transaction:
        assert transaction.passages.count() == 2


def test_a_backup_of_the_first_version_is_brought_up(library: Services, tmp_path: Path) -> None:
    file = keep(library, tmp_path / "b.zip")
    old = tmp_path / "old.sqlite"
    with zipfile.ZipFile(file) as archive:
        old.write_bytes(archive.read(CATALOG))
        facts = json.loads(archive.read("backup.json"))
    downgrade(old, "0001")
    facts["sha256"][CATALOG] = hashlib.sha256(old.read_bytes()).hexdigest()
    earlier = rewritten(rewritten(file, CATALOG, old.read_bytes()), "backup.json", json.dumps(facts).encode())
    restored = bring_back(earlier, tmp_path / "other")
    with restored.catalog.reading() as after, library.catalog.reading() as before:
        assert list(after.faults()) == []
        assert list(after.passages.live_ids()) == list(before.passages.live_ids())


def test_leftovers_of_a_killed_backup_go_with_the_next(library: Services, tmp_path: Path) -> None:
    (tmp_path / ".b.zip.part").write_bytes(b"half")
    (tmp_path / ".b.zip.catalog").mkdir()
    (tmp_path / ".b.zip.catalog" / CATALOG).write_bytes(b"a copy of the catalog")
    keep(library, tmp_path / "b.zip")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".b")] == []
