import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from kb import ids
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
    assert "the words are not those that the receipt was made for" in check_receipt(altered)
    assert "the receipt was altered after it was made" in check_receipt(altered)


@pytest.mark.parametrize(
    "change", [{"pages": [9, 9]}, {"permalink": "/p/0123456789ab"}, {"document": {"title": "Another"}}]
)
def test_what_stands_beside_the_words_was_not_altered_either(
    receipt: dict[str, Any], change: dict[str, Any]
) -> None:
    document = {**receipt["document"], **change.pop("document", {})}
    altered = {**receipt, **change, "document": document}
    assert check_receipt(altered, TEXT.encode()) == ["the receipt was altered after it was made"]


def test_the_link_of_other_words_is_found_out_though_the_sums_are_made_anew(receipt: dict[str, Any]) -> None:
    said = "the link is not that of these words in this document"
    other = ids.passage_id(receipt["document"]["source"], "Other words.")
    assert check_receipt(summed({**receipt, "passage_id": other})) == [said]
    elsewhere = {**receipt["document"], "place": "another.txt"}
    assert check_receipt(summed({**receipt, "document": elsewhere})) == [said]


def summed(receipt: dict[str, Any]) -> dict[str, Any]:
    """Return a receipt with a sum that fits: what a forger would do."""
    said = {name: value for name, value in receipt.items() if name != "receipt_sha256"}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return {**said, "receipt_sha256": hashlib.sha256(text.encode()).hexdigest()}


def test_another_document_is_found_out(receipt: dict[str, Any]) -> None:
    assert check_receipt(receipt, b"Another.") == [
        "the document is not the one that the words were read from"
    ]


def test_words_that_the_document_does_not_hold_are_found_out(receipt: dict[str, Any]) -> None:
    words = "The hotline is closed."
    forged = {**receipt, "text": words, "text_sha256": hashlib.sha256(words.encode()).hexdigest()}
    forged = {**forged, "passage_id": ids.passage_id(receipt["document"]["source"], words)}
    assert check_receipt(summed(forged), TEXT.encode()) == ["the words do not stand in the document"]


@pytest.mark.parametrize("other", [[], "text", {}, {"receipt": 1}, {"receipt": "x", "text": ""}])
def test_what_is_no_receipt_is_refused(other: object) -> None:
    with pytest.raises(QueryError, match="not a citation receipt"):
        check_receipt(other)


def test_a_receipt_of_a_newer_format_is_refused(receipt: dict[str, Any]) -> None:
    with pytest.raises(QueryError, match="format 9"):
        check_receipt({**receipt, "receipt": 9})
