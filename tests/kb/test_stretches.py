import json

import pytest
import sqlalchemy as sa

from kb.catalog import Catalog, stretches
from kb.errors import CatalogError
from kb.model import Document
from tests.kb.catalog_fixtures import document, publish, source

WORDS = ("Rent is due on the first day.", "Keys are handed over at noon.", "Pets need a permit.")


def shown(catalog: Catalog, *passage_ids: str) -> list[Document]:
    with catalog.reading() as transaction:
        return list(transaction.stretches(transaction.passages.citations(passage_ids)).values())


def change(catalog: Catalog, column: str, value: str) -> None:
    engine = sa.create_engine(catalog.url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE documents SET {column} = :value"), {"value": value})
    engine.dispose()


def test_a_passage_is_shown_with_the_blocks_that_it_is_in_and_no_others(catalog: Catalog) -> None:
    made = document(*WORDS)
    second = publish(catalog, made, of=source())[1]
    (found,) = shown(catalog, second)
    assert found.blocks == made.blocks[1:2]
    assert (found.title, found.language, found.text) == (made.title, made.language, made.text)


def test_passages_of_one_document_and_of_several_have_their_own_blocks(catalog: Catalog) -> None:
    one, two = document(*WORDS), document(*reversed(WORDS), title="Another title")
    ids = publish(catalog, one, of=source()) + publish(catalog, two, of=source("b.txt"))
    said = [found.block_text(found.blocks[0]) for found in shown(catalog, *ids)]
    assert said == [*WORDS, *reversed(WORDS)]


def test_a_document_that_is_read_anew_is_not_shown_as_it_was(catalog: Catalog) -> None:
    (passage_id, *_) = publish(catalog, document(*WORDS), of=source())
    assert shown(catalog, passage_id)[0].title == "A title"
    publish(catalog, document(*WORDS, title="A new title"), of=source(), sha256="1" * 64)
    assert shown(catalog, passage_id)[0].title == "A new title"


def test_a_document_with_other_words_than_its_passage_is_found_to_be_damaged(catalog: Catalog) -> None:
    (passage_id, *_) = publish(catalog, document(*WORDS), of=source())
    change(catalog, "text", "Rent was due on the last day.")
    with pytest.raises(CatalogError, match="damaged"):
        shown(catalog, passage_id)


def test_blocks_that_cannot_be_read_are_said_to_be_damaged(catalog: Catalog) -> None:
    (passage_id, *_) = publish(catalog, document(*WORDS), of=source())
    change(catalog, "blocks", json.dumps([["no such kind", 0, 29, 0, "en", None]]))
    with pytest.raises(CatalogError):
        shown(catalog, passage_id)


def test_what_is_remembered_stays_within_its_bounds(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "_MOST", 600)
    ids = [publish(catalog, document(f"Rule number {n}."), of=source(f"{n}.txt"))[0] for n in range(9)]
    texts = [found.text for found in shown(catalog, *ids)]
    assert texts == [f"Rule number {n}." for n in range(9)]
    assert [found.text for found in shown(catalog, *ids)] == texts
    assert stretches._SHOWN._size <= 600


def test_the_collections_are_counted_anew_after_a_change(catalog: Catalog) -> None:
    publish(catalog, document(*WORDS), of=source())
    assert catalog.collections() == {"guides": 1}
    publish(catalog, document(*WORDS), of=source("b.txt", collection="laws"))
    assert catalog.collections() == {"guides": 1, "laws": 1}
    catalog.collections().clear()
    assert catalog.collections() == {"guides": 1, "laws": 1}
