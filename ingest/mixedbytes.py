"""Which letters are in a text of two encodings? Files that were joined, and letters that were pasted in.

Programs of different days write into one log, list or mail: some lines come in UTF-8, others in Windows-1252.
"""

from __future__ import annotations

import codecs
import re

# Marks and accented letters of Western Europe in UTF-8: what Windows-1252 would show as “Ã©” or “â€™”.
_IN_UTF8 = re.compile(rb"(?:[\xc2\xc3][\x80-\xbf]|\xe2\x80[\x90-\xaf]|\xe2\x82\xac)+")


def letters_in_utf8(content: bytes) -> int:
    """Return how many accented letters and marks of Western Europe stand in some bytes in UTF-8."""
    return sum(len(found[0].decode("utf-8")) for found in _IN_UTF8.finditer(content))


def without_utf8(content: bytes) -> bytes:
    """Return some bytes without those letters."""
    return _IN_UTF8.sub(b"", content)


def in_utf8(content: bytes) -> str:
    """Return a text in UTF-8; a single byte that is none is taken for a letter of Windows-1252.

    What begins like a letter of several bytes and is broken off becomes U+FFFD.
    """
    return content.decode("utf-8", errors=_STRAY)


def in_windows1252(content: bytes) -> str:
    """Return a text in Windows-1252, with the letters in it that are in UTF-8."""
    pieces, at = [], 0
    for found in _IN_UTF8.finditer(content):
        pieces += [content[at : found.start()].decode("cp1252", errors="replace"), found[0].decode("utf-8")]
        at = found.end()
    return "".join([*pieces, content[at:].decode("cp1252", errors="replace")])


def _stray(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    found = error.object[error.start : error.end]
    cut = len(found) > 1 or error.end == len(error.object)
    return ("\ufffd" if cut else found.decode("cp1252", errors="replace")), error.end


_STRAY = "kb-windows-1252"
codecs.register_error(_STRAY, _stray)
