import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import alembic.script
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from kb.catalog import Catalog, schema, tables
from kb.catalog.tables import metadata
from kb.errors import CatalogError, CatalogNewer, SettingsError
from kb.model import Block, BlockKind, Box, Page
from tests.kb.catalog_fixtures import document, publish, source

# What the second format lacked when it was first in use.
EARLY = """
ALTER TABLE sources DROP COLUMN leased_by;
ALTER TABLE sources DROP COLUMN not_before;
ALTER TABLE revisions DROP COLUMN seal;
ALTER TABLE documents DROP COLUMN seal;
ALTER TABLE passages DROP COLUMN seal;
ALTER TABLE documents DROP COLUMN cut_into;
DELETE FROM sequences WHERE name LIKE 'rows of %';
DROP TABLE visits;
DROP INDEX ix_questions_words;
ALTER TABLE questions DROP COLUMN words;
DROP TABLE judgments;
CREATE TABLE judgments (question VARCHAR(400) NOT NULL, passage_id VARCHAR(12) NOT NULL,
  grade INTEGER NOT NULL, judged_at DATETIME NOT NULL,
  CONSTRAINT pk_judgments PRIMARY KEY (question, passage_id));
INSERT INTO judgments VALUES ('who?', 'abc', 2, '2026-01-01 00:00:00.000000');
UPDATE alembic_version SET version_num = '0002';
"""


class TestSchema:
    def test_the_migrations_make_the_tables_that_the_code_uses(self, tmp_path: Path) -> None:
        opened = Catalog.open(f"sqlite:///{tmp_path / 'c.sqlite'}")
        engine = sa.create_engine(opened._engine.url)
        opened.close()
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        engine.dispose()

    def test_the_newest_migration_is_the_one_that_the_code_expects(self) -> None:
        folder = Path(schema.__file__).parent / "migrations"
        assert alembic.script.ScriptDirectory(str(folder)).get_heads() == [schema.HEAD]

    def test_a_catalog_of_the_first_format_is_brought_up_and_keeps_its_documents(
        self, tmp_path: Path
    ) -> None:
        url = f"sqlite:///{tmp_path / 'c.sqlite'}"
        opened = Catalog.open(url)
        (passage_id,) = publish(opened, document("One."), of=source())
        opened.close()
        config = Config()
        config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
        engine = sa.create_engine(opened._engine.url)
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "0001")
        engine.dispose()

        opened = Catalog.open(url)
        with opened.reading() as transaction:
            served = transaction.passages.citation(passage_id)
            assert served.passage.text == "One."
            assert transaction.documents.get(served.document_id).document.boxes == ()
        opened.close()

    @pytest.mark.sqlite
    def test_a_catalog_of_an_early_second_format_gets_what_it_lacks(self, tmp_path: Path) -> None:
        path = tmp_path / "c.sqlite"
        opened = Catalog.open(f"sqlite:///{path}")
        (passage_id,) = publish(opened, document("One."), of=source())
        opened.close()
        with closing(sqlite3.connect(path)) as file:
            file.executescript(EARLY)

        opened = Catalog.open(f"sqlite:///{path}")
        with opened._engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        with opened.reading() as transaction:
            assert list(transaction.faults()) == []
            assert transaction.passages.citation(passage_id).passage.text == "One."
            (kept,) = transaction._connection.execute(tables.judgments.select()).all()
            assert (kept.question, kept.voter, kept.grade) == ("who?", "", 2)
        opened.close()

    @pytest.mark.sqlite
    def test_a_row_that_was_lost_before_the_catalog_was_brought_up_is_still_missed(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "c.sqlite"
        opened = Catalog.open(f"sqlite:///{path}")
        publish(opened, document("One."), of=source())
        opened.close()
        with closing(sqlite3.connect(path)) as file:
            file.executescript("DELETE FROM passages; UPDATE alembic_version SET version_num = '0002'")

        opened = Catalog.open(f"sqlite:///{path}")
        with opened.reading() as transaction:
            assert any("passages" in str(fault) for fault in transaction.faults())
        opened.close()

    def test_what_a_document_states_of_itself_is_kept(self, catalog: Catalog) -> None:
        stated = replace(
            document("One."),
            blocks=(Block(BlockKind.TABLE_ROW, 0, 4, language="en", page=1, headers=("Count",)),),
            pages=(Page(1, "iv", 612.0, 792.0),),
            boxes=(Box(0, 4, 1, 72.0, 72.0, 90.5, 84.0),),
            author="Ana Díaz",
            dated=date(2025, 3, 1),
            url="https://example.org/memo",
            particulars=(("to", "All staff"),),
            warnings=("page 2: no text layer",),
        )
        publish(catalog, stated, of=source())
        with catalog.reading() as transaction:
            document_id = transaction.sources.get(source().id).document_id
            assert document_id is not None
            kept = transaction.documents.get(document_id).document
        assert kept == replace(stated, media_type=kept.media_type)

    def test_a_catalog_of_a_newer_version_is_refused_with_a_sentence(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'c.sqlite'}"
        opened = Catalog.open(url)
        with opened.writing() as transaction:
            transaction._connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        opened.close()
        with pytest.raises(CatalogNewer, match="9999"):
            Catalog.open(url)

    @pytest.mark.parametrize("address", ["bananas", "nonesuch://host/name"])
    def test_an_address_that_leads_nowhere_is_told_as_a_setting(self, address: str) -> None:
        with pytest.raises(SettingsError) as caught:
            Catalog.open(address)
        assert "KB_DATABASE_URL" in caught.value.remedy

    def test_a_file_that_is_no_catalog_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "c.sqlite"
        path.write_bytes(b"this is not a database, whatever its name says" * 100)
        with pytest.raises(CatalogError, match="cannot be opened"):
            Catalog.open(f"sqlite:///{path}")

    @pytest.mark.sqlite
    def test_a_catalog_that_is_damaged_later_is_named_with_a_remedy(self, tmp_path: Path) -> None:
        path = tmp_path / "c.sqlite"
        opened = Catalog.open(f"sqlite:///{path}")
        publish(opened, document("One."), of=source())
        opened.close()
        content = path.read_bytes()
        path.write_bytes(content[:4096] + b"\x5a" * (len(content) - 4096))

        def count() -> int:
            damaged = Catalog.open(f"sqlite:///{path}")
            with damaged.reading() as transaction:
                return transaction.passages.count()

        with pytest.raises(CatalogError) as caught:
            count()
        assert "backup" in caught.value.remedy

    def test_its_identity_stays_the_same_when_opened_again(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'c.sqlite'}"
        first, second = Catalog.open(url), Catalog.open(url)
        assert first.id == second.id
        first.close()
        second.close()
