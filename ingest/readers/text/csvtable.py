"""How does a table in plain text, its values apart by commas or tabs, become a document? (RFC 4180)"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from ingest.mediatype import decode, decode_as
from ingest.readers.shared.compose import build
from ingest.readers.shared.sheets import Bounds, Sheet, Value, pieces_of
from ingest.readers.shared.titles import readable_name
from kb.model import Document

CSV = "text/csv"

_SEPARATORS = ",;\t|"
_STATED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_FIGURE = re.compile(
    r"[-+(]?\s?[$€£¥]?\s?\d[\d.,\s]*\s?[%€$]?\)?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]\d{1,2}:\d{2}.*)?"
    r"|true|false|-|n/?a",
    re.IGNORECASE,
)
_SAMPLE = 64 * 1024
_LONGEST_HEADER = 80


def read(content: bytes, *, name: str = "", encoding: str | None = None) -> Document:
    """Return the document in a table: each line a row under the header cells of the first.

    What sets the values apart is found by which sign cuts most lines into the same number of them. Raises
    SourceEmpty if there are no words.
    """
    text = (decode_as(content, encoding) if encoding else None) or decode(content)[0]
    text = text.removeprefix("\ufeff").replace("\x00", "")
    stated = _STATED.match(text)
    separator = stated[1] if stated else separator_of(text)
    bounds = Bounds()
    sheet = Sheet("")
    sheet.rows = bounds.taken(_values(text[stated.end() :] if stated else text, separator), "")
    if sheet.rows and _names_columns(sheet.rows[0][1]):
        sheet.heads.add(sheet.rows[0][0])
    pieces = list(pieces_of(sheet))
    titled = [readable_name(name)] if name else []
    return build(pieces, media_type=CSV, titled=titled, name=name, warnings=bounds.warnings)


def separator_of(text: str) -> str:
    """Return the sign that sets the values of a table apart; a comma where none does."""
    lines = text[:_SAMPLE].splitlines()
    sample = lines[:-1] if len(text) > _SAMPLE and len(lines) > 1 else lines
    scores = {sign: _score(sample, sign) for sign in _SEPARATORS}
    return max(_SEPARATORS, key=lambda sign: scores[sign])


def _score(lines: list[str], sign: str) -> float:
    """Return the share of lines with the commonest number of values, more for more values; 0 for one."""
    try:
        lengths = [len(row) for row in csv.reader(lines, delimiter=sign) if any(map(str.strip, row))]
    except csv.Error:
        return 0.0
    if not lengths:
        return 0.0
    common, times = Counter(lengths).most_common(1)[0]
    return 0.0 if common < 2 else times / len(lengths) + 0.01 * min(common, 20)


def _values(text: str, separator: str) -> Iterator[tuple[int, list[Value]]]:
    for at, row in enumerate(_rows(text, separator)):
        yield (
            at,
            [
                Value(value.strip(), column, figure=_FIGURE.fullmatch(value.strip()) is not None)
                for column, value in enumerate(row)
                if value.strip()
            ],
        )


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    """Yield the rows; where a quotation mark is never closed, the rest is read as if there were none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from reader
    except csv.Error:
        lines = text.splitlines()[reader.line_num :]
        yield from (line.split(separator) for line in lines)


def _names_columns(values: list[Value]) -> bool:
    """Return whether the first row names the columns: short words, none twice, no figure among them."""
    names = [value.text.casefold() for value in values]
    short = all(len(name) <= _LONGEST_HEADER for name in names)
    return len(names) > 1 and len(set(names)) == len(names) and short and not any(v.figure for v in values)
