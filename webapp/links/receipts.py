"""How does a citation prove itself to someone who does not have the library? With a receipt.

A receipt is a small JSON file: the words, where they stand, and the SHA-256 of the words and of the document
that they were read from. With the document at hand it is checked without any network or library.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from ingest.reading import InProcess, Reading
from kb import ids
from kb.errors import KBError, QueryError
from kb.model import Citation
from kb.text import normalised
from webapp.presenters import moment
from webapp.work.aside import kept_aside

FORMAT = 1


# Equal texts in one document have ids of their own; more than so many are no document but a list.
_MOST_EQUAL = 1_000


def receipt_json(citation: Citation, *, reader: str) -> dict[str, Any]:
    """Return the receipt of a citation; ``reader`` is the one that its document was read by."""
    passage = citation.passage
    receipt = {
        "receipt": FORMAT,
        "passage_id": passage.id,
        "permalink": citation.permalink,
        "text": passage.text,
        "text_sha256": _sha256(passage.text.encode()),
        "start": passage.start,
        "end": passage.end,
        "pages": list(passage.pages) if passage.pages else None,
        "page_label": passage.page_label,
        "document": {
            "title": citation.document_title,
            "source": citation.source.id,
            "uri": citation.source.uri,
            "collection": citation.source.collection,
            "place": citation.source.place,
            "media_type": citation.revision.media_type,
            "sha256": citation.revision.sha256,
            "revision": citation.revision.id,
            "fetched_at": moment(citation.revision.fetched_at),
            "reader": reader,
        },
    }
    return {**receipt, "receipt_sha256": _sum(receipt)}


def check_receipt(
    receipt: Any, document: bytes | None = None, *, reading: Reading | None = None
) -> list[str]:
    """Return what is wrong with a receipt, as sentences; with the document's bytes, that too is checked:
    it is read by ``reading``, or else in this process.

    Raises QueryError for what is no receipt of ours.
    """
    try:
        written, text = int(receipt["receipt"]), str(receipt["text"])
        sum_, of_document = str(receipt["text_sha256"]), dict(receipt["document"])
        start, end = int(receipt["start"]), int(receipt["end"])
    except (KeyError, TypeError, ValueError) as error:
        raise QueryError("this is not a citation receipt", remedy="Save the receipt anew.") from error
    if written > FORMAT:
        raise QueryError(f"the receipt has format {written}", remedy="Check it with a newer version of kb.")
    faults = []
    if receipt.get("receipt_sha256") != _sum(receipt):
        faults.append("the receipt was altered after it was made")
    if _sha256(text.encode()) != sum_:
        faults.append("the words are not those that the receipt was made for")
    elif not _is_named_after(receipt.get("passage_id"), of_document, text=text):
        faults.append("the link is not that of these words in this document")
    if document is None:
        return faults
    if _sha256(document) != of_document.get("sha256"):
        return [*faults, "the document is not the one that the words were read from"]
    try:
        read = _read(document, str(of_document.get("media_type")), reading or InProcess())
    except KBError as error:
        return [*faults, f"the document cannot be read: {error}"]
    return faults + _in_document(read, text=text, place=(start, end))


def _read(document: bytes, media_type: str, reading: Reading) -> str:
    with kept_aside(document, "", reading) as (task, blobs):
        sight = reading.read(replace(task, media_type=media_type), blobs).sight
    return sight.document.text if sight is not None else ""


def _in_document(read: str, *, text: str, place: tuple[int, int]) -> list[str]:
    """Look for the words: where they stood or, as a newer reader may have read, anywhere."""
    if read[place[0] : place[1]] == text:
        return []
    if normalised(text) in normalised(read):
        return []
    return ["the words do not stand in the document"]


def _is_named_after(passage_id: Any, facts: dict[str, Any], *, text: str) -> bool:
    """Tell whether an id is made of these words and this source, and the source's of its place."""
    source, collection, place = (str(facts.get(name)) for name in ("source", "collection", "place"))
    if source != ids.source_id(collection, place):
        return False
    # The second time counts words that differ from others in their letters only.
    made = (ids.passage_id(source, text, ordinal=n, attempt=m) for n in range(_MOST_EQUAL) for m in range(3))
    return passage_id in made


def _sum(receipt: dict[str, Any]) -> str:
    """Return the SHA-256 of all that a receipt says: it shows a change, it does not say who made it."""
    said = {name: value for name, value in receipt.items() if name != "receipt_sha256"}
    return _sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
