import hashlib
from pathlib import Path
from typing import Any

import pytest

from kb.errors import QueryError
from tests.library import services_at, take_in, write
from webapp.links.receipts import check_receipt, receipt_json

TEXT = "Call the county hotline at 800-555-0100. It answers day and night."


@pytest.fixture
def receipt(tmp_path: Path) -> dict[str, Any]:
    services = services_at(tmp_path / "home")
    take_in(services, write(tmp_path / "guides", hotline=TEXT))
    with services.catalog.reading() as transaction:
        (passage_id,) = transaction.passages.live_ids()
        citation = transaction.passages.citation(passage_id)
        return receipt_json(citation, reader=transaction.documents.get(citation.document_id).reader)


def test_a_receipt_proves_its_words_and_its_document(receipt: dict[str, Any]) -> None:
    assert receipt["text"] == TEXT
    assert check_receipt(receipt) == []
    assert check_receipt(receipt, TEXT.encode()) == []


def test_words_that_were_altered_are_found_out(receipt: dict[str, Any]) -> None:
    altered = {**receipt, "text": TEXT.replace("0100", "0199")}
    assert check_receipt(altered) == ["the words are not those that the receipt was made for"]


def test_another_document_is_found_out(receipt: dict[str, Any]) -> None:
    assert check_receipt(receipt, b"Another.") == [
        "the document is not the one that the words were read from"
    ]


def test_words_that_the_document_does_not_hold_are_found_out(receipt: dict[str, Any]) -> None:
    words = "The hotline is closed."
    forged = {**receipt, "text": words, "text_sha256": hashlib.sha256(words.encode()).hexdigest()}
    assert check_receipt(forged, TEXT.encode()) == ["the words do not stand in the document"]


@pytest.mark.parametrize("other", [[], "text", {}, {"receipt": 1}, {"receipt": "x", "text": ""}])
def test_what_is_no_receipt_is_refused(other: object) -> None:
    with pytest.raises(QueryError, match="not a citation receipt"):
        check_receipt(other)


def test_a_receipt_of_a_newer_format_is_refused(receipt: dict[str, Any]) -> None:
    with pytest.raises(QueryError, match="format 9"):
        check_receipt({**receipt, "receipt": 9})
