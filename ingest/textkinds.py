"""Is a text an e-mail, a table, Markdown, or a web page, or is it just text?"""

from __future__ import annotations

import csv
import re

_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script|style|link|iframe"
    r"|h[1-6]|div|font|table|p|article|section|main|ul|ol|center|base)\b[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_HTML_WHOLE = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_SVG = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!doctype\s+svg[^>]*>\s*)*<svg\b", re.I | re.S)
_XML = re.compile(r"\s*<(?:\?xml|rss|feed)\b", re.IGNORECASE)
_MARKDOWN_SIGNS: tuple[re.Pattern[str], ...] = (
    re.compile(r"^#{1,6} \S.*$", re.M),
    re.compile(r"(?<![\w*])\*\*[^\s*][^*\n]{0,200}\*\*(?![\w*])|(?<![\w_])__[^\s_][^_\n]{0,200}__(?![\w_])"),
    re.compile(r"\[[^\[\]\n]{1,200}\]\((?:https?:|mailto:|/|#|\.)[^()\s]{0,500}\)"),
    re.compile(r"<(?:https?://|mailto:)[^<>\s]{1,500}>"),
    re.compile(r"^(?:```|~~~)\w*$", re.M),
    re.compile(r"^\|?(?: *:?-{3,}:? *\|)+ *(?::?-{3,}:?)? *$", re.M),
)

# RFC 5322, 2.2: a field is a name, a colon, a value; lines that go on start with a space.
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}):(?=[ \t]|$)")
_LETTER_FIELDS = frozenset({"from", "to", "cc", "subject", "date", "sender", "reply-to"})
# Fields that programs write and people do not: a memo has From, To and Subject as well.
_PROGRAM_FIELDS = frozenset(
    {"message-id", "mime-version", "received", "return-path", "delivered-to", "dkim-signature"}
    | {"content-type", "content-transfer-encoding", "x-mailer", "x-originating-ip", "user-agent"}
)
_MOST_HEADER_LINES = 300

_SEPARATORS = "\t;,"
_NAMED_SEPARATORS = _SEPARATORS + "|"
_SAMPLE_ROWS = 60
# Rows that must have the same number of cells, and cells, where no name says that it is a table: lists in
# running text have two commas now and then, never in eight lines one after another.
_FEWEST_ROWS, _FEWEST_CELLS = 8, 3


def is_page(head: str) -> bool:
    """Return whether the text is a whole web page by how it starts."""
    return _HTML_WHOLE.match(head) is not None


def is_part_of_page(head: str, *, named: bool) -> bool:
    """Return whether the text starts as part of a web page, or is ``named`` like one and has a tag."""
    return _HTML_START.match(head) is not None or (named and _TAG.search(head) is not None)


def is_drawing(head: str) -> bool:
    """Return whether the text is an SVG drawing."""
    return _SVG.match(head) is not None


def is_xml(head: str) -> bool:
    """Return whether the text is XML of some kind."""
    return _XML.match(head) is not None


def is_message(head: str, *, named: bool) -> bool:
    """Return whether the text starts with the header of an e-mail.

    It must have a field that only programs write, unless it is ``named`` like a message.
    """
    fields: set[str] = set()
    lines = head.lstrip("\r\n").splitlines()[:_MOST_HEADER_LINES]
    if lines and lines[0].startswith(("From ", ">From ")):
        del lines[0]
    for line in lines:
        if not line.strip():
            break
        if line[0] in " \t" and fields:
            continue
        field = _FIELD.match(line)
        if field is None:
            return False
        fields.add(field.group(1).lower())
    by_program = bool(fields & _PROGRAM_FIELDS) or any(name.startswith("x-") for name in fields)
    return len(fields & _LETTER_FIELDS) >= 2 and (by_program or named)


def is_table(head: str, *, named: bool) -> bool:
    """Return whether the lines are rows of cells; less is asked of a text that is ``named`` like a table."""
    # Without the last line, which may be cut off.
    lines = [line for line in head.splitlines(keepends=True) if line.endswith(("\n", "\r"))]
    lines = [line for line in lines[:_SAMPLE_ROWS] if line.strip()]
    separators = _NAMED_SEPARATORS if named else _SEPARATORS
    return any(_is_split_by(separator, lines, named=named) for separator in separators)


def _is_split_by(separator: str, lines: list[str], *, named: bool) -> bool:
    try:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
    except csv.Error:
        return False
    most = max(counts, key=counts.count, default=0)
    share = counts.count(most) / max(len(counts), 1)
    if named:
        return most >= 2 and share >= 0.5
    return most >= _FEWEST_CELLS and len(counts) >= _FEWEST_ROWS and share == 1.0


def is_markdown(head: str) -> bool:
    """Return whether the text is written in Markdown: several headings, or two different signs of it."""
    counts = [sum(1 for _ in sign.finditer(head)) for sign in _MARKDOWN_SIGNS]
    signs = sum(count > 0 for count in counts)
    sections = len(re.findall(r"^\n?#{2,6} \S.*\n(?:\n|$)", head, re.M))
    return signs >= 2 or sections >= 2
