from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.readers.office import docx
from ingest.readers.opendocument import odt
from ingest.readers.shared.zipped import parsed
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.model import Document
from tests.ingest.readers import packages

WORDS = "The desk answers at any hour."


@pytest.mark.parametrize(
    ("read", "content"),
    [
        (docx.read, packages.docx("<w:sdt>" * 300 + packages.p(WORDS) + "</w:sdt>" * 300)),
        (
            odt.read,
            packages.odf("<text:section>" * 300 + f"<text:p>{WORDS}</text:p>" + "</text:section>" * 300),
        ),
    ],
    ids=["docx", "odt"],
)
def test_what_nests_too_deeply_is_refused_by_name_and_not_read_as_empty(
    read: Callable[..., Document], content: bytes
) -> None:
    with pytest.raises(SourceTooLarge, match="more than 256 deep"):
        read(content)


def test_a_piece_of_text_without_end_is_refused_by_name() -> None:
    with pytest.raises(SourceTooLarge, match="more than 10 MB in one piece"):
        parsed(b"<a>" + b"x" * 11_000_000 + b"</a>", "a part")


def test_what_is_broken_is_mended_where_that_is_asked_for() -> None:
    assert parsed(b"<a><b>words</a>", "a part")[0].text == "words"
    with pytest.raises(SourceUnreadable, match="not XML"):
        parsed(b"<a><b>words</a>", "a part", mend=False)
